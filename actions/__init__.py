"""Rasa custom actions: thin. They read slots, ask `bot.knowledge` and word the reply."""
