"""Amounts, percentages and large numbers in a text, in whatever way they are written."""

import re

from text_to_num import alpha2digit

_MILLION = re.compile(r"\b(?:miljoen|mln)\b\.?", re.IGNORECASE)
_BILLION = re.compile(r"\b(?:miljard|mld)\b\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_DECIMALS = re.compile(r"(?<=\d),(?=\d)")
_QUANTITY = re.compile(
    r"(?:€\s*|\beuro\s+)?(\d+(?:komma\d+)?)\s*(mln|mld|%|procent|percent|euro)(?:\s+euro)?(?!\w)", re.IGNORECASE
)
_EURO = re.compile(r"€\s*(\d+)")
_UNITS = {"%": "procent", "percent": "procent"}


def join_quantities(text: str) -> str:
    """Return the text with every quantity as one word: `€ 22,3 mln.` and `22,3 miljoen euro` are `22komma3mln`.

    Number words become digits, so that "drieduizend scholen" and "3.000 scholen" share a word.
    """
    text = _BILLION.sub("mld", _MILLION.sub("mln", text))
    text = alpha2digit(text, "nl")  # after the millions: it would write "100 miljoen" as two numbers
    text = _DECIMALS.sub("komma", _THOUSANDS.sub("", text))
    text = _QUANTITY.sub(lambda match: match[1] + _UNITS.get(match[2].lower(), match[2].lower()), text)
    return _EURO.sub(r"\1euro", text)
