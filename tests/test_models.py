"""A model reaches other machines whole and signed, or not at all."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.database import open_engine
from bot.models import KEPT, Model, Models, UntrustedModelError


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'kennis.db'}"


def trained(folder: Path, content: bytes = b"een model") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "techniekpact.tar.gz"
    path.write_bytes(content)
    (folder / "techniekpact.json").write_text(json.dumps({"digest": content.decode()}), "utf-8")
    return path


def machine(url: str, secret: str = "geheim", code: str = "a") -> Models:
    return Models(secret, url, lambda: code)


def test_a_model_that_is_shared_is_fetched_whole_with_its_record(url: str, tmp_path: Path):
    here, there = trained(tmp_path / "hier"), tmp_path / "daar" / "techniekpact.tar.gz"
    assert machine(url).fetch(there) is False
    assert machine(url).share(here) is True
    assert machine(url).share(here) is False
    assert machine(url).fetch(there) is True
    assert there.read_bytes() == here.read_bytes()
    assert there.with_name("techniekpact.json").read_text() == here.with_name("techniekpact.json").read_text()
    assert machine(url).fetch(there) is False
    assert sorted(path.name for path in there.parent.iterdir()) == ["techniekpact.json", "techniekpact.tar.gz"]


def test_the_newest_model_wins(url: str, tmp_path: Path):
    there = tmp_path / "daar" / "techniekpact.tar.gz"
    for number in range(KEPT + 2):
        machine(url).share(trained(tmp_path / "hier", b"model %d" % number))
    assert machine(url).fetch(there)
    assert there.read_bytes() == b"model %d" % (KEPT + 1)


@pytest.mark.parametrize("changed", [{"body": b"iets anders"}, {"record": "{}"}, {"signature": "0" * 64}])
def test_a_model_that_was_changed_on_its_way_is_refused(url: str, tmp_path: Path, changed: dict):
    there = trained(tmp_path / "daar", b"wat er stond")
    machine(url).share(trained(tmp_path / "hier"))
    with open_engine(url).begin() as connection:
        connection.execute(update(Model).values(**changed))
    with pytest.raises(UntrustedModelError, match="MODEL_SECRET"):
        machine(url).fetch(there)
    assert there.read_bytes() == b"wat er stond"


def test_a_model_of_who_does_not_know_the_secret_is_refused(url: str, tmp_path: Path):
    machine(url, secret="geraden").share(trained(tmp_path / "hier"))
    with pytest.raises(UntrustedModelError):
        machine(url).fetch(tmp_path / "daar" / "techniekpact.tar.gz")


def test_a_machine_takes_only_models_of_its_own_code(url: str, tmp_path: Path):
    machine(url, code="oud").share(trained(tmp_path / "oud", b"oud"))
    machine(url, code="nieuw").share(trained(tmp_path / "nieuw", b"nieuw"))
    there = tmp_path / "daar" / "techniekpact.tar.gz"
    assert machine(url, code="oud").fetch(there)
    assert there.read_bytes() == b"oud"
