"""The check of `knowledge/`: all mistakes at once, in Dutch, each on its line with its remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge.check_facts import check_landsdelen, check_lists, check_lookups, check_numbers, check_tables
from bot.knowledge.files import Entry, KnowledgeFiles, Problem
from bot.knowledge.layout import PARTS
from bot.knowledge.schema import Item, Knowledge
from bot.language.text import key, words

Model = TypeVar("Model", bound=BaseModel)
Checked = list[tuple[Entry, Model]]

MIN_EXAMPLES = 6
LONG_SENTENCE_WORDS = 25

_MENDS = {
    "missing": ("{field} ontbreekt", "voeg de regel '{field}: …' toe"),
    "extra_forbidden": ("de sleutel '{field}' bestaat niet", "{similar}"),
    "string_type": ("{field} is geen tekst", "zet de waarde tussen aanhalingstekens"),
    "string_too_long": ("{field} is te lang", "maak er hooguit {max_length} tekens van"),
    "string_too_short": ("{field} is leeg", "vul het in of haal de regel weg"),
    "too_long": ("{field} is te lang", "houd het bij hooguit {max_length} (tekens of regels)"),
    "too_short": ("{field} is leeg", "geef er ten minste één"),
    "list_type": ("{field} is geen lijst", "zet elke waarde op een eigen regel met '- ' ervoor"),
    "literal_error": ("{field} kan niet '{input}' zijn", "kies uit: {expected}"),
    "model_type": ("hier hoort een blok met sleutels te staan", "vergelijk met een ander item"),
    "model_attributes_type": ("hier hoort een blok met sleutels te staan", "vergelijk met een ander item"),
}
_PATTERN_MENDS = {
    "id": ("'{input}' kan geen id zijn", "gebruik alleen kleine letters, cijfers en streepjes"),
    "url": ("'{input}' is geen adres", "begin met https:// en gebruik geen spaties"),
    "adres": ("'{input}' is geen adres", "begin met https:// en gebruik geen spaties"),
    "site": ("'{input}' is geen adres", "begin met https:// en gebruik geen spaties"),
}


def check(folder: Path | KnowledgeFiles, today: date | None = None) -> tuple[Knowledge | None, list[Problem]]:
    """Read and check everything under a folder.

    Returns:
        The knowledge, or None when there is any error; and the problems, sorted by file and line.
    """
    files = folder if isinstance(folder, KnowledgeFiles) else KnowledgeFiles(folder)
    problems: list[Problem] = []
    if not files.folder.is_dir():
        missing = Problem(str(files.folder), 0, "deze map bestaat niet", "geef de map met kennis op, met --map")
        return None, [missing]
    valid = {name: _validated(part.model, _entries(files, part.patterns, problems), problems)
             for name, part in PARTS.items()}  # fmt: skip
    sources, themes, items, initiatives = (valid[kind] for kind in ("bron", "thema", "item", "initiatief"))
    regions, tables, lists, synonyms = (valid[kind] for kind in ("landsdeel", "tabel", "lijst", "woord"))
    website, streken = valid["website"], valid["streek"]

    for group in (sources, themes, [*items, *initiatives], regions, streken, synonyms, [*tables, *lists]):
        _check_unique_ids(group, problems)
    items += [(entry, initiative.as_item()) for entry, initiative in initiatives]
    _check_streken(streken, regions, problems)
    _check_references(sources, themes, items, regions, [*tables, *lists], problems)
    _check_start(website, themes, items, problems)
    _check_synonyms(synonyms, problems)
    check_tables(tables, problems)
    check_lists(lists, problems)
    check_numbers(items, problems)
    check_lookups(items, tables, lists, problems)
    check_landsdelen(items, regions, problems)
    items = [(entry, item) for entry, item in items if item.status != "concept"]
    _check_examples(items, problems)
    _check_care(items, today or date.today(), problems)
    problems = sorted(set(problems))
    if any(not problem.warning for problem in problems):
        return None, problems
    knowledge = Knowledge(
        themas=[theme for _, theme in themes],
        bronnen=[source for _, source in sources],
        items=[item for _, item in items],
        landsdelen=[region for _, region in regions],
        tabellen=[table for _, table in tables],
        lijsten=[members for _, members in lists],
        woorden=[word for _, word in synonyms],
        website=[part for _, part in website],
    )
    return knowledge, problems


def _entries(files: KnowledgeFiles, patterns: Iterable[str], problems: list[Problem]) -> Iterator[Entry]:
    return (entry for pattern in patterns for entry in files.entries(pattern, problems))


def _check_synonyms(synonyms: Checked, problems: list[Problem]) -> None:
    """A word that stands for two things would send half of its visitors the wrong way."""
    meant: dict[str, str] = {}
    for entry, word in synonyms:
        for number, other in enumerate(word.ook):
            first = meant.setdefault(key(other), word.id)
            if first != word.id:
                what, mend = f"'{other}' staat ook bij '{first}'", "laat het op één plaats staan"
                problems.append(entry.problem(["ook", number], what, mend))


def problems_of(model: type[BaseModel], entry: Entry) -> list[Problem]:
    """Return what the schema has against an entry."""
    problems: list[Problem] = []
    _validated(model, [entry], problems)
    return problems


def _validated(model: type[Model], entries: Iterable[Entry], problems: list[Problem]) -> Checked:
    checked = []
    for entry in entries:
        try:
            checked.append((entry, model.model_validate(_plain(entry.data))))
        except ValidationError as error:
            problems.extend(_in_dutch(entry, model, dict(detail)) for detail in error.errors())
    return checked


def _plain(node: Any) -> Any:
    """Turn ruamel's commented types into plain ones, which pydantic knows."""
    if isinstance(node, dict):
        return {str(name): _plain(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    return node


def _in_dutch(entry: Entry, model: type[BaseModel], detail: dict[str, Any]) -> Problem:
    path = [step for step in detail["loc"] if not str(step).startswith("function-")]
    field = next((str(step) for step in reversed(path) if isinstance(step, str)), "dit")
    context = detail.get("ctx", {})
    known = {
        "field": field,
        "input": str(detail.get("input"))[:60],
        "expected": str(context.get("expected", "")).replace(" or ", ", ").replace("'", ""),
        "max_length": context.get("max_length", ""),
        "error": context.get("error", ""),
        "similar": _did_you_mean(field, model),
    }
    kind = detail["type"]
    if kind == "value_error":
        what, mend = "{field} klopt niet ('{input}')", "{error}"
    elif kind == "string_pattern_mismatch":
        what, mend = _PATTERN_MENDS.get(field, ("'{input}' past niet bij {field}", "vergelijk met een ander item"))
    else:
        what, mend = _MENDS.get(kind, ("{field} klopt niet: {input}", "vergelijk met een ander item"))
    who = entry.data.get("id") if isinstance(entry.data, dict) else None
    prefix = f"{who}: " if who else ""
    return replace(entry.problem(path, prefix + what.format(**known), mend.format(**known)), sort=kind)


def _did_you_mean(field: str, model: type[BaseModel]) -> str:
    similar = get_close_matches(field, model.model_fields, n=1, cutoff=0.6)
    return f"bedoel je '{similar[0]}'?" if similar else "haal de regel weg of kijk hoe hij in een ander item heet"


def _check_unique_ids(group: Checked, problems: list[Problem]) -> None:
    first: dict[str, Entry] = {}
    for entry, thing in group:
        if thing.id in first:
            other = first[thing.id]
            problems.append(
                entry.problem(
                    ["id"],
                    f"het id '{thing.id}' bestaat al ({other.file}:{other.line})",
                    "geef een van de twee een ander id",
                )
            )
        first.setdefault(thing.id, entry)


def _refer(
    problems: list[Problem], entry: Entry, path: list[str | int], value: str, known: set[str], what: str, mend: str
) -> None:
    """Note a problem when a reference points to nothing."""
    if value not in known:
        similar = get_close_matches(value, known, n=1, cutoff=0.6)
        mend = f"bedoel je '{similar[0]}'?" if similar else mend
        problems.append(entry.problem(path, f"{what} '{value}' bestaat niet", mend))


def _check_references(
    sources: Checked, themes: Checked, items: Checked, regions: Checked, facts: Checked, problems: list[Problem]
) -> None:
    source_ids, theme_ids, item_ids = ({thing.id for _, thing in group} for group in (sources, themes, items))
    add_source = "zet haar in bronnen.yml"
    for entry, item in items:
        who = item.id
        _refer(problems, entry, ["thema"], item.thema, theme_ids, f"{who}: het thema", "kies er een uit themas.yml")
        for number, source in enumerate(item.bronnen):
            _refer(problems, entry, ["bronnen", number], source, source_ids, f"{who}: de bron", add_source)
        for number, other in enumerate(item.zie_ook):
            _refer(problems, entry, ["zie_ook", number], other, item_ids, f"{who}: zie_ook", "haal de regel weg")
    for entry, thing in [*regions, *facts]:
        for number, source in enumerate(thing.bronnen):
            _refer(problems, entry, ["bronnen", number], source, source_ids, f"{thing.id}: de bron", add_source)
    for entry, region in regions:
        for place, body in enumerate(region.organisaties):
            for number, source in enumerate(body.bronnen):
                path = ["organisaties", place, "bronnen", number]
                _refer(problems, entry, path, source, source_ids, f"{body.id}: de bron", add_source)


def _check_start(website: Checked, themes: Checked, items: Checked, problems: list[Problem]) -> None:
    """What a visitor can start with must exist, and be answered with."""
    theme_ids = {theme.id for _, theme in themes}
    answered = {item.id for _, item in items if item.status != "concept"}
    for entry, part in website:
        for number, theme in enumerate(part.themas):
            _refer(problems, entry, ["themas", number], theme, theme_ids, "het thema", "kies er een uit themas.yml")
    for entry, theme in themes:
        for number, item in enumerate(theme.startvragen):
            place, whose = ["startvragen", number], f"{theme.id}: de startvraag"
            _refer(problems, entry, place, item, answered, whose, "kies een item dat gepubliceerd is")


def _check_streken(streken: Checked, regions: Checked, problems: list[Problem]) -> None:
    streek_ids, region_ids = ({thing.id for _, thing in group} for group in (streken, regions))
    for entry, streek in streken:
        for number, region in enumerate(streek.landsdelen):
            path = ["landsdelen", number]
            _refer(problems, entry, path, region, region_ids, f"{streek.id}: het landsdeel", "zie de map regios")
    for entry, region in regions:
        for place, body in enumerate(region.organisaties):
            for number, streek in enumerate(body.streken):
                path = ["organisaties", place, "streken", number]
                mend = "zet haar in plaatsen/streken.yml"
                _refer(problems, entry, path, streek, streek_ids, f"{body.id}: de streek", mend)


def _check_examples(items: Checked, problems: list[Problem]) -> None:
    first: dict[str, tuple[Entry, Item]] = {}
    for entry, item in items:
        # The questions of an initiative are made, not written.
        if "voorbeeldvragen" in entry.data and len(item.voorbeeldvragen) < MIN_EXAMPLES:
            problems.append(
                entry.problem(
                    ["voorbeeldvragen"],
                    f"{item.id}: {len(item.voorbeeldvragen)} voorbeeldvragen is weinig",
                    f"schrijf er ten minste {MIN_EXAMPLES}, zoals verschillende mensen het vragen",
                    warning=True,
                )
            )
        for index, example in enumerate(item.voorbeeldvragen):
            where = ["voorbeeldvragen", index]
            same = key(example)
            if not same:
                problems.append(entry.problem(where, f"{item.id}: een voorbeeldvraag zonder woorden", "haal haar weg"))
                continue
            other_entry, other = first.setdefault(same, (entry, item))
            if other.id != item.id:
                problems.append(
                    entry.problem(
                        where,
                        f"{item.id}: de voorbeeldvraag '{example}' staat ook bij '{other.id}' ({other_entry.file})",
                        "laat haar staan bij het item dat haar het best beantwoordt",
                    )
                )


def _check_care(items: Checked, today: date, problems: list[Problem]) -> None:
    for entry, item in items:
        if item.geldig_tot and item.geldig_tot < today:
            problems.append(
                entry.problem(
                    ["geldig_tot"],
                    f"{item.id}: geldig_tot {item.geldig_tot} is voorbij",
                    "kijk het antwoord na en zet een nieuwe datum",
                    warning=True,
                )
            )
        for sentence in item.antwoord.replace("\n", " ").split(". "):
            if len(words(sentence)) > LONG_SENTENCE_WORDS and "- " not in sentence:
                problems.append(
                    entry.problem(
                        ["antwoord"],
                        f"{item.id}: een zin van {len(words(sentence))} woorden leest moeilijk",
                        f"maak er kortere zinnen van ('{sentence.strip()[:40]}…')",
                        warning=True,
                    )
                )
