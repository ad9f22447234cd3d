"""The Techniekpact-assistent."""
