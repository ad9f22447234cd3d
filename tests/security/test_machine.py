"""What another user of the machine, or somebody on its network, can reach of the running assistant."""

import hashlib
import json
import os
import re
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from bot.roles import model_is_ours
from bot.training import UnknownModelError, verify_model
from tests.conftest import ROOT, Assistant, Conversation


@pytest.fixture
def processes(assistant: Assistant) -> list[psutil.Process]:
    """Return the processes of the running assistant: its supervisor and all that it started."""
    port = httpx.URL(assistant.address).port
    gateway = next(
        process
        for process in psutil.process_iter()
        if "bot.website.app" in " ".join(_command(process)) and str(port) in _command(process)
    )
    supervisor = gateway.parent()
    return [supervisor, *supervisor.children(recursive=True)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture
def rasa(processes: list[psutil.Process]) -> str:
    command = next(_command(process) for process in processes if "bot.dialogue.server" in _command(process))
    return f"http://127.0.0.1:{command[command.index('--port') + 1]}"


def connections(processes: list[psutil.Process]) -> Iterator:
    for process in processes:
        yield from process.net_connections(kind="inet")


def test_all_listen_on_loopback_only(processes: list[psutil.Process]):
    listening = {each.laddr.ip for each in connections(processes) if each.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_nobody_outside_is_spoken_to(processes: list[psutil.Process], visitor: Conversation):
    """Sampled all through a conversation: no part has a connection, or tries one, but on loopback."""
    strangers = set()
    for text in ("hallo", "waar vind ik een stage in Zwolle", "en hoeveel is dat", "hoe bak ik pannenkoeken"):
        visitor.say(text)
        for _ in range(10):
            strangers |= {each.raddr for each in connections(processes) if each.raddr and each.raddr.ip != "127.0.0.1"}
            time.sleep(0.02)
    assert strangers == set()


def test_rasa_reports_to_nobody(processes: list[psutil.Process]):
    environment = next(each.environ() for each in processes if "bot.dialogue.server" in _command(each))
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/status"),
        ("PUT", "/model"),
        ("GET", "/conversations/web:a/tracker"),
        ("POST", "/conversations/web:a/messages"),
        ("POST", "/model/parse"),
        ("GET", "/domain"),
        ("GET", "/webhooks/gateway/parts"),
        ("POST", "/webhooks/gateway/webhook"),
    ],
)
def test_rasa_does_nothing_for_who_has_no_token(rasa: str, method: str, path: str):
    for query in ("", "?token=", "?token=fout"):
        body = {"sender": "a", "message": "hallo", "metadata": {}, "model_file": "/tmp/kwaad.tar.gz"}
        reply = httpx.request(method, f"{rasa}{path}{query}", json=body, timeout=30, trust_env=False)
        assert reply.status_code == 401, reply.text


def test_rasas_own_channels_are_not_there(rasa: str):
    for channel in ("rest", "callback", "socketio"):
        assert httpx.post(f"{rasa}/webhooks/{channel}/webhook", json={}, trust_env=False).status_code == 404


def test_no_secret_stands_on_a_command_line_or_in_a_file_of_ours(assistant: Assistant, processes: list[psutil.Process]):
    token = next(each.environ()["RASA_TOKEN"] for each in processes if "bot.dialogue.server" in _command(each))
    session = (assistant.state / "geheim").read_text("ascii")
    for secret in (token, session):
        assert [each.pid for each in processes if secret in " ".join(_command(each))] == []
        for path in [*assistant.state.rglob("*.log"), *assistant.state.parent.glob("*.db")]:
            assert secret.encode() not in path.read_bytes(), path


def test_other_users_of_the_machine_read_nothing(assistant: Assistant, visitor: Conversation):
    visitor.say("hallo")
    assert stat.S_IMODE(assistant.state.stat().st_mode) == 0o700
    beside = [*assistant.state.parent.glob("administratie.db*"), assistant.state / "geheim"]
    assert len(beside) > 1
    assert [path for path in beside if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_the_code_holds_no_secret():
    """Names of settings, not their values; keys and passwords have a form of their own."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    pattern = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[0-9A-Za-z-]{10}"
        rb"|(?:TOKEN|SECRET|PASSWORD)=[A-Za-z0-9_-]{16,}"
    )
    found = [
        name for name in files if name and Path(ROOT / name).is_file() and pattern.search((ROOT / name).read_bytes())
    ]
    assert found == []


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Return a folder with a model and what the training wrote down of it."""
    (tmp_path / "techniekpact.tar.gz").write_bytes(b"een model")
    digest = hashlib.sha256(b"een model").hexdigest()
    (tmp_path / "techniekpact.json").write_text(json.dumps({"digest": "", "sha256": digest}), "utf-8")
    return tmp_path


def test_a_model_of_our_own_is_taken(models: Path):
    verify_model(models)


@pytest.mark.parametrize("record", ["{", "{}", "[]", '{"sha256": null}', None])
def test_a_model_of_unknown_making_is_not(models: Path, record: str | None):
    file = models / "techniekpact.json"
    file.unlink() if record is None else file.write_text(record, "utf-8")
    with pytest.raises(UnknownModelError, match="Train opnieuw"):
        verify_model(models)


def test_a_model_that_was_swapped_is_refused(models: Path, monkeypatch: pytest.MonkeyPatch):
    (models / "techniekpact.tar.gz").write_bytes(b"een ander model")
    with pytest.raises(UnknownModelError, match="niet het model dat hier is getraind"):
        verify_model(models)
    monkeypatch.chdir(models)
    os.mkdir("models")
    assert model_is_ours() is False


def test_everything_is_installed_by_hash():
    for name in ("app.txt", "rasa.txt", "uv.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        requirements = [line for line in text.replace("\\\n", " ").splitlines() if line[:1].isalnum()]
        assert requirements
        assert [each for each in requirements if "--hash=sha256:" not in each] == []
