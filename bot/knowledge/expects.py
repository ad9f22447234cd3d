"""Whether an answer can hold what a question asks for: an amount of money, a percentage, a number, a moment, names.

An item on the right subject that has no such thing in it does not answer the question, however
near it is: who asks what something cost is not helped by what it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.denials import without_denials
from bot.knowledge.stems import stems
from bot.language.sentences import split_sentences
from bot.language.text import fold, words

_NUMBER_WORDS = (
    "twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|twintig|dertig|veertig|vijftig|zestig|"
    r"honderd|duizend|verdubbel\w*|half|helft|kwart|derde|beide|alle|iedere|elke|geen|niemand|nul"
)
_MONEY = (
    r"kost(?:en|te|ten)?|geld|euro'?s?|budget|bedrag(?:en)?|betaal(?:t|d|de|den)?|subsidie|mln|miljoen|miljard|prijs"
    r"|uitgegeven|besteed"
)
_WOMEN = r"\b(?:vrouw\w*|meisjes?|meid(?:en)?|dames)\b"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ANY_TIME = frozenset({"2013", "2020"})
"""The years in the name and the date of the agreement, which people name without meaning them."""


@dataclass(frozen=True)
class _Want:
    """A kind of thing that questions ask for, by its words, and how it looks in an answer."""

    asked: re.Pattern[str]
    given: re.Pattern[str]
    years_count: bool = False


_WANTS = (
    _Want(
        re.compile(r"\b(?:hoeveel|welke?) (?:procent|percentage)\b|\bhoeveel %"),
        re.compile(r"%|procent|percentage|helft|kwart"),
    ),
    _Want(
        re.compile(rf"\b(?:wat|hoeveel)\b(?: \S+){{0,4}} (?:{_MONEY})\b|(?<!van )(?<!uit )\bwelk (?:bedrag|budget)\b"),
        re.compile(
            r"€|\beuro\b|miljoen|miljard|\bgratis\b|\bbudget\b|\bgeld\b|\bkost(?:en)?\b|betaal|vergoed|subsidie"
        ),
    ),
    _Want(
        re.compile(r"\bhoe ?(?:veel|vaak|groot)\b"),
        re.compile(rf"\d|\b(?:{_NUMBER_WORDS})(?:maal)?\b"),
    ),
    _Want(
        re.compile(r"\bhoe ?vee?l (?:mensen|personen|medewerkers|man|fte) werk(?:en|ten)\b"),
        re.compile(rf"(?:\d|\b(?:{_NUMBER_WORDS})) (?:\w+ )?(?:mensen|personen|medewerkers|werknemers|fte|banen)\b"),
    ),
    _Want(
        re.compile(r"\bhoe ?oud\b|\bleeftijd\b|\bgeboren\b|\bgeboorte"),
        re.compile(r"\bjaar\b|\bleeftijd|\bgeboren\b|\boud(?:er|ere)?\b"),
    ),
    _Want(
        re.compile(r"\btelefoonnummer\b|\b(?:wie|waar|kan ik|moet ik|nummer)\b[^.?!]*\bbel(?:len)?\b"),
        re.compile(r"\d[\d -]{6,}|\b1\d\d\b"),
    ),
    _Want(
        re.compile(rf"\b(?:hoe ?vee?l|percentage|procent|(?:aan)?deel|aantal)\b.*{_WOMEN}"),
        re.compile(_WOMEN),
    ),
    _Want(
        re.compile(r"\bwie leid(?:t|de|den)\b(?!.*\bop\b)"),
        re.compile(r"\bleid(?:t|de|den|ing)\b|\bvoorzit|\btrekker"),
    ),
    _Want(
        re.compile(r"\b(?:waar|op welk adres) woon[td]?|\bgetrouwd\b|\b(?:heeft|had) \S+ (?:\S+ )?kinderen\b"),
        re.compile(r"\bwoon|\bgetrouwd\b|\bkinderen\b"),
    ),
    _Want(
        re.compile(r"\b(?:wat|hoe ?vee?l)\b[^.?!]*\bverdien(?:t|en|de)?\b|\bsalaris"),
        re.compile(r"€|\beuro\b|salaris|loon|vergoed"),
    ),
    _Want(
        re.compile(r"\bwanneer\b|\b(?:in )?welk jaar\b|\bhoe ?lang\b"),
        re.compile(r"\d|\bnog (?:niet|steeds)|altijd|jaarlijks|\b(?:jaar|maand|week|zomer|najaar)"),
        years_count=True,
    ),
)
_DETAIL = re.compile(
    r"\bwie (?:is|was|zijn|waren|wordt|werd) (?:nu |toen |dan |de |het |een )*"
    r"(directeur|penvoerder|projectleider|programmamanager|oprichter|secretaris|wethouder|gedeputeerde|burgemeester|rector"
    r"|woordvoerder|topman|eigenaar)s?\b"
    r"|\b(?:welke?|wat (?:is|was|waren)|hoe ?vee?l|hoe hoog (?:is|was)) (?:de |het )?"
    r"(kvk|btw|postcode|postbus|huisnummer|rekeningnummer|zaal|hotel|spreker|bezoeker|workshop|begroting|omzet)"
)
"""Details that are only answered by an answer which has the same word."""
_IS_IT_STILL_THERE = re.compile(r"\bbesta(?:at|an)\b|\b(?:is|zijn|loopt|lopen|draait)\b.*\bnog\b")
_COUNTED = re.compile(r"\b(?:hoe ?veel|hoeve+l|aantal(?:len)?(?: van)?)\b((?: [^\s?.,]+){1,3})")
_A_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b")
_MODIFIERS = frozenset("extra nieuwe meer minder andere van die deze de er zo'n technische".split())
_UNCOUNTED = frozenset(
    "mensen personen man euro euros geld subsidie miljoen miljard mln procent percent jaar jaren jr keer maal dagen "
    "weken maanden uur stuks stuk per voor kost kosten kostte krijg krijgt krijgen kreeg kregen bedraagt gaf gaat "
    "ging gingen stak staken trok zat zit zitten had heeft hebben hadden moet moest moesten mag kan kon wil wilde "
    "wilden was waren is zijn wordt werd werden komt komen kwam kwamen deed doet beloofde beloofden betaalt "
    "betaalde verdien verdient verdienen je ik we wij jij hun in uit op er max maximaal minimaal ongeveer".split()
)
"""Words that, right after "hoeveel", show that it asks for an amount, a time or people and counts no named thing."""
_NOW = re.compile(
    r"\b(?:nu|nou|momenteel|tegenwoordig|vandaag|dit (?:school|studie)?jaar|deze maand|op dit moment|afgelopen|komende?"
    r"|volgend jaar|202[5-9])\b"
)
_NAMES_ASKED = re.compile(r"\b(?:welke|hoe heten|wie zijn|namen van|op welke)\b((?: \S+){1,4})")
_PLACES_ASKED = re.compile(r"\bwelke (?:\w+ )?(?:plaats(?:en)?|stad|steden|gemeenten?|dorp(?:en)?)\b")
_NOT_GIVEN = re.compile(
    r"\bgeen (?:\w+ )?(?:namen|naam|plaats(?:en|namen)?)\b|\bniet (?:welke|wie|waar)\b|\bnamen\b.*\bniet\b"
)


def asks_for_place(question: str) -> bool:
    """Tell whether a question asks in which towns something is."""
    return bool(_PLACES_ASKED.search(fold(question)))


def is_about_years(question: str, answer: str) -> bool:
    """Tell whether an answer has something of the years that a question names; "of 2027 we know nothing" is nothing.

    The years of a story around the question do not count, nor those in "does it still exist in 2026": to
    that the last that is known is an answer.
    """
    asking = [part for part in split_sentences(question) if part.endswith("?")] or [question]
    if _IS_IT_STILL_THERE.search(fold(" ".join(asking))):
        return True
    asked = set(_YEAR.findall(" ".join(asking))) - _ANY_TIME
    return not asked or bool(asked & set(_YEAR.findall(without_denials(answer))))


def can_answer(question: str, answers: Iterable[str]) -> bool:
    """Tell whether one of the answers has the kind of thing that the question asks for."""
    asked = fold(question)
    given = fold(" ".join(answers))
    numbers = _YEAR.sub(" ", given)
    wanted = [want for want in _WANTS if want.asked.search(asked)]
    present = all(want.given.search(given if want.years_count else numbers) for want in wanted)
    detail = _DETAIL.search(asked)
    known = not detail or (detail[1] or detail[2]) in given
    return present and known and not _says_names_are_missing(asked, given)


def counts_things(question: str) -> bool:
    """Tell whether a question asks how many there are of something that it names: "hoeveel pabo's"."""
    return bool(_counted(question))


def counts_what_is_asked(question: str, answer: str) -> bool:
    """Tell whether some sentence of an answer has a number of what the question counts."""
    counted = set(stems(word.replace("'", "") for word in _counted(question) if len(word) > 2))
    if not counted:
        return True
    with_number = (part for part in re.split(r"[.\n;]\s", fold(answer)) if _A_NUMBER.search(part))
    return any(counted & set(stems(words(part.replace("'", "")))) for part in with_number)


def _counted(question: str) -> list[str]:
    """Return the words that say what a question counts; none when it asks for an amount, a time or just people."""
    match = _COUNTED.search(fold(question))
    after = [word for word in words(match[1]) if word not in _MODIFIERS] if match else []
    return [] if after and after[0] in _UNCOUNTED else after


def asks_for_now(question: str) -> bool:
    """Tell whether a question is about today, which a document of 2013 cannot know."""
    return bool(_NOW.search(fold(question)))


def _says_names_are_missing(asked: str, given: str) -> bool:
    """Tell whether the question asks which ones, and the answer says that the source does not name those."""
    match = _NAMES_ASKED.search(asked)
    if not match:
        return False
    which = {word for word in stems(words(match[1])) if len(word) > 3}
    denials = [sentence for sentence in re.split(r"[.\n]", given) if _NOT_GIVEN.search(sentence)]
    return any(which & set(stems(words(sentence))) for sentence in denials)
