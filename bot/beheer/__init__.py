"""The staff application: keep the knowledge true, without a developer."""
