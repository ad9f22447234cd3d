"""Every Dutch place, municipality, province and streek, and how they occur in a text.

Statistical name recognition finds next to no lower-case Dutch place names, so names are matched
against the list of CBS. The price is that some two hundred of them are ordinary words too
("best", "echt"): those need a hint that a place is meant.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.dictionary import is_word
from bot.language.text import FUNCTION_WORDS, fold

Kind = Literal["gemeente", "plaats", "provincie", "streek", "landsdeel", "buitenland"]

# A name that is several things at once counts as the first of these.
_KIND_ORDER: tuple[Kind, ...] = ("gemeente", "plaats", "provincie", "streek", "landsdeel", "buitenland")

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_QUALIFIER_PROVINCE = {
    "L": "Limburg", "NH": "Noord-Holland", "ZH": "Zuid-Holland", "O": "Overijssel",
    "Z": "Zeeland", "NB": "Noord-Brabant", "GLD": "Gelderland", "U": "Utrecht", "GN": "Groningen",
}  # fmt: skip

_BEFORE_PLACE = frozenset(
    "in te uit bij naar vanuit nabij rond rondom omgeving gemeente regio provincie dorp stad plaats buurt "
    "woonplaats landsdeel eiland richting streek".split()
)
# "in heel Nederland" names no village.
_AMOUNTS = frozenset({"heel"})
# Weaker: a preposition that stands before a place as often as before anything else.
_MAYBE_BEFORE_PLACE = _BEFORE_PLACE | frozenset("voor van ik bedoel niet nee tussen over".split())
_AFTER_PLACE = frozenset(
    "en of maar dan wat waar welk welke wie hoe is zijn ik we wij wonen woon die dat daar hier toch he "
    "graag zoek wil moet mag kan heb bij met om aub".split()
)
# Words of a question that asks where a place belongs: in it an unknown word is likely a misspelt name.
_ASKS_WHERE = frozenset(
    "landsdeel landsdelen regio regios deel streek hoor hoort horen val valt vallen lig ligt woon wonen "
    "woont techniekregio techniekpactregio werkgebied gebied woonplaats".split()
)
_ASKS_WHERE_STRONG = frozenset(
    "landsdeel landsdelen regio techniekregio techniekpactregio werkgebied hoor hoort horen val valt vallen".split()
)
_LEADS_TO_PLACE = re.compile(
    r"(?:\b(?:in|te|uit|bij|naar|vanuit|nabij|rond|rondom|omgeving|gemeente|regio|provincie|voor|de|buurt|van|woon|wonen|woont|en)\s+)+$",
    re.IGNORECASE,
)
_BEFORE_SUBJECT = frozenset("is zijn hoort valt ligt val hoor".split())
_LANDSDEEL_HINT = frozenset("landsdeel landsdelen regio regios in voor naar van en".split())
_FUZZY_MIN_LENGTH = 5
_BARE_MIN_LENGTH = 5
_MAX_NAME_TOKENS = 6
_RECENT_TEXTS = 16
"""Of so many texts it is remembered what places they name: a message is looked at from several sides."""


@dataclass(frozen=True)
class Place:
    """A name on the map. `landsdelen` are ids; empty when the place lies abroad."""

    name: str
    kind: Kind
    landsdelen: tuple[str, ...]
    provincie: str | None = None
    gemeente: str | None = None
    streken: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name, told apart from its namesakes: `Bergen (Limburg)`."""
        return f"{self.name} ({self.provincie})" if self.provincie and self.kind != "provincie" else self.name


@dataclass(frozen=True)
class Mention:
    """A place name in a text, with all the places that it can mean."""

    start: int
    end: int
    text: str
    places: tuple[Place, ...]

    @property
    def landsdelen(self) -> tuple[str, ...]:
        """The landsdelen that the name can mean, without repeats, in the order of the places."""
        return tuple(dict.fromkeys(landsdeel for place in self.places for landsdeel in place.landsdelen))

    @property
    def value(self) -> str:
        """What `Gazetteer.lookup` brings back to these same places."""
        best = self.places[0]
        same_name = all(fold(place.name) == fold(best.name) for place in self.places)
        return best.name if len(self.places) > 1 and same_name else best.label


