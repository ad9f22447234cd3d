from datetime import date, datetime

import pytest

from bot.beheer.care import addresses, due, feeding, source_addresses
from bot.knowledge.schema import Item, Knowledge
from bot.records.links import LinkCheck

TODAY = date(2026, 11, 25)
STAGE = "stage-zoeken"


def with_stage(knowledge: Knowledge, **changed) -> Knowledge:
    item = knowledge.item(STAGE).model_copy(update=changed)
    items = [item if each.id == STAGE else each for each in knowledge.items]
    return knowledge.model_copy(update={"items": items})


def reasons(knowledge: Knowledge, checks: dict[str, LinkCheck] | None = None) -> list[str]:
    found = due(knowledge, checks or {}, TODAY)
    return [reason.text for each in found if each.part.id == STAGE for reason in each.reasons]


@pytest.fixture
def stage(knowledge: Knowledge) -> Item:
    return knowledge.item(STAGE)


def checked(address: str, outcome: str = "goed", changed_at: datetime | None = None) -> dict[str, LinkCheck]:
    return {address: LinkCheck(address=address, outcome=outcome, detail="", changed_at=changed_at)}


def test_what_was_looked_at_lately_needs_nothing(knowledge: Knowledge):
    assert reasons(with_stage(knowledge, gecontroleerd_op=TODAY)) == []


def test_a_date_that_has_passed(knowledge: Knowledge):
    found = reasons(with_stage(knowledge, gecontroleerd_op=TODAY, geldig_tot=date(2026, 11, 24)))
    assert found == ["Geldig tot 24-11-2026, en dat is voorbij."]
    assert reasons(with_stage(knowledge, gecontroleerd_op=TODAY, geldig_tot=TODAY)) == []


def test_not_looked_at_for_a_year(knowledge: Knowledge):
    assert "meer dan een jaar" in reasons(with_stage(knowledge, gecontroleerd_op=date(2025, 11, 24)))[0]
    assert reasons(with_stage(knowledge, gecontroleerd_op=date(2025, 11, 25))) == []


def test_a_source_that_is_newer_than_the_answer(knowledge: Knowledge, stage: Item):
    source = knowledge.bron(stage.bronnen[0]).model_copy(update={"datum": "2026-11-20"})
    sources = [source if each.id == source.id else each for each in knowledge.bronnen]
    newer = with_stage(knowledge, gecontroleerd_op=date(2026, 11, 1)).model_copy(update={"bronnen": sources})
    assert "nieuwer dan dit antwoord" in reasons(newer)[0]


def test_a_page_of_a_source_that_changed(knowledge: Knowledge, stage: Item):
    source = knowledge.bron(stage.bronnen[0]).model_copy(update={"adres": "https://bron.example/"})
    sources = [source if each.id == source.id else each for each in knowledge.bronnen]
    known = with_stage(knowledge, gecontroleerd_op=date(2026, 11, 1)).model_copy(update={"bronnen": sources})
    assert reasons(known, checked("https://bron.example/", changed_at=datetime(2026, 10, 1))) == []
    found = reasons(known, checked("https://bron.example/", changed_at=datetime(2026, 11, 9)))
    assert "veranderd: 09-11-2026" in found[0]


def test_an_address_that_leads_nowhere(knowledge: Knowledge, stage: Item):
    fresh = with_stage(knowledge, gecontroleerd_op=TODAY)
    assert "werkt niet" in reasons(fresh, checked(stage.links[0].url, "weg"))[0]
    assert reasons(fresh, checked(stage.links[0].url, "weigert")) == []


def test_the_longest_overdue_comes_first(knowledge: Knowledge):
    dates = [each.checked for each in due(knowledge, {}, date(2030, 1, 1)) if each.checked]
    assert dates == sorted(dates)
    assert len(dates) >= len(knowledge.items)


def test_every_address_is_found_wherever_it_stands(knowledge: Knowledge, stage: Item):
    told = with_stage(knowledge, antwoord="Kijk op https://voorbeeld.example/pad, of bel (https://tweede.example).")
    found = addresses(told)
    assert {"https://voorbeeld.example/pad", "https://tweede.example"} <= found.keys()
    assert stage.links[0].url in found
    assert source_addresses(knowledge) <= found.keys()
    assert any(part.kind == "organisatie" for parts in found.values() for part in parts)
    assert not any(address.startswith("mailto:") for address in found)


def test_which_source_feeds_what(knowledge: Knowledge, stage: Item):
    found = {each.source.id: [part.id for part in each.parts] for each in feeding(knowledge, {})}
    assert STAGE in found[stage.bronnen[0]]
    assert found.keys() == {source.id for source in knowledge.bronnen}
