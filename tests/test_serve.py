"""The processes are started together, restarted when one dies and stopped together."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from benchmarks.server import wait_until_healthy
from bot import serve
from bot.processes import free_ports
from bot.records.database import open_records
from bot.records.tables import Conversation, now
from bot.roles import doors
from bot.settings import Settings
from bot.training import model_path
from tests.conftest import ROOT


@pytest.fixture
def process(tmp_path: Path, unused_port: int):
    environment = {
        **os.environ,
        "PORT": str(unused_port),
        "STATE_FOLDER": str(tmp_path / "var"),
        "KNOWLEDGE_DATABASE_URL": f"sqlite:///{tmp_path / 'kennis.db'}",
    }
    with subprocess.Popen([sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment) as started:
        yield started
        if started.poll() is None:
            started.kill()


@pytest.fixture
def unused_port() -> int:
    return free_ports(1)[0]


def ask(address: str) -> str:
    body = {"sender": "t", "message": "waar vind ik een stage"}
    return httpx.post(f"{address}/webhooks/rest/webhook", json=body, timeout=60, trust_env=False).text


def child(process: subprocess.Popen, mark: str) -> psutil.Process:
    return next(p for p in psutil.Process(process.pid).children() if mark in " ".join(p.cmdline()))


def test_each_process_comes_back_and_all_stop_together(process: subprocess.Popen, unused_port: int):
    address = f"http://127.0.0.1:{unused_port}"
    wait_until_healthy(address, process)
    for mark in ("-m actions", "bot.dialogue.server", "bot.website.app"):
        victim = child(process, mark)
        victim.kill()
        victim.wait(10)
        time.sleep(0.3)
        try:
            response = httpx.get(f"{address}/api/health", timeout=10, trust_env=False)
            assert response.status_code == 503, mark
            assert response.json()["ontbreekt"]
        except httpx.TransportError:
            assert mark == "bot.website.app"
        wait_until_healthy(address, process)
        assert "stagemarkt" in ask(address).lower()

    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert len(gone) >= 3


def test_a_killed_supervisor_leaves_nothing_behind(process: subprocess.Popen, unused_port: int):
    wait_until_healthy(f"http://127.0.0.1:{unused_port}", process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


def test_a_port_that_is_no_number_is_explained():
    done = subprocess.run([sys.executable, "-m", "bot", "serve"], cwd=ROOT, env={**os.environ, "PORT": "vijf"},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "PORT moet een getal zijn" in done.stdout


def test_a_new_model_goes_live_without_a_dropped_message(tmp_path: Path, unused_port: int):
    environment = {
        **os.environ,
        "PORT": str(unused_port),
        "STATE_FOLDER": str(tmp_path / "var"),
        "KNOWLEDGE_DATABASE_URL": f"sqlite:///{tmp_path / 'kennis.db'}",
        "PYTHONUNBUFFERED": "1",
    }
    address, replies, live = f"http://127.0.0.1:{unused_port}", [], threading.Event()
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_until_healthy(address, process)

            def keep_asking() -> None:
                while not live.is_set():
                    replies.append(ask(address))

            visitors = [threading.Thread(target=keep_asking) for _ in range(3)]
            for visitor in visitors:
                visitor.start()
            os.utime(model_path())  # as a training does that has just put its model in place
            assert any("nieuwe model is in gebruik" in line for line in process.stdout)
            live.set()
            for visitor in visitors:
                visitor.join(60)
            replies.append(ask(address))
        finally:
            live.set()
            process.terminate()
    assert len(replies) > 3
    assert [reply for reply in replies if "stagemarkt" not in reply] == []


def test_the_staff_application_is_left_out_when_its_port_is_taken(tmp_path: Path, unused_port: int):
    settings = Settings(state_folder=tmp_path, staff_port=unused_port)
    assert [service.name for service in doors(settings)] == ["website", "beheer"]
    with socket.create_server(("127.0.0.1", unused_port)):
        assert [service.name for service in doors(settings)] == ["website"]


def test_a_long_log_begins_anew_and_is_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serve, "MAX_LOG_BYTES", 10)
    long, short = tmp_path / "website.log", tmp_path / "rasa.log"
    short.write_text("kort\n", "utf-8")
    with long.open("ab", buffering=0) as writer:  # as its process has it open
        writer.write(b"een lange regel\n")
        serve.shorten_logs(tmp_path)
        writer.write(b"daarna\n")
    assert long.read_bytes() == b"daarna\n"
    assert (tmp_path / "website.log.1").read_bytes() == b"een lange regel\n"
    assert short.read_text("utf-8") == "kort\n"
    assert not (tmp_path / "rasa.log.1").exists()


def test_tidying_is_for_the_night():
    seconds = serve._seconds_until(serve.TIDY_AT)
    assert 0 < seconds <= 86_400
    at = datetime.now() + timedelta(seconds=seconds)
    assert abs((at - datetime.combine(at.date(), serve.TIDY_AT)).total_seconds()) < 5


def test_tidying_removes_what_had_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("RECORDS", "TRACKER"):
        monkeypatch.setenv(f"{name}_DATABASE_URL", f"sqlite:///{tmp_path / 'administratie.db'}")
    monkeypatch.setattr(serve, "_seconds_until", lambda _: 0.2)
    records = open_records()
    with records.begin() as session:
        session.add(Conversation(id="web:oud", started_at=now() - timedelta(days=91)))

    async def a_night() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(serve._tidy(Settings(state_folder=tmp_path)), 3)

    asyncio.run(a_night())
    with records() as session:
        assert session.get(Conversation, "web:oud") is None