@dataclass(frozen=True)
class _Token:
    folded: str
    start: int
    end: int
    capital: bool


@dataclass(frozen=True)
class _Span:
    """Some tokens of a text that may be a name, with what stands around them."""

    all_tokens: list[_Token]
    position: int
    length: int

    @property
    def tokens(self) -> list[_Token]:
        return self.all_tokens[self.position : self.position + self.length]

    @cached_property
    def key(self) -> str:
        return " ".join(token.folded for token in self.tokens)

    @property
    def before(self) -> str:
        return self.all_tokens[self.position - 1].folded if self.position else ""

    @property
    def after(self) -> str:
        end = self.position + self.length
        return self.all_tokens[end].folded if end < len(self.all_tokens) else ""

    @property
    def capital(self) -> bool:
        """Whether it has a capital that no start of a sentence explains."""
        previous = self.all_tokens[self.position - 1] if self.position else None
        return previous is not None and self.tokens[0].capital and not previous.capital

    @property
    def is_all(self) -> bool:
        return self.length == len(self.all_tokens)


class Gazetteer:
    """Finds places by name and names in a text."""

    def __init__(
        self,
        places: Iterable[Place],
        aliases: Mapping[str, str],
        ordinary_words: Iterable[str],
        never: Iterable[str] = (),
    ) -> None:
        self._index: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            for spelling in _spellings(place):
                if place not in self._index[spelling]:
                    self._index[spelling].append(place)
        for alias, name in aliases.items():
            self._index[_key(alias)] = list(self._index.get(_key(name)) or [])
        self._never = {_key(name) for name in never}
        for name in self._never:
            self._index.pop(name, None)
        self._ordinary = {_key(word) for word in ordinary_words}
        self._landsdeel_names = {
            spelling for spelling, found in self._index.items() if {p.kind for p in found} == {"landsdeel"}
        }
        self._index = {key: self._most_telling(found) for key, found in self._index.items() if found}
        self._joined = {key.replace(" ", ""): key for key in self._index if " " in key}
        joined_names = [key.replace(" ", "") for key in self._index]
        self._beginnings = {name[:end] for name in joined_names for end in range(1, len(name) + 1)}
        self._fuzzy_names: dict[str, list[str]] = defaultdict(list)
        for key in self._index:
            if len(key) >= _FUZZY_MIN_LENGTH:
                self._fuzzy_names[key[0]].append(key)
        self._recent = lru_cache(_RECENT_TEXTS)(self._find)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """Return the places of exactly this name, the most telling first; empty when there are none."""
        key = _key(name)
        key = key if key in self._index else self._joined.get(key.replace(" ", ""), key)
        return tuple(self._index.get(key, ()))

    def nearest(self, name: str) -> tuple[Place, ...]:
        """Return the places of the name that this one is most likely a misspelling of, if any."""
        exact = self.lookup(name)
        if exact:
            return exact
        key = _key(name)
        if len(key) < _FUZZY_MIN_LENGTH:
            return ()
        allowed = 1 if len(key) < 7 else 2
        # A misspelt name keeps its first letter nearly always.
        names = self._fuzzy_names.get(key[0], ())
        hits = process.extract(key, names, scorer=OSA.distance, score_cutoff=allowed, limit=20, processor=None)
        if not hits:
            return ()
        nearest = min(distance for _, distance, _ in hits)
        names = [hit for hit, distance, _ in hits if distance == nearest]
        # Several names as near: the largest kind wins (a municipality over a hamlet).
        names.sort(key=lambda hit: _KIND_ORDER.index(self._index[hit][0].kind))
        return tuple(self._index[names[0]])

    def find(self, text: str) -> list[Mention]:
        """Return the places that a text names, in order, ambiguous ones narrowed by the others."""
        return list(self._recent(text))

    def _find(self, text: str) -> tuple[Mention, ...]:
        return tuple(_narrow(list(self._mentions(text, _tokens(text)))))

    def mask(self, text: str, name: str = "Amersfoort") -> str:
        """Return the text with one and the same name for all towns and provinces.

        What is learnt from "stage in Goes" then holds for every other place. An existing name
        keeps the sentence one that a language model has seen.
        """
        for mention in reversed(self.find(text)):
            if mention.places[0].kind in ("gemeente", "plaats", "provincie"):
                text = f"{text[: mention.start]}{name}{text[mention.end :]}"
        return text

    def drop(self, text: str) -> str:
        """Return the text without towns and provinces and the words that lead to them: "stage in Goes" → "stage"."""
        for mention in reversed(self.find(text)):
            if mention.places[0].kind in ("gemeente", "plaats", "provincie"):
                text = f"{_LEADS_TO_PLACE.sub('', text[: mention.start])} {text[mention.end :]}"
        return " ".join(text.split())

    def _mentions(self, text: str, tokens: list[_Token]) -> Iterator[Mention]:
        asks_where = any(token.folded in _ASKS_WHERE for token in tokens)
        position = 0
        while position < len(tokens):
            for length in range(self._longest(tokens, position, asks_where), 0, -1):
                places = self._at(_Span(tokens, position, length), asks_where)
                if places:
                    start, end = tokens[position].start, tokens[position + length - 1].end
                    yield Mention(start, end, text[start:end], places)
                    position += length - 1
                    break
            position += 1

    def _longest(self, tokens: list[_Token], position: int, asks_where: bool) -> int:
        """Return how many tokens from here on can be one name: most words begin none."""
        most = min(_MAX_NAME_TOKENS, len(tokens) - position)
        before = tokens[position - 1].folded if position else ""
        if asks_where or before in _BEFORE_PLACE or most == len(tokens):
            return most  # a place is expected here, and may be misspelt
        joined = ""
        for length in range(most):
            joined += tokens[position + length].folded
            if joined not in self._beginnings:
                return max(1, length)
        return most

    def _at(self, span: "_Span", asks_where: bool) -> tuple[Place, ...]:
        found = self._index.get(span.key)
        if not found and span.length <= 3:
            found = self._index.get(self._joined.get(span.key.replace(" ", ""), ""))
        if found:
            return tuple(found) if self._is_meant(span, asks_where) else ()
        return self._misspelt(span, asks_where)

    def _is_meant(self, span: "_Span", asks_where: bool) -> bool:
        if span.is_all:
            return True
        if span.key in self._landsdeel_names:
            alone = len(span.all_tokens) - span.length <= 1  # "noordwest dan?"
            return (alone or span.before in _LANDSDEEL_HINT) and span.after in _AFTER_PLACE | {"", "nederland"}
        if span.key not in self._ordinary:
            return True
        if span.key in _AMOUNTS and span.after:
            return False
        if span.before in _BEFORE_PLACE and (not span.after or span.after in _AFTER_PLACE):
            return True
        if span.capital and span.before in _MAYBE_BEFORE_PLACE:
            return True
        if not span.before and self._province_follows(span):  # "bergen in noord-holland"
            return True
        # "leiden, welk landsdeel is dat", "welke regio is kampen"
        at_edge = not span.before or (not span.after and span.before in _BEFORE_SUBJECT)
        return asks_where and at_edge

    def _province_follows(self, span: "_Span") -> bool:
        rest = [token.folded for token in span.all_tokens[span.position + span.length :]]
        named = self._index.get(" ".join(rest[1:])) if rest[:1] == ["in"] else None
        return bool(named) and named[0].kind == "provincie"

    def _misspelt(self, span: "_Span", asks_where: bool) -> tuple[Place, ...]:
        expected = asks_where or span.is_all or span.before in _BEFORE_PLACE
        if not expected and span.length > 1:
            return ()
        if span.key in self._never or not span.key.replace(" ", "").isalpha() or _is_misspelt_question(span.key):
            return ()
        if not expected:
            return self._misspelt_town(span)
        if span.length == 1:
            return () if is_word(span.key) else self.nearest(span.key)
        # Of a longer name some word is no Dutch word, and its first word is part of the name.
        unknown = any(not is_word(token.folded) for token in span.tokens)
        if span.length > 4 or not unknown or span.tokens[-1].folded in _ASKS_WHERE | _AFTER_PLACE:
            return ()
        places = self.nearest(span.key)
        return places if places and len(_key(places[0].name).split()) == span.length else ()

    def _misspelt_town(self, span: "_Span") -> tuple[Place, ...]:
        """Return the municipality or province at the edge of a text that says nothing of a place: "zwole mbo"."""
        at_edge = not span.before or not span.after
        if not at_edge or len(span.key) < _BARE_MIN_LENGTH or is_word(span.key):
            return ()
        places = self.nearest(span.key)
        known = [place for place in places if place.kind in ("gemeente", "provincie")]
        near = known and min(OSA.distance(span.key, _key(place.name)) for place in known) <= 1
        return places if near else ()

    @staticmethod
    def _most_telling(places: list[Place]) -> list[Place]:
        """Return one place for each place on the map: the town Zwolle lies in the gemeente Zwolle."""
        if any(place.kind == "provincie" for place in places):  # the province Zeeland, not the village
            places = [place for place in places if place.kind != "plaats"]
        ordered = sorted(places, key=lambda place: _KIND_ORDER.index(place.kind))
        kept: list[Place] = []
        for place in ordered:
            covered = any(
                set(place.landsdelen) == set(other.landsdelen)
                and (place.provincie == other.provincie or other.kind == "gemeente" or place.kind == other.kind)
                for other in kept
            )
            if not covered:
                kept.append(place)
        return kept


