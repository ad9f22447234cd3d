"""Answers from a table: one value, a row, a column, where it is largest, where there is a surplus."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from babel.numbers import format_decimal

from bot.knowledge.asked import Asked, Found
from bot.knowledge.names import Names
from bot.knowledge.schema import Maat, Tabel
from bot.language.text import FUNCTION_WORDS, fold, listed, words

ROWS, COLUMNS, MEASURE = "landsdeel", "niveau", "maat"
Order = Literal["largest", "smallest", "surplus"]

_LARGEST = frozenset(
    "grootst grootste hoogst hoogste meest meeste ergst "
    "ergste nijpendst nijpendste zwaarst slechtst slechtste krapst krapste".split()
)
_SMALLEST = frozenset("kleinst kleinste laagst laagste minst minste gunstigst gunstigste beste".split())
_SURPLUS = frozenset("overschot overschotten teveel overschotje overvloed".split())
_ABOUT_COLUMNS = frozenset("niveau niveaus opleidingsniveau onderwijsniveau onderwijsniveaus opleiding".split())
_COUNTED = re.compile(r"\b(?:hoeveel|tekort aan|overschot aan)(?: \d+)? (?P<what>[\w'-]+)")
_EVERYWHERE = re.compile(
    r"\b(?:rest van (?:het land|nederland)|andere (?:landsdelen|regio's|regios|delen)|(?:alle|elk|ieder|per) "
    r"(?:landsdeel|landsdelen|regio|regio's|regios)|overal|elders)\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Selection:
    """The part of a table that a question names."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    measures: tuple[str, ...]
    """All measures of the table, the one that was asked first."""
    order: Order | None
    missing: str | None
    """A row or column that was asked for and that the table does not have."""


