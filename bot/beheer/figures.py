"""What the log says of how the assistant is used: only in numbers, and none that is about a few people."""

import csv
import io
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.privacy import SMALLEST, protect, protect_total
from bot.knowledge.schema import Knowledge
from bot.records.tables import DayCount, Exchange

ZONE = ZoneInfo("Europe/Amsterdam")
PERIODS = {"7": "7 dagen", "28": "4 weken", "91": "13 weken", "365": "een jaar"}
"""The days that a period has, up to and with yesterday."""
KINDS = {
    "answer": "beantwoord",
    "clarify": "doorgevraagd",
    "fallback": "niet geweten",
    "smalltalk": "praatje",
    "": "geen antwoord gekregen",
}
_REGION = "landsdeel-"
_QUANTILES = 20


@dataclass(frozen=True)
class Series:
    """Numbers by group."""

    name: str
    """What one of the groups is, as the head of a column."""
    title: str
    points: Sequence[tuple[str, int | float | None]]
    """Label and value; None is not shown: too few."""
    unit: str = "berichten"
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """All numbers of a period."""

    first: date
    last: date
    totals: Mapping[str, int | float | None]
    series: Sequence[Series]


@dataclass(frozen=True)
class _Row:
    """A message, or as many of them as a day count stands for."""

    day: date
    kind: str
    items: Sequence[str]
    count: int
    useful: int
    not_useful: int
    at: datetime | None = None
    seconds: float | None = None


def figures(sessions: sessionmaker[Session], knowledge: Knowledge, days: int, today: date) -> Figures:
    """Return the numbers of so many days up to yesterday.

    Messages whose text is no longer kept still count, by day and by item; not by hour or in seconds.
    """
    first, last = today - timedelta(days=days), today - timedelta(days=1)
    with sessions() as session:
        rows = [*_messages(session, first, last), *_day_counts(session, first, last)]
        conversations = _conversations(session, first, last)
    seconds = sorted(row.seconds for row in rows if row.seconds is not None)
    totals = {
        "berichten": protect_total(sum(row.count for row in rows)),
        "gesprekken": protect_total(conversations),
        "doorlooptijd, mediaan (s)": _rounded(statistics.median(seconds)) if len(seconds) >= SMALLEST else None,
        "doorlooptijd, 95 procent binnen (s)": _slowest(seconds),
    }
    return Figures(first, last, totals, _series(rows, knowledge, first, last))