def asks_where(text: str) -> bool:
    """Tell whether a text asks to which part of the country something belongs."""
    return any(token.folded in _ASKS_WHERE_STRONG for token in _tokens(text))


def _tokens(text: str) -> list[_Token]:
    return [_Token(fold(m.group()), m.start(), m.end(), m.group()[0].isupper()) for m in _TOKEN.finditer(text)]


def _key(name: str) -> str:
    return " ".join(_TOKEN.findall(fold(name)))


@lru_cache(maxsize=50_000)
def _is_misspelt_question(word: str) -> bool:
    """Tell whether a word is one letter away from a word that every question has: "hoevel" is no Hoeven."""
    return any(len(other) >= _FUZZY_MIN_LENGTH and OSA.distance(word, other) <= 1 for other in FUNCTION_WORDS)


def _spellings(place: Place) -> set[str]:
    spellings = {_key(place.name)}
    if place.provincie:
        spellings.add(_key(f"{place.name} {place.provincie}"))
        spellings.update(
            _key(f"{place.name} {short}")
            for short, province in _QUALIFIER_PROVINCE.items()
            if province == place.provincie
        )
    if place.kind == "provincie":
        spellings.add(_key(f"provincie {place.name}"))
    return spellings


def _narrow(mentions: list[Mention]) -> list[Mention]:
    """Let "Limburg" decide which "Bergen" is meant, and leave such helpers out."""
    specific = [m for m in mentions if any(place.kind != "landsdeel" for place in m.places)]
    mentions = specific or mentions  # "hoort Meppel bij Noord of Oost" asks about Meppel
    helpers: set[int] = set()
    narrowed = []
    for mention in mentions:
        for number, other in enumerate(mentions):
            if len(mention.landsdelen) < 2 or len(other.landsdelen) != 1:
                continue
            fitting = tuple(p for p in mention.places if any(_covers(area, p) for area in other.places))
            if fitting:
                mention = replace(mention, places=fitting)
                helpers.add(number)
        narrowed.append(mention)
    return [mention for number, mention in enumerate(narrowed) if number not in helpers]


def _covers(area: Place, place: Place) -> bool:
    if area.kind == "provincie":
        return area.name == place.provincie
    if area.kind == "gemeente":
        return area.gemeente == place.gemeente and place.kind == "plaats"
    return area.kind in ("landsdeel", "streek") and set(place.landsdelen) <= set(area.landsdelen)
