"""The website channel on the really running assistant: nobody reads along, nothing is answered twice, all is erased."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Assistant

PATH = "/webhooks/website"


@dataclass
class Visitor:
    """One conversation of the widget."""

    client: httpx.Client
    session: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session['token']}"}

    def send(self, text: str, message_id: str | None = None) -> httpx.Response:
        body = {"id": message_id or str(uuid4()), "text": text}
        return self.client.post(f"{PATH}/messages", json=body, headers=self.headers)

    def ask(self, text: str) -> dict[str, Any]:
        response = self.send(text)
        assert response.status_code == 200, response.text
        return response.json()

    def history(self) -> list[dict[str, Any]]:
        response = self.client.get(f"{PATH}/messages", headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()["exchanges"]


@pytest.fixture
def begin(client: httpx.Client) -> Callable[..., Visitor]:
    def start(**body: str) -> Visitor:
        response = client.post(f"{PATH}/session", json=body)
        assert response.status_code == 201, response.text
        return Visitor(client, response.json())

    return start


@pytest.fixture
def web_visitor(begin: Callable[..., Visitor]) -> Visitor:
    return begin()


def test_start_questions_follow_the_page(begin: Callable[..., Visitor]):
    general, stages = begin(), begin(topic="stages")
    assert len(general.session["questions"]) == 4
    assert stages.session["questions"][0] == "Waar vind ik een stage in de techniek?"
    assert len(stages.session["questions"]) == 3
    assert begin(topic="bestaat-niet").session["questions"] == general.session["questions"]
    assert general.session["contact"]["url"].startswith("https://")


def test_every_start_question_is_answered(begin: Callable[..., Visitor]):
    for question in begin(topic="omscholing").session["questions"]:
        assert begin().ask(question)["kind"] == "answer", question


def test_an_answer_has_its_sources_apart(web_visitor: Visitor):
    reply = web_visitor.ask("waar vind ik een stage in de techniek")
    assert (reply["kind"], reply["items"]) == ("answer", ["stage-zoeken"])
    text = reply["messages"][-1]["text"]
    assert "stagemarkt.nl" in text
    assert "Bron:" not in text
    assert reply["source_line"].startswith("Bron: ")
    assert reply["sources"]
    assert web_visitor.history() == [reply]


def test_a_second_sending_is_answered_once(web_visitor: Visitor, assistant: Assistant):
    message_id = str(uuid4())
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: web_visitor.send("wat is het techniekpact", message_id).json(), range(8)))
    assert replies == [replies[0]] * 8
    assert web_visitor.send("wat is het techniekpact", message_id).json() == replies[0]
    assert len(web_visitor.history()) == 1
    with sqlite3.connect(assistant.state / "gesprekken.db") as database:
        said = "SELECT count(*) FROM events WHERE type_name = 'user' AND data LIKE ?"
        assert database.execute(said, (f"%{message_id}%",)).fetchone() == (1,)


def test_a_conversation_goes_on(web_visitor: Visitor):
    web_visitor.ask("bij welk landsdeel hoort Zwolle")
    assert "landsdeel-zuidoost" in web_visitor.ask("en eindhoven?")["items"]


def test_after_two_misses_there_is_a_way_to_a_human(web_visitor: Visitor):
    offered = [web_visitor.ask(text)["offer_contact"] for text in ("hoe bak ik pannenkoeken", "wie won de voetbal")]
    assert offered == [False, True]
    assert [each["offer_contact"] for each in web_visitor.history()] == offered
    assert web_visitor.ask("waar vind ik een stage in de techniek")["offer_contact"] is False


def test_feedback_is_kept_and_replaced(web_visitor: Visitor):
    message_id = web_visitor.ask("wat is het techniekpact")["id"]
    for body in ({"useful": True}, {"useful": False, "reason": "onduidelijk", "text": "bel 06-12345678"}):
        sent = web_visitor.client.post(f"{PATH}/feedback", json={"id": message_id, **body}, headers=web_visitor.headers)
        assert sent.status_code == 204, sent.text
    assert web_visitor.history()[0]["feedback"] == {"useful": False, "reason": "onduidelijk"}
    unknown = {"id": str(uuid4()), "useful": True}
    assert web_visitor.client.post(f"{PATH}/feedback", json=unknown, headers=web_visitor.headers).status_code == 404


def test_erased_is_gone_everywhere(web_visitor: Visitor, assistant: Assistant):
    word = f"woord{uuid4().hex}"  # nobody else said it
    web_visitor.ask(f"iets over {word} en stages")
    assert _places_with(assistant, word.encode())
    assert web_visitor.client.delete(f"{PATH}/conversation", headers=web_visitor.headers).status_code == 204
    assert web_visitor.send("hallo").status_code == 401
    assert _places_with(assistant, word.encode()) == []


def _places_with(assistant: Assistant, text: bytes) -> list[str]:
    return [path.name for path in assistant.state.parent.rglob("*.db*") if text in path.read_bytes()]


@pytest.mark.parametrize("token", ["-", "x", "IndlYjphYmMi.aSdF.xxxxxxxx", "é"])
def test_a_made_up_token_opens_nothing(client: httpx.Client, token: str):
    headers = {"Authorization": f"Bearer {token}".encode()}
    for method, path in (("GET", "messages"), ("DELETE", "conversation")):
        response = client.request(method, f"{PATH}/{path}", headers=headers)
        assert response.status_code == 401
        assert response.json()["hoe"]


def test_a_token_opens_its_own_conversation_only(begin: Callable[..., Visitor]):
    one, other = begin(), begin()
    one.ask("wat is het techniekpact")
    assert other.history() == []
    forged = other.session["token"].split(".")
    forged[0] = one.session["token"].split(".")[0]
    other.session["token"] = ".".join(forged)
    assert other.send("hallo").status_code == 401


def test_no_other_channel_reaches_a_website_conversation(client: httpx.Client):
    response = client.post("/webhooks/rest/webhook", json={"sender": "web:abc", "message": "hallo"})
    assert response.status_code == 422
    assert "sender" in response.json()["fout"]


def test_other_sites_are_refused_unless_allowed(client: httpx.Client):
    foreign = client.post(f"{PATH}/session", json={}, headers={"Origin": "https://kwaad.example"})
    assert foreign.status_code == 403
    assert "access-control-allow-origin" not in foreign.headers
    own = client.post(f"{PATH}/session", json={}, headers={"Origin": str(client.base_url).rstrip("/")})
    assert own.status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "geen-uuid", "text": "hallo"}, 422),
        ({"id": str(uuid4())}, 422),
        ({"id": str(uuid4()), "text": "x" * 20_001}, 422),
        ({"id": str(uuid4()), "text": "x" * 300_000}, 413),
        ({"id": str(uuid4()), "text": "hallo", "extra": 1}, 422),
    ],
)
def test_bad_messages_are_refused_in_dutch(web_visitor: Visitor, body: dict[str, Any], status: int):
    response = web_visitor.client.post(f"{PATH}/messages", json=body, headers=web_visitor.headers)
    assert response.status_code == status
    assert response.json()["fout"]
    assert response.json()["hoe"]


def test_a_message_that_is_too_long_gets_a_friendly_reply(web_visitor: Visitor):
    reply = web_visitor.ask("woord " * 1000)
    assert reply["kind"] == "fallback"
    assert "te lang" in reply["messages"][0]["text"]


def test_a_body_without_a_length_is_limited_too(client: httpx.Client):
    def endless():
        for _ in range(400):
            yield b"x" * 1000

    response = client.post(f"{PATH}/session", content=endless())
    assert response.status_code == 413
