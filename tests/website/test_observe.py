"""A request can be followed by its id, the metrics tell how it went, and no visitor's words are in either."""

import json
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.logs import begin_request
from tests.conftest import Assistant, Conversation

REST = "/webhooks/rest/webhook"


def lines(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]


def noted(log: Path, request_id: str) -> list[dict]:
    """Return the lines of a request, which may be written a moment after its reply."""
    for _ in range(20):
        if found := [line for line in lines(log) if line.get("request_id") == request_id]:
            return found
        time.sleep(0.1)
    return []


def test_the_id_of_a_request_goes_all_the_way(assistant: Assistant, client: httpx.Client):
    request_id = f"proef-{uuid4()}"
    body = {"sender": f"s-{request_id}", "message": "wat is het techniekpact"}
    response = client.post(REST, json=body, headers={"X-Request-ID": request_id})
    assert response.headers["x-request-id"] == request_id
    logs = assistant.state / "log"
    request = noted(logs / "website.log", request_id)[-1]
    assert (request["route"], request["status"], request["method"]) == (REST, 200, "POST")
    assert 0 < request["seconds"] < 60
    assert {line["action"] for line in noted(logs / "acties.log", request_id)} >= {"action_answer"}


@pytest.mark.parametrize(
    "given", ["kort", "x" * 65, "met spatie erin", "<script>", "a/b/c/d/e/f", "../../etc/passwd", ""]
)
def test_an_id_that_is_not_well_formed_is_replaced(client: httpx.Client, given: str):
    answered = client.get("/api/ready", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert answered != given
    assert len(answered) == 32


def test_requests_have_different_ids():
    assert begin_request(None) != begin_request(None)


def test_no_log_has_a_word_of_a_visitor(assistant: Assistant, visitor: Conversation):
    visitor.say("waar vind ik een zeldzaamlogwoord in de techniek")
    visitor.client.get("/zeldzaamlogwoord?vraag=zeldzaamlogwoord", headers={"Referer": "http://zeldzaamlogwoord"})
    time.sleep(0.5)
    logs = list((assistant.state / "log").glob("*.log"))
    assert {log.name for log in logs} >= {"website.log", "acties.log", "rasa.log"}
    assert [log.name for log in logs if b"zeldzaamlogwoord" in log.read_bytes()] == []


def test_the_logs_are_json_but_for_those_of_rasa(assistant: Assistant):
    for name in ("website.log", "acties.log"):
        for line in (assistant.state / "log" / name).read_text("utf-8").splitlines():
            assert {"time", "level", "logger", "message"} <= json.loads(line).keys(), line


def test_ready_is_for_this_process_alone(client: httpx.Client):
    ready = client.get("/api/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})


def value(metrics: str, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(name))


def test_the_metrics_tell_what_was_done(client: httpx.Client, visitor: Conversation):
    before = client.get("/metrics").text
    visitor.say("mijn bsn is 111222333, waar vind ik een stage")
    client.get("/bestaat-niet")
    client.request("BREW", "/")
    after = client.get("/metrics").text

    def more(name: str) -> float:
        return value(after, name) - value(before, name)

    assert more('techniekpact_requests_total{method="POST",route="/webhooks/rest/webhook",status="200"}') == 1
    assert more('techniekpact_requests_total{method="GET",route="none",status="404"}') == 1
    assert more('techniekpact_requests_total{method="other"') == 1
    assert more("techniekpact_reply_seconds_count") == 1
    assert more("techniekpact_rasa_seconds_count") == 1
    assert more("techniekpact_masked_messages_total") == 1
    assert [value(after, f'techniekpact_up{{part="{part}"}}') for part in ("model", "acties", "kennis")] == [1, 1, 1]
    assert value(after, "techniekpact_knowledge_version") >= 1
    assert "techniekpact_model_info{id=" in after
    assert "/bestaat-niet" not in after
