"""What tests share: the checked knowledge, a scratch copy of it, and one really running assistant."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser
from sqlalchemy import text

from benchmarks.browser import chromium, open_browser
from benchmarks.postgres import NotInstalledError, running_postgres
from benchmarks.questions import kind_of, text_of
from benchmarks.server import running_assistant
from bot.database import open_engine
from bot.knowledge.check import check
from bot.knowledge.schema import Knowledge

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
IN_CI = bool(os.environ.get("CI"))


def skip_unless_ci(reason: str) -> None:
    """Skip with a reason; in CI a missing part is a failure."""
    if IN_CI:
        pytest.fail(f"in CI nothing is skipped: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    found, problems = check(ROOT / "knowledge")
    assert found, "\n".join(map(str, problems))
    return found


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return a copy of the knowledge that a test may change."""
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Yield the address of a PostgreSQL server of our own."""
    try:
        with running_postgres() as server:
            yield server.url()
    except NotInstalledError as error:
        skip_unless_ci(str(error))


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """Return the address of a PostgreSQL database without any table."""
    with open_engine(postgres).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return postgres


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of each kind that is used."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gegevens.db'}"
    return request.getfixturevalue("empty_postgres")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield Chromium. It does not outlive a module: while it runs, no other event loop can."""
    path = chromium()
    if not path:
        skip_unless_ci("Chromium is not installed, and this user may not install it")
    with open_browser(path) as started:
        yield started


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the source documents are not beside this clone")
    return folder


@dataclass
class Conversation:
    """One visitor who talks to the running assistant over REST."""

    client: httpx.Client
    sender: str = field(default_factory=lambda: f"test-{uuid.uuid4()}")
    messages: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> str:
        """Send a message, keep the reply in `messages` and return its text."""
        response = self.client.post("/webhooks/rest/webhook", json={"sender": self.sender, "message": text})
        assert response.status_code == 200, response.text
        self.messages = response.json()
        assert "custom" in self.messages[-1], self.messages
        return text_of(self.messages)

    @property
    def kind(self) -> str:
        return kind_of(self.messages)

    @property
    def items(self) -> list[str]:
        return self.messages[-1]["custom"]["items"]

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message.get("buttons", ())]


@dataclass(frozen=True)
class Assistant:
    """The running assistant, with the scratch knowledge that it answers from."""

    address: str
    knowledge: Path
    state: Path
    environment: dict[str, str]

    def publish(self, expect: int = 0) -> str:
        """Publish its knowledge as it is now; return what the command says."""
        command, environment = [sys.executable, "-m", "bot", "publish"], {**os.environ, **self.environment}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Start the real thing, as `make run` does, on a copy of the knowledge."""
    folder = tmp_path_factory.mktemp("assistent")
    shutil.copytree(ROOT / "knowledge", folder / "knowledge")
    environment = {
        "KNOWLEDGE_FOLDER": str(folder / "knowledge"),
        "KNOWLEDGE_DATABASE_URL": f"sqlite:///{folder / 'kennis.db'}",
        "RECORDS_DATABASE_URL": f"sqlite:///{folder / 'administratie.db'}",
        "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'var' / 'gesprekken.db'}",
        "STATE_FOLDER": str(folder / "var"),
        "ALLOWED_ORIGINS": "http://school.localhost",
        "REQUESTS_PER_ADDRESS": "60000/minute",  # all tests come from one address
        "RASA_TOKEN": "-een-geheim-mag-met-een-streep-beginnen",
    }
    with running_assistant(**environment) as address:
        yield Assistant(address, folder / "knowledge", folder / "var", environment)


@pytest.fixture(scope="session")
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=assistant.address, timeout=60, trust_env=False) as session:
        yield session


@pytest.fixture
def visitor(client: httpx.Client) -> Conversation:
    return Conversation(client)


@pytest.fixture
def new_visitor(client: httpx.Client) -> Callable[[], Conversation]:
    return lambda: Conversation(client)