class TableReader:
    """Looks up in one table."""

    def __init__(self, table: Tabel, ordinary: frozenset[str] = frozenset()) -> None:
        """Prepare the table; `ordinary` are words of the questions about it."""
        self.table = table
        self._ordinary = ordinary
        self._rows = {row.id: row.naam for row in table.rijen}
        self._columns = {column.id: column.naam for column in table.kolommen}
        self._measures = {measure.id: measure for measure in table.maten}
        self._row_names = Names((name, row.id) for row in table.rijen for name in (row.naam, *row.ook))
        self._column_names = Names((name, part.id) for part in table.kolommen for name in (part.naam, *part.ook))
        self._measure_names = Names((name, part.id) for part in table.maten for name in (part.id, *part.ook))
        self._words = Names((word, word) for word in table.woorden)
        self._no_row = Names((name, name) for name in table.geen_rij)
        self._no_column = Names((name, name) for name in table.geen_kolom)

    def names_any(self, asked: Asked) -> bool:
        """Tell whether a question names a row, a column, a measure or an order of this table; a follow-up, all rows."""
        chosen = self._select(Asked(asked.text, asked.facets))
        named = self._named(self._measure_names, asked.text)
        everywhere = asked.goes_on and _EVERYWHERE.search(fold(asked.text))
        return bool(chosen.rows or chosen.columns or named or chosen.order or chosen.missing or everywhere)

    def asked_by_its_words(self, asked: Asked) -> bool:
        """Tell whether a question has a word for what is in the table, and names a row and a column."""
        chosen = self._select(Asked(asked.text, asked.facets))
        return bool(self._words.find(asked.text) and chosen.rows and chosen.columns and not asked.facets.area)

    def leaves_open(self, asked: Asked) -> bool:
        """Tell whether a question has no words but those of the questions about this table, and places."""
        names = (self._row_names, self._column_names, self._measure_names, self._no_row, self._no_column)
        known = {word for each in names for name in each.find(asked.text) for word in words(name.text)}
        if asked.facets.area:
            known |= set(words(asked.facets.area.name))
        said = words(_EVERYWHERE.sub(" ", fold(asked.text)))
        content = {part for word in said for part in word.split("-")} - known - FUNCTION_WORDS
        return all(word in self._ordinary or word in asked.facets.regions for word in content)

    def look_up(self, asked: Asked) -> Found:
        """Return what the table says about what the question names."""
        chosen = self._select(asked)
        lines = self._answer(chosen, asked)
        return Found(
            text="\n\n".join(filter(None, [self._what_misses(chosen, asked), lines, self.table.uitleg.strip()])),
            vindplaats=" en ".join(measure.vindplaats for measure in self.table.maten),
            slots={ROWS: chosen.rows, COLUMNS: chosen.columns, MEASURE: chosen.measures[:1]},
            complete=chosen.missing is None,
        )

    def _select(self, asked: Asked) -> Selection:
        text, order = asked.text, _order(asked.text)
        # "waar is het tekort het grootst?" keeps the level that was asked before, but asks for a landsdeel.
        before = asked.before if asked.goes_on or order in ("largest", "smallest") else {}
        rows = self._landsdelen(asked) or self._named(self._row_names, text)
        columns = self._named(self._column_names, text)
        missing = self._missing(asked, rows, columns)
        if not rows and order is None and not _EVERYWHERE.search(fold(text)):
            rows = tuple(before.get(ROWS, ()))
        if not columns:
            columns = tuple(before.get(COLUMNS, ()))
        measure = self._named(self._measure_names, text) or tuple(before.get(MEASURE, ()))
        measures = tuple(dict.fromkeys([*measure, *self._measures]))
        return Selection(rows, columns, measures, order, missing)

    def _landsdelen(self, asked: Asked) -> tuple[str, ...]:
        return tuple(region for region in asked.facets.regions if region in self._rows)

    @staticmethod
    def _named(names: Names[str], text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for name in names.find(text) if name.exact for value in name.values))

    def _missing(self, asked: Asked, rows: Sequence[str], columns: Sequence[str]) -> str | None:
        """Return what the question names and the table does not have."""
        if asked.facets.area:
            return asked.facets.area.name
        for name in self._no_row.find(asked.text):
            if name.exact and not rows:
                return name.text
        for name in self._no_column.find(asked.text):
            if name.exact and not set(columns) - {self.table.totaalkolom}:
                return name.text
        if self._ordinary and (counted := _COUNTED.search(fold(asked.text))):
            what = counted["what"]
            if what not in self._ordinary | FUNCTION_WORDS and not self._column_names.find(what):
                return what  # "hoeveel leraren komt Oost tekort": the table counts technicians
        period = self.table.periode
        # The year of the table's source is no year that is asked for.
        known = range(period.van, period.tot + 1)
        return next((year for year in _YEAR.findall(asked.text) if int(year) not in known), None)

    def _what_misses(self, chosen: Selection, asked: Asked) -> str | None:
        if chosen.missing is None:
            return None
        area = asked.facets.area
        if area and area.landsdelen:
            parts = listed([self._rows[part] for part in area.landsdelen])
            return f"Voor {area.name} apart staat er geen cijfer in deze tabel, alleen voor {parts} als geheel."
        parts = [name for key, name in self._rows.items() if key != self.table.totaalrij]
        return (
            f"Voor {chosen.missing} staat er geen cijfer in deze tabel. "
            f"Zij gaat over {self.table.periode.van} tot en met {self.table.periode.tot}, "
            f"met deze delen: {listed([*parts, self._rows[self.table.totaalrij]])}; "
            f"en deze niveaus: {listed(list(self._columns.values()))}. Dit staat er wel:"
        )

    def _answer(self, chosen: Selection, asked: Asked) -> str:
        if chosen.order == "surplus" and not (len(chosen.rows) == 1 and len(chosen.columns) == 1):
            return self._surpluses(chosen)
        if chosen.order in ("largest", "smallest"):
            return self._extremes(chosen, asked)
        rows, columns = chosen.rows, chosen.columns
        if len(rows) == 1 and len(columns) == 1:
            value = self._with_other_measures(chosen, rows[0], columns[0])
            return f"In {self._rows[rows[0]]} ging het voor {self._columns[columns[0]]} om {value}."
        if not rows and not columns:
            columns = (self.table.totaalkolom,)
        if len(columns) == 1:
            lines = [
                f"- {self._rows[row]}: {self._with_other_measures(chosen, row, columns[0])}"
                for row in rows or self._rows
            ]
            return "\n".join([f"Voor {self._columns[columns[0]]} ging het om:", *lines])
        return "\n\n".join(self._row(chosen, row) for row in rows or self._rows)

    def _row(self, chosen: Selection, row: str) -> str:
        columns = chosen.columns or self._columns
        lines = [f"- {self._columns[part]}: {self._with_other_measures(chosen, row, part)}" for part in columns]
        return "\n".join([f"In {self._rows[row]} ging het om:", *lines])

    def _extremes(self, chosen: Selection, asked: Asked) -> str:
        """Say where a shortage is largest or smallest; of a follow-up, also over all columns together."""
        across_columns = bool(chosen.rows) or not _ABOUT_COLUMNS.isdisjoint(words(asked.text))
        if across_columns:
            row = chosen.rows[0] if chosen.rows else self.table.totaalrij
            candidates = [(row, part) for part in self._columns if part != self.table.totaalkolom]
            return self._extreme(chosen, candidates, f"In {self._rows[row]}")
        columns = dict.fromkeys(
            [*(chosen.columns or ()), *([] if _names_column(chosen, asked) else [self.table.totaalkolom])]
        )
        rows = [part for part in self._rows if part != self.table.totaalrij]
        return "\n".join(
            self._extreme(chosen, [(row, column) for row in rows], f"Voor {self._columns[column]}")
            for column in columns
        )

    def _extreme(self, chosen: Selection, cells: Sequence[tuple[str, str]], scope: str) -> str:
        what = "het grootste tekort" if chosen.order == "largest" else "het kleinste tekort of het grootste overschot"
        first, *others = (self._best_of(self._measures[name], cells, chosen.order) for name in chosen.measures)
        names = [self._measures[name].naam for name in chosen.measures[1:]]
        also = [f"In {name} was dat {said}." for name, said in zip(names, others, strict=True)]
        return " ".join([f"{scope} was {what} {first}.", *also])

    def _best_of(self, measure: Maat, cells: Sequence[tuple[str, str]], order: Order | None) -> str:
        """Return where a measure is largest or smallest among cells of one row or of one column, and how large."""
        values = {cell: measure.waarden[cell[0]][cell[1]] for cell in cells}
        best = (min if order == "largest" else max)(values.values())
        places = [cell for cell, value in values.items() if value == best]
        if len({column for _, column in cells}) == 1:
            return f"in {listed([self._rows[row] for row, _ in places])}: {_said(measure, best)}"
        return f"bij {listed([self._columns[column] for _, column in places])}: {_said(measure, best)}"

    def _surpluses(self, chosen: Selection) -> str:
        measure = self.table.maten[0]
        rows, columns = chosen.rows or tuple(self._rows), chosen.columns or tuple(self._columns)
        found = [
            f"- {self._rows[row]}, {self._columns[column]}: {self._with_other_measures(chosen, row, column)}"
            for row in rows
            for column in columns
            if measure.waarden[row][column] > 0
        ]
        scope = listed([self._rows[row] for row in chosen.rows] + [self._columns[part] for part in chosen.columns])
        if not found:
            return f"Nee. De tabel heeft geen overschot{f' voor {scope}' if scope else ''}."
        return "\n".join([f"Ja, de tabel heeft een overschot{f' voor {scope}' if scope else ''}:", *found])

    def _with_other_measures(self, chosen: Selection, row: str, column: str) -> str:
        first, *others = (self._measures[name] for name in chosen.measures)
        also = ", ".join(_amount(measure, measure.waarden[row][column]) for measure in others)
        return _said(first, first.waarden[row][column]) + (f" ({also})" if also else "")