def as_csv(found: Figures) -> str:
    """Return the same numbers for a spreadsheet; what the page does not show is not in it either."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["onderdeel", "groep", "waarde", "eenheid"])
    period = f"{found.first.isoformat()} tot en met {found.last.isoformat()}"
    writer.writerow(["periode", period, "", ""])
    for name, value in found.totals.items():
        writer.writerow(["totaal", name, shown(value), ""])
    for series in found.series:
        for label, value in series.points:
            writer.writerow([series.title, _harmless(label), shown(value), series.unit])
    return text.getvalue()


def shown(value: float | None) -> str:
    """Return a value as people read it."""
    if value is None:
        return "te weinig"
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)


def _harmless(label: str) -> str:
    """Return a label that a spreadsheet does not take for a formula."""
    return f"'{label}" if label.startswith(("=", "+", "-", "@")) else label


def _series(rows: Sequence[_Row], knowledge: Knowledge, first: date, last: date) -> list[Series]:
    themes = {item.id: item.thema for item in knowledge.items}
    titles = {theme.id: theme.titel for theme in knowledge.themas}
    regions = {item.id: item.over.landsdeel for item in knowledge.items if item.over.landsdeel}
    names = {region.id: region.naam for region in knowledge.landsdelen}

    def theme_of(row: _Row) -> str | None:
        found = next((themes[item] for item in row.items if item in themes), None)
        region = any(item.startswith(_REGION) for item in row.items)
        return titles.get(found or "", found) if found else ("Vraag naar een landsdeel" if region else None)

    def region_of(row: _Row) -> str | None:
        named = {item.removeprefix(_REGION) for item in row.items if item.startswith(_REGION)}
        named |= {regions[item] for item in row.items if item in regions}
        return names.get(named.pop()) if len(named) == 1 else None

    timed = [row for row in rows if row.at is not None]
    return [
        Series("dag", "Berichten in de tijd", _over_time(rows, first, last)),
        Series("soort", "Hoe het afliep", _by(rows, lambda row: KINDS.get(row.kind, row.kind), KINDS.values())),
        Series("oordeel", "Wat bezoekers ervan vonden", _judged(rows), note="Alleen wie een oordeel gaf."),
        Series("thema", "Thema's", _by(rows, theme_of), note="Alleen berichten met een antwoord uit de kennis."),
        Series("landsdeel", "Landsdelen", _by(rows, region_of, names.values()), note="Alleen waar het om één ging."),
        Series("uur", "Uren van de dag", _by(timed, _hour, [f"{hour:02d} uur" for hour in range(24)])),
    ]


def _by(
    rows: Iterable[_Row], group: Callable[[_Row], str | None], order: Iterable[str] | None = None
) -> list[tuple[str, int | None]]:
    """Return counts by group: in the given order, or the largest first."""
    counts: Counter[str] = Counter(dict.fromkeys(order or (), 0))
    for row in rows:
        if (name := group(row)) is not None:
            counts[name] += row.count
    safe = protect(counts)
    if order is not None:
        return list(safe.items())
    return sorted(safe.items(), key=lambda pair: (-(pair[1] or 0), pair[0]))


def _judged(rows: Iterable[_Row]) -> list[tuple[str, int | None]]:
    counts = {"nuttig": 0, "niet nuttig": 0}
    for row in rows:
        counts["nuttig"] += row.useful
        counts["niet nuttig"] += row.not_useful
    return list(protect(counts).items())


def _over_time(rows: Iterable[_Row], first: date, last: date) -> list[tuple[str, int | None]]:
    """Return counts by day, or by week when there are many days."""
    step = 1 if (last - first).days < 31 else 7
    starts = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]
    counts = dict.fromkeys(starts, 0)
    for row in rows:
        counts[starts[(row.day - first).days // step]] += row.count
    return [(f"{start:%d-%m}", count) for start, count in protect(counts).items()]


def _hour(row: _Row) -> str | None:
    return f"{row.at.replace(tzinfo=UTC).astimezone(ZONE).hour:02d} uur" if row.at else None


def _messages(session: Session, first: date, last: date) -> list[_Row]:
    start, end = _moments(first, last)
    query = select(
        Exchange.asked_at, Exchange.kind, Exchange.items, Exchange.useful, Exchange.seconds
    ).where(Exchange.asked_at >= start, Exchange.asked_at < end)  # fmt: skip
    return [
        _Row(
            day=at.replace(tzinfo=UTC).astimezone(ZONE).date(),
            kind=kind or "",
            items=items,
            count=1,
            useful=useful is True,
            not_useful=useful is False,
            at=at,
            seconds=seconds,
        )
        for at, kind, items, useful, seconds in session.execute(query)
    ]


def _day_counts(session: Session, first: date, last: date) -> list[_Row]:
    query = select(DayCount).where(DayCount.day >= first, DayCount.day <= last)
    return [
        _Row(row.day, row.kind, row.items.split(), row.count, row.useful, row.not_useful)
        for row in session.scalars(query)
    ]


def _conversations(session: Session, first: date, last: date) -> int:
    start, end = _moments(first, last)
    query = select(func.count(Exchange.conversation.distinct()))
    return session.scalar(query.where(Exchange.asked_at >= start, Exchange.asked_at < end)) or 0


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when these days begin and end, in UTC as the records keep it."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=ZONE) for day in (first, last + timedelta(days=1)))
    return start.astimezone(UTC).replace(tzinfo=None), end.astimezone(UTC).replace(tzinfo=None)


def _slowest(seconds: Sequence[float]) -> float | None:
    """Return within how many seconds 95 of 100 messages were answered; of fewer than a hundred that says little."""
    if len(seconds) < SMALLEST * _QUANTILES:
        return None
    return _rounded(statistics.quantiles(seconds, n=_QUANTILES)[-1])


def _rounded(value: float) -> float:
    return round(float(value), 2)
