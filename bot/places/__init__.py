"""From any Dutch place name, in any spelling, to its province and landsdeel. Plain Python, no Rasa."""

from bot.places.gazetteer import Gazetteer, Mention, Place, asks_where
from bot.places.load import load_gazetteer

__all__ = ["Gazetteer", "Mention", "Place", "asks_where", "load_gazetteer"]
