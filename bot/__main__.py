"""`python -m bot` is `techniekpact`."""

from bot.cli import app

app()
