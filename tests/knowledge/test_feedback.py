from pathlib import Path

from sqlalchemy import text

from bot.knowledge.feedback import Choice, Feedback


def test_choices_are_counted_the_most_frequent_first(tmp_path: Path):
    feedback = Feedback(f"sqlite:///{tmp_path / 'nieuw' / 'feedback.db'}")
    assert feedback.choices() == []
    for chosen in ("b", "a", "b"):
        feedback.record("wat kost het", ["A?", "B?"], chosen)
    assert feedback.choices() == [Choice("wat kost het", "b", 2), Choice("wat kost het", "a", 1)]


def test_a_broken_store_costs_no_answer(tmp_path: Path):
    feedback = Feedback(f"sqlite:///{tmp_path / 'feedback.db'}")
    with feedback._engine.begin() as connection:
        connection.execute(text("DROP TABLE keuze"))
    feedback.record("wat kost het", ["A?"], "a")
