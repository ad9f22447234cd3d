"""The description of the website channel is current, and the running gateway keeps to it whatever is sent."""

import json

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from bot.website.app import create_app
from bot.website.openapi import description
from tests.conftest import ROOT

FILE = ROOT / "docs/website.openapi.json"
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)

schema = schemathesis.openapi.from_path(str(FILE))


def test_the_description_is_current(monkeypatch: pytest.MonkeyPatch, tmp_path):
    for name in ("RECORDS", "TRACKER", "KNOWLEDGE"):
        monkeypatch.setenv(f"{name}_DATABASE_URL", f"sqlite:///{tmp_path / name}.db")
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    assert json.loads(FILE.read_text("utf-8")) == description(create_app())


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_gateway_keeps_to_its_description(case: schemathesis.Case, client: httpx.Client):
    token = client.post("/webhooks/website/session", json={}).json()["token"]
    case.call_and_validate(
        base_url=str(client.base_url),
        headers={"Authorization": f"Bearer {token}"},
        checks=CHECKS.get_by_names(CHECKED),
    )
