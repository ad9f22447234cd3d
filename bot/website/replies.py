"""The few replies that the gateway gives itself, in the form that every channel knows."""

from typing import Any

FALLBACK = {"kind": "fallback", "items": [], "sources": [], "links": []}

EMPTY = "Ik zie geen vraag in je bericht. Typ je vraag in woorden, dan zoek ik het antwoord."
TOO_LONG = "Je bericht is te lang voor mij: hooguit {limit} tekens. Stel je vraag in een paar zinnen."
NO_REPLY = "Er ging iets mis, en dat ligt aan mij. Stel je vraag over een minuut nog eens."
MASKED = (
    "Ik heb persoonlijke gegevens uit je bericht weggehaald; ze zijn niet bewaard. Je hoeft die hier nooit te geven."
)


def own_reply(sender: str, text: str) -> list[dict[str, Any]]:
    """Return a reply of one text, with the `custom` object that ends every reply."""
    return [{"recipient_id": sender, "text": text}, {"recipient_id": sender, "custom": dict(FALLBACK)}]
