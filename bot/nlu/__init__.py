"""Rasa graph components: the only code that runs inside Rasa.

They import nothing of the house but `bot.places` and `bot.language`, which are plain Python.
"""
