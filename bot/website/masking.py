"""Personal data, taken out of a message before anything keeps, logs or repeats it."""

import re

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

_EMAIL = re.compile(r"[\w.+%-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\s?\d{2}(?:[\s.-]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"(?<!\d)(?<!€)(?<!€ )\d(?:[ .-]?\d){7,8}(?!\d)(?!\s*euro)")
_CALLED_BSN = re.compile(
    r"((?:bsn|burger\s?service\s?nummer|sofi\s?nummer)\w*\W{0,3}(?:(?:is|nr|nummer|:)\W{0,2}){0,3})\d(?:[ .-]?\d){5,9}",
    re.IGNORECASE,
)
# Small letters after a space are more often a word ("in 2018 de …") than the end of a postcode.
_POSTCODE = r"[1-9]\d{3}(?:\s?(?-i:(?!SA|SD|SS)[A-Z]{2})|(?!sa|sd|ss)[a-z]{2})\b"
_HOUSE_NUMBER = r"(?:(?:huis)?(?:nr|nummer)\.?\s*)?\d{1,5}(?:\s?[a-z]\b|-\s?\d{1,4}|\s?bis)?"
_STREET = (
    r"[a-zà-ÿ'’.-]*(?:straat|laan|plein|kade|gracht|singel|steeg|dreef|weg|dijk|hof|pad|plantsoen|str\.)"
    r"\s+\d{1,5}(?:\s?[a-z]\b|-\s?\d{1,4}|\s?bis)?"
)
_ADDRESS = re.compile(
    rf"(?:\b{_STREET}(?:\s*,?\s*(?:in\s+|te\s+)?\b{_POSTCODE})?)"
    rf"|(?:(?<=postcode )[1-9]\d{{3}} [a-z]{{2}}\b)"
    rf"|(?:\b{_POSTCODE}(?:\s*,?\s*(?:(?:met|en|op)\s+)?{_HOUSE_NUMBER}(?![\d.,]*\s*(?:euro|jaar|km|uur|procent|%)))?)",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """Return the text with `[bsn]`, `[telefoonnummer]` and so on where personal data stood.

    A number counts as BSN when it passes the eleven test or is called one; as a phone number when
    the Dutch numbering plan has it; as an account number when its check digits are right.
    """
    text = _EMAIL.sub("[e-mailadres]", text)
    text = _IBAN.sub(lambda match: _mask_iban(match.group()), text)
    text = _CALLED_BSN.sub(r"\1[bsn]", text)
    text = _NINE_DIGITS.sub(lambda match: "[bsn]" if bsn.is_valid(match.group()) else match.group(), text)
    text = _mask_phones(text)
    return _ADDRESS.sub("[adres]", text)


def _mask_iban(found: str) -> str:
    # The pattern may run on into the next word: find the longest beginning that is an account number.
    for end in range(len(found), 14, -1):
        if found[end - 1].isalnum() and iban.is_valid(found[:end]):
            return "[rekeningnummer]" + found[end:]
    return found


def _mask_phones(text: str) -> str:
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, "NL"))):
        # The emergency and help lines are not anybody's number.
        if phonenumbers.number_type(match.number) != phonenumbers.PhoneNumberType.TOLL_FREE:
            text = f"{text[: match.start]}[telefoonnummer]{text[match.end :]}"
    return text
