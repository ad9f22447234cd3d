"""Personal data, taken out of a message before anything keeps, logs or repeats it."""

import re
from collections.abc import Callable

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

Found = re.Match[str]

# ---- what is written so that it can be called --------------------------------------------------------------------
_DOT = r"(?:\.|\s\.\s|\s?[(\[]\s?(?:dot|punt)\s?[)\]]\s?|\s(?:dot|punt)\s)"
_AT = r"(?:\s?[(\[{<]\s?(?:at|@|apenstaart(?:je)?)\s?[)\]}>]\s?|\sapenstaart(?:je)?\s)"
_LOCAL = r"(?:[\w+%-]+\s(?:dot|punt)\s)?[\w.+%-]+"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:@[\w-]+(?:{_DOT}[\w-]+)*|(?:\s?@\s?|{_AT}|\sat\s)[\w-]+(?:{_DOT}[\w-]+)+)",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?<!\d)06[\s./-]{0,3}\d(?:[\s.-]{0,2}\d){6,7}(?!\d)")
_CALLED_PHONE = re.compile(
    r"(\b(?:tel(?:efoon)?(?:nummer)?|mobiel(?:e\s(?:nummer|telefoon))?|gsm|whatsapp|(?:bel|app)(?:\sme)?(?:\sop)?)\b"
    r"\W{0,3}(?:(?:is|nr|nummer|:)\W{0,2}){0,2})(?!0800|0900)\+?\d(?:[ ./-]{0,2}\d){6,12}(?!\d)",
    re.IGNORECASE,
)

