import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.figures import Figures, Series, as_csv, figures
from bot.beheer.plots import plot
from bot.knowledge.schema import Knowledge
from bot.records.database import open_records
from bot.records.tables import DayCount, Exchange

TODAY = date(2026, 11, 25)


@pytest.fixture
def records(tmp_path: Path) -> sessionmaker[Session]:
    """Return a log of a week in which some groups are small."""
    sessions = open_records(f"sqlite:///{tmp_path / 'administratie.db'}")
    with sessions.begin() as session:
        number = 0
        for kind, items, count, useful in (
            ("answer", ["stage-zoeken"], 20, True),
            ("answer", ["landsdeel-noord", "noord-orgaan"], 12, None),
            ("answer", ["landsdeel-oost"], 3, None),
            ("fallback", [], 9, False),
            ("clarify", [], 2, None),
            ("smalltalk", [], 6, None),
        ):
            for _ in range(count):
                number += 1
                session.add(Exchange(
                    channel="website", conversation=f"g{number // 2}", message_id=str(number), question="vraag",
                    asked_at=datetime(2026, 11, 20 + number % 5, 22, 30), reply=[{"text": "a"}], kind=kind,
                    items=items, useful=useful, seconds=number / 100,
                ))  # fmt: skip
        session.add(DayCount(day=date(2026, 10, 1), channel="website", kind="answer", items="stage-zoeken",
                             count=30, useful=7, not_useful=0))  # fmt: skip
    return sessions


def by_title(found: Figures, title: str) -> dict[str, int | float | None]:
    series: Series = next(each for each in found.series if each.title == title)
    return dict(series.points)


def test_small_groups_are_hidden_and_cannot_be_worked_out(records: sessionmaker[Session], knowledge: Knowledge):
    found = figures(records, knowledge, 7, TODAY)
    assert found.totals["berichten"] == 52
    how = by_title(found, "Hoe het afliep")
    assert how == {"beantwoord": 35, "doorgevraagd": None, "niet geweten": 9, "praatje": None,
                   "geen antwoord gekregen": 0}  # fmt: skip
    regions = by_title(found, "Landsdelen")
    assert regions["Landsdeel Noord" if "Landsdeel Noord" in regions else "Noord"] is None
    assert by_title(found, "Wat bezoekers ervan vonden") == {"nuttig": 20, "niet nuttig": 9}


def test_days_and_hours_are_those_of_the_clock_here(records: sessionmaker[Session], knowledge: Knowledge):
    found = figures(records, knowledge, 7, TODAY)
    hours = by_title(found, "Uren van de dag")
    assert hours["23 uur"] == 52  # 22:30 in UTC
    days = by_title(found, "Berichten in de tijd")
    assert len(days) == 7
    assert sum(days.values()) == 52


def test_what_is_no_longer_kept_as_text_still_counts(records: sessionmaker[Session], knowledge: Knowledge):
    found = figures(records, knowledge, 91, TODAY)
    assert found.totals["berichten"] == 82
    assert by_title(found, "Hoe het afliep")["beantwoord"] == 65
    assert by_title(found, "Thema's")["Stages en leerbanen"] == 50


def test_the_speed_of_a_few_messages_is_not_shown(tmp_path: Path, knowledge: Knowledge):
    sessions = open_records(f"sqlite:///{tmp_path / 'leeg.db'}")
    with sessions.begin() as session:
        session.add(Exchange(channel="rest", conversation="g", message_id="1", question="v", kind="answer", items=[],
                             asked_at=datetime.now(UTC).replace(tzinfo=None), reply=[], seconds=1.0))  # fmt: skip
    found = figures(sessions, knowledge, 7, datetime.now(UTC).date().replace(day=28))
    assert found.totals["doorlooptijd, mediaan (s)"] is None
    assert found.totals["gesprekken"] in (0, None)


def test_the_spreadsheet_has_what_the_page_has_and_no_more(records: sessionmaker[Session], knowledge: Knowledge):
    rows = list(csv.reader(io.StringIO(as_csv(figures(records, knowledge, 7, TODAY))), delimiter=";"))
    assert ["Hoe het afliep", "doorgevraagd", "te weinig", "berichten"] in rows
    assert ["Hoe het afliep", "beantwoord", "35", "berichten"] in rows
    assert ["totaal", "berichten", "52", ""] in rows


def test_a_label_cannot_become_a_formula():
    found = Figures(TODAY, TODAY, {}, [Series("x", "x", [("=HYPERLINK(1)", 7)])])
    assert "'=HYPERLINK(1)" in as_csv(found)


def test_bars_stand_on_the_floor_and_reach_to_their_value():
    drawn = plot([("a", 10), ("b", 5), ("c", None), ("d", 0)])
    tall, half, hidden, nothing = drawn.bars
    assert tall.height == pytest.approx(2 * half.height, abs=0.2)
    assert all(bar.y + bar.height == pytest.approx(drawn.floor, abs=0.2) for bar in drawn.bars)
    assert hidden.hidden
    assert not nothing.hidden
    assert [value for _, value in drawn.lines] == [0, 5, 10]


def test_nothing_to_draw_is_drawn_too():
    assert plot([]).bars == []
    assert plot([("a", None)]).bars[0].height == 0