def sums_that_fail(table: Tabel) -> Iterable[tuple[str, str, str, int, int]]:
    """Yield measure, row, column, stated and real total where a total is not the sum of its parts."""
    rows = [row.id for row in table.rijen if row.id != table.totaalrij]
    columns = [column.id for column in table.kolommen if column.id != table.totaalkolom]
    for measure in table.maten:
        values = measure.waarden
        if not measure.optellen:
            continue
        for row in (*rows, table.totaalrij):
            if (total := sum(values[row][column] for column in columns)) != values[row][table.totaalkolom]:
                yield measure.id, row, table.totaalkolom, values[row][table.totaalkolom], total
        for column in (*columns, table.totaalkolom):
            if (total := sum(values[row][column] for row in rows)) != values[table.totaalrij][column]:
                yield measure.id, table.totaalrij, column, values[table.totaalrij][column], total


def _order(text: str) -> Order | None:
    said = set(words(text))
    if said & _SURPLUS or "te veel" in text.lower():
        return "surplus"
    if said & _LARGEST:
        return "largest"
    if said & _SMALLEST:
        return "smallest"
    return None


def _names_column(chosen: Selection, asked: Asked) -> bool:
    """Tell whether the columns are of this question, not kept from the one before."""
    return bool(chosen.columns) and tuple(asked.before.get(COLUMNS, ())) != chosen.columns


def _said(measure: Maat, value: int) -> str:
    if value == 0:
        return f"{_amount(measure, 0)}: afgerond geen tekort en geen overschot"
    return f"een {'tekort' if value < 0 else 'overschot'} van {_amount(measure, value)}"


def _amount(measure: Maat, value: int) -> str:
    return measure.eenheid.format(getal=format_decimal(abs(value), locale="nl"))
