"""Checks of what is counted and numbered: tables, lists, actions."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.knowledge.facets import number_of, title_number
from bot.knowledge.files import Entry, Problem
from bot.knowledge.schema import Begrip, Item, Landsdeel, Lijst, Tabel
from bot.knowledge.tables import sums_that_fail


def check_tables(tables: Iterable[tuple[Entry, Tabel]], problems: list[Problem]) -> None:
    """Note missing and surplus cells, and totals that are not the sum of their parts."""
    for entry, table in tables:
        before = len(problems)
        _check_shape(entry, table, problems)
        if len(problems) == before:  # sums make sense only in a table that is whole
            _check_sums(entry, table, problems)


def _check_shape(entry: Entry, table: Tabel, problems: list[Problem]) -> None:
    rows, columns = _ids(table.rijen), _ids(table.kolommen)
    for name, known, key in ((table.totaalrij, rows, "totaalrij"), (table.totaalkolom, columns, "totaalkolom")):
        if name not in known:
            _note(problems, entry, [key], f"{table.id}: '{name}' bestaat niet", f"kies uit: {', '.join(known)}")
    for number, measure in enumerate(table.maten):
        path: list[str | int] = ["maten", number, "waarden"]
        for row in [row for row in rows if row not in measure.waarden]:
            _note(problems, entry, path, f"{table.id}: in '{measure.id}' ontbreekt de rij '{row}'", "voeg haar toe")
        for row, values in measure.waarden.items():
            if row not in rows:
                _note(problems, entry, [*path, row], f"{table.id}: de rij '{row}' bestaat niet", _similar(row, rows))
            for column in [column for column in columns if column not in values]:
                what = f"{table.id}: in '{measure.id}', rij '{row}', ontbreekt de waarde voor '{column}'"
                _note(problems, entry, [*path, row], what, f"schrijf er '{column}: …' bij")
            for column in [column for column in values if column not in columns]:
                what = f"{table.id}: de kolom '{column}' bestaat niet"
                _note(problems, entry, [*path, row, column], what, _similar(column, columns))


def _check_sums(entry: Entry, table: Tabel, problems: list[Problem]) -> None:
    numbers = {measure.id: number for number, measure in enumerate(table.maten)}
    excused = {(part.maat, part.rij, part.kolom) for part in table.afwijkingen}
    failing = set()
    for measure, row, column, stated, total in sums_that_fail(table):
        failing.add((measure, row, column))
        if (measure, row, column) not in excused:
            what = f"{table.id}: {row}, {column} is {stated}, maar de som is {total}"
            mend = "verbeter het getal; staat het zo in de bron, zet het dan bij afwijkingen, met de reden"
            _note(problems, entry, ["maten", numbers[measure], "waarden", row, column], what, mend)
    for number, part in enumerate(table.afwijkingen):
        if (part.maat, part.rij, part.kolom) not in failing:
            what = f"{table.id}: bij {part.rij}, {part.kolom} klopt de som gewoon"
            _note(problems, entry, ["afwijkingen", number], what, "haal de afwijking weg")


def check_lists(lists: Iterable[tuple[Entry, Lijst]], problems: list[Problem]) -> None:
    """Note members that are named twice or belong to a group that does not exist."""
    for entry, members in lists:
        groups = _ids(members.groepen)
        seen: dict[tuple[str, str | None], int] = {}
        for number, lid in enumerate(members.leden):
            if lid.groep and lid.groep not in groups:
                what = f"{members.id}: de groep '{lid.groep}' bestaat niet"
                _note(problems, entry, ["leden", number, "groep"], what, _similar(lid.groep, groups))
            if (lid.naam, lid.persoon) in seen:
                _note(
                    problems,
                    entry,
                    ["leden", number],
                    f"{members.id}: '{lid.naam}' staat er twee keer",
                    "laat er één staan",
                )
            seen[lid.naam, lid.persoon] = number


def check_numbers(items: Iterable[tuple[Entry, Item]], problems: list[Problem]) -> None:
    """Note an action or ambition that bears the number of another."""
    for entry, item in items:
        title, about = title_number(item), number_of(item)
        if title and title != about:
            kind, number = title
            what = f"{item.id} heeft bij over niet '{kind}: {number}' maar het nummer van iets anders"
            mend = f"maak er '{kind}: {number}' van, of geef het item het goede id"
            _note(problems, entry, ["over"], what, mend)


def check_lookups(
    items: Iterable[tuple[Entry, Item]],
    tables: Iterable[tuple[Entry, Tabel]],
    lists: Iterable[tuple[Entry, Lijst]],
    problems: list[Problem],
) -> None:
    """Note an item that looks up in nothing, and a table or list in which no item looks."""
    known = {thing.id: entry for entry, thing in [*tables, *lists]}
    used = set()
    for entry, item in items:
        if item.opzoeken and item.opzoeken not in known:
            what = f"{item.id}: de tabel of lijst '{item.opzoeken}' bestaat niet"
            _note(problems, entry, ["opzoeken"], what, _similar(item.opzoeken, list(known)))
        used.add(item.opzoeken)
    for name, entry in known.items():
        if name not in used:
            mend = f"maak een item met 'opzoeken: {name}'"
            _note(problems, entry, ["id"], f"in '{name}' zoekt geen enkel item op", mend)


def check_landsdelen(
    items: Iterable[tuple[Entry, Item]], regions: Iterable[tuple[Entry, Landsdeel]], problems: list[Problem]
) -> None:
    """Note an item about a landsdeel that does not exist."""
    known = [region.id for _, region in regions]
    for entry, item in items:
        if item.over.landsdeel and item.over.landsdeel not in known:
            what = f"{item.id}: het landsdeel '{item.over.landsdeel}' bestaat niet"
            _note(problems, entry, ["over", "landsdeel"], what, f"kies uit: {', '.join(known)}")


def _note(problems: list[Problem], entry: Entry, path: list[str | int], what: str, mend: str) -> None:
    problems.append(entry.problem(path, what, mend))


def _ids(parts: Iterable[Begrip]) -> list[str]:
    return [part.id for part in parts]


def _similar(name: str, known: list[str]) -> str:
    similar = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"bedoel je '{similar[0]}'?" if similar else f"kies uit: {', '.join(known)}"
