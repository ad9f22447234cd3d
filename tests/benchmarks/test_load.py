"""The load that is driven is bounded, counts what it sees, and its report says it."""

import pytest

from benchmarks.load import Figures, arguments, by_turn, report
from benchmarks.visitors import Load, drive
from tests.conftest import Assistant

QUESTIONS = ["waar vind ik een stage", "wat is het techniekpact", "bij welk landsdeel hoort Zwolle"]


def test_several_clients_are_all_answered(assistant: Assistant):
    row = drive(assistant.address, QUESTIONS, clients=4, seconds=1).row()
    assert row["errors"] == row["refused"] == 0
    assert row["messages"] >= 4
    assert row["p50_ms"] <= row["p95_ms"] <= row["p99_ms"]


def test_an_address_where_nothing_listens_gives_errors_only():
    row = drive("http://127.0.0.1:9", QUESTIONS, clients=2, seconds=0.2).row()
    assert row["messages"] == 0
    assert row["errors"] >= 2


def test_a_long_conversation_is_measured_by_turn(assistant: Assistant):
    rows = by_turn(assistant.address, QUESTIONS, [2, 4])
    assert [row["turn"] for row in rows] == [2, 4]
    assert all(row["p50_ms"] > 0 for row in rows)


def test_refusals_are_told_apart_from_errors():
    load = Load(1, seconds=1, taken=[1.0, 2.0])
    load.statuses.update({"200": 2, "429": 3, "503": 1, "ReadTimeout": 1})
    assert (load.row()["refused"], load.row()["errors"]) == (3, 2)


def test_growth_of_memory_leaves_the_beginning_out():
    measured = Figures("x", memory=[{"resident_mb": mb} for mb in [50, 90, 100, 100, 105]])
    assert measured.growth == pytest.approx(100 * (105 / 90 - 1))
    assert Figures("x").growth is None


def test_the_report_has_every_setup():
    options = arguments(["--clients", "1", "--turns", "10"])
    measured = [
        Figures(name, 3.0, [Load(1, 1.0, [1.0, 2.0]).row() | {"cpu_ms": 7.0}], [{"turn": 10, "p50_ms": 5.0}])
        for name in ("een", "twee")
    ]
    text = report(measured, options)
    assert "| een | 1 | 2.0 |" in text
    assert "| 0 | 0 | 7 |" in text
    assert "| twee | 3 | 5 | – | – |" in text
