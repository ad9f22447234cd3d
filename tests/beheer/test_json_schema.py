"""The schema for editors is that of the check, and fits every file that there is."""

import json

import jsonschema_rs
import pytest

from bot.beheer.json_schema import FOLDER, editor_settings, schema_files
from bot.knowledge.files import compose, value_of
from bot.knowledge.layout import PARTS
from tests.conftest import ROOT

KNOWLEDGE = ROOT / "knowledge"


def test_the_written_schema_is_current():
    written = {path.name: path.read_text("utf-8") for path in (KNOWLEDGE / FOLDER).iterdir()}
    assert written == schema_files(), "schrijf het opnieuw met: techniekpact schema"
    assert (ROOT / ".vscode/settings.json").read_text("utf-8") == editor_settings()


@pytest.mark.parametrize("name", PARTS)
def test_it_takes_every_file_and_refuses_what_the_check_refuses(name: str):
    validator = jsonschema_rs.validator_for(json.loads(schema_files()[f"{name}.json"]))
    paths = [path for pattern in PARTS[name].patterns for path in sorted(KNOWLEDGE.glob(pattern))]
    for path in paths:
        data = value_of(compose(path.read_text("utf-8")))
        assert [error.message for error in validator.iter_errors(data)] == [], path
        entry = data[0] if isinstance(data, list) else data
        assert not validator.is_valid([{**entry, "verzonnen": 1}]), path
