"""Each role of a machine runs what belongs to it, and says what it needs."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.roles import doors, local_nodes, with_token
from bot.settings import Role, Settings
from tests.conftest import ROOT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_token(Settings(state_folder=tmp_path, staff_port=0))


def names(settings: Settings, role: Role) -> list[str]:
    nodes = local_nodes(settings, role)
    return [service.name for node in nodes for service in node.services] + [
        service.name for service in doors(settings, role, nodes)
    ]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.ALL, ["acties", "rasa", "website"]),
        (Role.WEBSITE, ["website"]),
        (Role.NODES, ["acties", "rasa"]),
        (Role.STAFF, ["beheer"]),
    ],
)
def test_a_role_runs_what_belongs_to_it(settings: Settings, role: Role, expected: list[str]):
    assert names(settings, role) == expected


def test_the_gateway_knows_every_node_and_only_it_knows_their_token(settings: Settings):
    nodes = local_nodes(replace(settings, nodes=2))
    gateway = doors(settings, Role.ALL, nodes)[0].environment
    assert gateway["RASA_URL"].split() == [node.url for node in nodes]
    for node in nodes:
        actions, rasa = node.services
        assert rasa.environment["RASA_TOKEN"] == gateway["RASA_TOKEN"] != ""
        assert "RASA_TOKEN" not in actions.environment
        assert rasa.environment["ACTION_SERVER_URL"].endswith(f":{actions.command[-1]}/webhook")


def test_nodes_for_other_machines_stand_where_they_are_expected(settings: Settings):
    nodes = local_nodes(replace(settings, nodes=2, node_host="10.0.0.2", node_port=6000), Role.NODES)
    assert [node.url for node in nodes] == ["http://10.0.0.2:6000", "http://10.0.0.2:6001"]


@pytest.mark.parametrize(
    ("role", "given", "missing"),
    [
        ("website", {}, "RASA_URL"),
        ("website", {"RASA_URL": "http://10.0.0.2:5006"}, "RASA_TOKEN"),
        ("knopen", {"RASA_TOKEN": "x"}, "MODEL_SECRET"),
        ("website", {"RASA_URL": "10.0.0.2"}, "RASA_URL"),
    ],
)
def test_a_role_says_what_it_needs(role: str, given: dict[str, str], missing: str):
    environment = {name: value for name, value in os.environ.items() if name not in ("RASA_URL", "RASA_TOKEN")}
    done = subprocess.run([sys.executable, "-m", "bot", "serve", "--alleen", role], cwd=ROOT, text=True,
                          env={**environment, **given}, capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert missing in done.stdout