# ---- numbers that stand for a person -------------------------------------------------------------------------------
_IBAN = re.compile(r"\b[A-Z]{2}\s?\d{2}(?:[\s.-]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
# Typed wrong, it is still somebody's.
_DUTCH_IBAN = re.compile(r"\bNL\s?\d{2}\s?[A-Z]{4}(?:[\s.-]?\d){10}(?!\d)", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"(?<!\d)(?<!€)(?<!€ )\d(?:[ .-]?\d){8}(?!\d)(?!\s*euro)")
_IS = r"\W{0,3}(?:(?:is|nr|nummer|:)\W{0,2}){0,3}"
_CALLED_BSN = re.compile(
    rf"((?:bsn|burger\s?service\s?nummer|sofi\s?nummer)\w*{_IS})\d(?:[ .-]?\d){{5,9}}", re.IGNORECASE
)
_CALLED_ACCOUNT = re.compile(
    rf"(\b(?:iban|(?:bank)?rekening(?:\s?nummer)?){_IS})(?=(?:\W?\w){{0,6}}\W?\d)[A-Z]{{0,2}}(?:[\s.-]?\d){{2,}}(?:[\s.-]?[A-Z]{{4}})?"
    r"(?:[\s.-]?\d){6,}(?!\d)",
    re.IGNORECASE,
)
_CALLED_NUMBER = re.compile(
    r"(\b(?:(?:leerling|student(?:en)?|klant|relatie|polis|personeels|cli[eë]nt)[\s-]?(?:nummer|nr)"
    rf"|(?:paspoort|rijbewijs|identiteitskaart)(?:[\s-]?nummer)?)\b{_IS})(?=\w*\d{{4}})[a-z]{{0,3}}\w{{4,12}}"
    rf"|(\bkenteken{_IS})(?=[\w-]*\d)[a-z0-9]{{1,3}}-?[a-z0-9]{{2,3}}-?[a-z0-9]{{1,3}}\b",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*"
_BIRTH = re.compile(
    r"(\b(?:geboren(?:\sop)?|geboorte\s?datum|geb(?:\.|\b)(?:\s?datum)?|verjaar\sop)\W{0,3}(?:is\s)?)"
    rf"(?:\d{{1,2}}[-/. ](?:\d{{1,2}}|{_MONTH})[-/. ]+\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})\b",
    re.IGNORECASE,
)

# ---- names ---------------------------------------------------------------------------------------------------------
_PREFIX = r"(?:van|von|de|der|den|ter|ten|te|el|al|la|le|da|dos|bin|ben|ibn|'t)\s"
_NO_NAME = (
    r"(?:niet|geen|je|u|jullie|het|de|een|dat|die|wat|welkom|geheim|nodig|bekend|belangrijk|privé|nergens|en|ik)\b"
)
_NAME = re.compile(
    r"(\b(?:ik\sheet|(?:mijn|m'n)\s(?:volledige\s|voor|achter)?naam\sis)\s)"
    rf"(?!{_NO_NAME})[^\W\d_][\w'-]*"
    # Then what has a capital, follows a prefix, or ends the sentence with a name of two words.
    rf"(?:\s(?:(?-i:{_PREFIX})+(?!{_NO_NAME})[^\W\d_][\w'-]*|(?-i:[A-Z][\w'-]+)))*"
    rf"(?:\s(?!{_NO_NAME})[^\W\d_][\w'-]*(?=$|[.,;!?]|\sen\s))?",
    re.IGNORECASE,
)

# ---- addresses -----------------------------------------------------------------------------------------------------
_HOUSE = r"\d{1,5}(?:\s?[a-z]\b|-\s?\d{1,4}|\s?bis)?"
_HOUSE_NUMBER = rf"(?:(?:huis)?(?:nr|nummer)\.?\s*)?{_HOUSE}"
_YEAR = r"(?:19|20)\d\d"
# "2013 EN 2016", "2025 NL": a year before a word, unless a house number follows.
_YEAR_AND_WORD = rf"{_YEAR}\s(?:EN|OF|TE|IN|OP|IS|DE|NL|EU|UM|AL|ZO|WE|JE|ER|OM|MW)\b(?!\s*,?\s*\d{{1,3}}(?![\d.,]))"
# Small letters after a space are more often a word ("in 2018 de …") than the end of a postcode.
_POSTCODE = rf"(?-i:(?!{_YEAR_AND_WORD}))[1-9]\d{{3}}(?:\s?(?-i:(?!SA|SD|SS)[A-Z]{{2}})|(?!sa|sd|ss)[a-z]{{2}})\b"
# There are ways to learn too ("leerpad 3", "leerweg 2"), and words by themselves ("op weg 3 banen").
_WAY = r"(?!leer|loopbaan|groei|tijd|route|studie|ontwikkel|onderwijs|carrière|snel|half|onder|uit|om)[a-zà-ÿ'’.-]{2,}"
_STREET = (
    rf"(?:[a-zà-ÿ'’.-]+(?:straat|laan|kade|gracht|singel|steeg|dreef|plantsoen|wal|voorhout|str\.)"
    rf"|{_WAY}(?:plein|weg|dijk|hof|pad))"
    rf"\s+(?!{_YEAR}\b){_HOUSE}"
)
_ADDRESS = re.compile(
    rf"(?:\b{_STREET}(?:\s*,?\s*(?:in\s+|te\s+)?\b{_POSTCODE})?)"
    r"|(?:(?<=postcode )[1-9]\d{3} [a-z]{2}\b)"
    rf"|(?:\b{_POSTCODE}"
    rf"(?:\s*,?\s*(?:(?:met|en|op)\s+)?{_HOUSE_NUMBER}(?![\d.,]*\s*(?:euro|jaar|km|uur|procent|%)))?)",
    re.IGNORECASE,
)
_LIVING = re.compile(
    r"(\b(?:ik\swoon|wonend|woonachtig|mijn\sadres\sis|adres:)\s(?:(?:op|aan|in|te)\s)?(?:(?:de|het|den)\s)?)"
    r"(?!al\b|met\b|sinds\b|vanaf\b|tot\b|rond\b|groep\b|regio\b)[^\W\d_][\w'.-]*(?:\s(?!en\b|ben\b)[^\W\d_][\w'.-]*){0,3}"
    rf"\s(?!{_YEAR}\b){_HOUSE}(?=$|[.,;!?]|\s(?:in|te|en|\d{{4}})\b)",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """Return the text with `[bsn]`, `[telefoonnummer]` and so on where personal data stood.

    A number counts as BSN when it passes the eleven test or is called one; as a phone number when the Dutch numbering
    plan has it, it begins with 06 or is called one; as an account number when its check digits are right, or when it
    looks like a Dutch one or is called one. A name counts when it is introduced ("ik heet …"), a date when somebody was
    born on it.
    """
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    text = _ADDRESS.sub("[adres]", _mask_phones(text))
    return _LIVING.sub(_after("[adres]"), text)


def _mask_iban(found: Found) -> str:
    # The pattern may run on into the next word: find the longest beginning that is an account number.
    text = found.group()
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and iban.is_valid(text[:end], check_country=False):
            return "[rekeningnummer]" + text[end:]
    return text


def _mask_bsn(found: Found) -> str:
    return "[bsn]" if bsn.is_valid(found.group()) else found.group()


def _after(mark: str) -> Callable[[Found], str]:
    """Return what keeps the words that announce something, and puts a mark in its place."""
    return lambda found: next(filter(None, found.groups()), "") + mark


def _mask_phones(text: str) -> str:
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, "NL"))):
        # The emergency and help lines are not anybody's number.
        if phonenumbers.number_type(match.number) != phonenumbers.PhoneNumberType.TOLL_FREE:
            text = f"{text[: match.start]}[telefoonnummer]{text[match.end :]}"
    return text


_STEPS: tuple[tuple[re.Pattern[str], str | Callable[[Found], str]], ...] = (
    (_EMAIL, "[e-mailadres]"),
    (_IBAN, _mask_iban),
    (_DUTCH_IBAN, "[rekeningnummer]"),
    (_CALLED_ACCOUNT, _after("[rekeningnummer]")),
    (_BIRTH, _after("[geboortedatum]")),
    (_CALLED_BSN, _after("[bsn]")),
    (_CALLED_NUMBER, _after("[nummer]")),
    (_NINE_DIGITS, _mask_bsn),
    (_CALLED_PHONE, _after("[telefoonnummer]")),
    (_MOBILE, "[telefoonnummer]"),
    (_NAME, _after("[naam]")),
)
