"""The gateway: the one public door. Masks personal data, keeps limits, passes messages on to Rasa."""
