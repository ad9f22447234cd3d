"""A gateway by itself, really listening, with tight limits and no Rasa behind it; and a way to send it raw bytes."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.server import wait_for
from bot.knowledge.schema import Knowledge
from bot.knowledge.store import Store
from bot.processes import free_ports
from bot.roles import server_options
from bot.settings import Settings
from tests.conftest import ROOT

REQUESTS_PER_ADDRESS = 40


@pytest.fixture(scope="package")
def lone_gateway(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("poort")
    Store(f"sqlite:///{folder / 'kennis.db'}").publish(knowledge, "test")
    (port,) = free_ports(1)
    environment = {
        **os.environ,
        **{f"{name}_DATABASE_URL": f"sqlite:///{folder / name}.db" for name in ("RECORDS", "TRACKER")},
        "KNOWLEDGE_DATABASE_URL": f"sqlite:///{folder / 'kennis.db'}",
        "STATE_FOLDER": str(folder),
        "RASA_URL": "http://127.0.0.1:9",
        "REQUESTS_PER_ADDRESS": f"{REQUESTS_PER_ADDRESS}/minute",
        "METRICS_TOKEN": "meten-is-weten",
        "REST_TOKEN": "voor-servers",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "bot.website.app:create_app", "--port", str(port)]
    with subprocess.Popen([*command, *server_options(Settings())], cwd=ROOT, env=environment) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/api/ready", process, 120)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
def lone_client(lone_gateway: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lone_gateway, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def send_raw(lone_gateway: str) -> Callable[[bytes], bytes]:
    """Return what sends bytes as they are, where a client would tidy them up, and reads the answer."""
    address = httpx.URL(lone_gateway)

    def send(request: bytes) -> bytes:
        with socket.create_connection((address.host, address.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while chunk := connection.recv(65_536):
                answer += chunk
            return answer

    return send
