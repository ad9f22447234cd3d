"""A conversation is its visitor's: nobody guesses it, reads it or is lured into changing it."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.website.sessions import InvalidTokenError, Tokens, load_secret, new_conversation
from tests.conftest import Assistant

PATH = "/webhooks/website"
TRIES = 200


@pytest.fixture
def begin(client: httpx.Client) -> Callable[[], str]:
    return lambda: client.post(f"{PATH}/session", json={}).json()["token"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_an_id_cannot_be_guessed():
    names = {new_conversation() for _ in range(10_000)}
    assert len(names) == 10_000
    assert all(len(name) >= 32 for name in names)  # 24 random bytes: 192 bits


def test_guesses_open_nothing_and_all_look_the_same(client: httpx.Client, begin: Callable[[], str]):
    """Made up, signed with another secret, erased: the answer tells not which it was."""
    real = begin()
    erased = begin()
    assert client.delete(f"{PATH}/conversation", headers=bearer(erased)).status_code == 204
    other_secret = URLSafeTimedSerializer(secrets.token_urlsafe(32), salt="gesprek")
    head, _, tail = real.rpartition(".")
    guesses = [
        erased,
        "-",
        "a.b.c",
        head,
        f"{head}.{tail[::-1]}",
        other_secret.dumps(new_conversation()),
        urlsafe_b64encode(json.dumps("web:a").encode()).decode(),
        *(secrets.token_urlsafe(60) for _ in range(TRIES)),
    ]
    answers = {(reply.status_code, reply.text) for reply in
               (client.get(f"{PATH}/messages", headers=bearer(guess)) for guess in guesses)}  # fmt: skip
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


def test_a_signature_of_another_kind_of_token_is_no_signature():
    secret = secrets.token_urlsafe(32)
    with pytest.raises(InvalidTokenError):
        Tokens(secret, 60).read(URLSafeTimedSerializer(secret, salt="iets anders").dumps("web:a"))


def test_a_token_holds_for_a_while_only(monkeypatch: pytest.MonkeyPatch):
    tokens = Tokens(secrets.token_urlsafe(32), max_age_seconds=60)
    token = tokens.issue("web:a")
    assert tokens.read(token) == "web:a"
    tokens.max_age_seconds = -1
    with pytest.raises(InvalidTokenError):
        tokens.read(token)


def test_the_id_in_another_place_than_the_token_is_not_looked_at(client: httpx.Client):
    for name in ("token", "conversation", "sender", "id"):
        assert client.get(f"{PATH}/messages", params={name: "web:a"}).status_code == 401
        assert client.get(f"{PATH}/messages", headers={"Cookie": f"{name}=web:a"}).status_code == 401


def test_one_visitor_reads_nothing_of_another(client: httpx.Client, begin: Callable[[], str]):
    mine, other = begin(), begin()
    said = {"id": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "text": "ik zoek een zeldzaamwoord"}
    assert client.post(f"{PATH}/messages", json=said, headers=bearer(mine)).status_code == 200
    # Not by its id either: feedback on it, or the same id in another conversation.
    judged = client.post(f"{PATH}/feedback", json={"id": said["id"], "useful": True}, headers=bearer(other))
    assert judged.status_code == 404
    same_id = client.post(f"{PATH}/messages", json={**said, "text": "hallo"}, headers=bearer(other)).json()
    assert "zeldzaamwoord" not in json.dumps(same_id)
    assert len(client.get(f"{PATH}/messages", headers=bearer(other)).json()["exchanges"]) == 1


def test_a_strange_site_cannot_act_for_a_visitor(client: httpx.Client):
    """There is no cookie that a browser would send along, and no permission to read the answer."""
    strange = {"Origin": "https://kwaad.example"}
    for form in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=a"):
        headers = {**strange, "Content-Type": form}
        assert client.post(f"{PATH}/session", content=b"{}", headers=headers).status_code == 403
    asked = {**strange, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
    allowed = client.options(f"{PATH}/conversation", headers=asked)
    assert "access-control-allow-origin" not in allowed.headers
    assert "access-control-allow-credentials" not in allowed.headers
    assert list(client.cookies.jar) == []


def test_origins_that_only_look_like_ours_are_refused(client: httpx.Client):
    host = client.base_url.netloc.decode()
    for origin in ("null", f"http://{host}.kwaad.example", f"http://kwaad.example/{host}", f"ftp://{host}", "http://"):
        assert client.post(f"{PATH}/session", json={}, headers={"Origin": origin}).status_code == 403, origin


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE bericht; --",
        '" OR 1=1 --',
        "%' UNION SELECT id FROM gesprek --",
        "Robert'); DELETE FROM events;--",
        "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
        "{0.__class__.__mro__}{plaats}{{config}}",
        "%(sender)s %s %n",
        "$(id) `id` ; id | id",
        "__import__('os').system('id')",
    ],
)
def test_what_looks_like_code_is_a_question_like_any_other(client: httpx.Client, assistant: Assistant, text: str):
    sender = f"inj-{secrets.token_hex(4)}-{text}"[:200]
    response = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    assert response.status_code == 200
    assert {message["recipient_id"] for message in response.json()} == {sender}
    said = " ".join(message.get("text", "") for message in response.json())
    assert not any(sign in said for sign in ("49", "uid=", "__class__", "sqlite", "Traceback", "{plaats}"))
    again = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": "wat is het techniekpact"})
    assert "het-techniekpact" in str(again.json()) or again.json()[-1]["custom"]["kind"] == "answer"


def test_a_secret_that_others_can_read_is_no_secret(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SESSION_SECRET", raising=False)
    file = tmp_path / "geheim"
    first = load_secret(file)
    assert (file.stat().st_mode & 0o777, len(first) >= 32) == (0o600, True)
    assert load_secret(file) == first
    file.chmod(0o644)
    with pytest.raises(ValueError, match="te lezen voor anderen"):
        load_secret(file)
    monkeypatch.setenv("SESSION_SECRET", "kort")
    with pytest.raises(ValueError, match="te kort"):
        load_secret(file)
