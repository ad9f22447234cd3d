"""Nothing gets lost: the assistant away, no network, a slow network, a conversation that has expired."""

import json
from collections.abc import Callable

import psutil
from playwright.sync_api import Route, expect

from benchmarks.server import wait_until_healthy
from tests.browser.conftest import REPLY_MS, Visitor
from tests.browser.test_conversation import rows
from tests.conftest import Assistant

AGAIN_MS = 60_000


def kill_gateway(assistant: Assistant) -> None:
    """Kill the gateway of this assistant as a crash would; the supervisor starts it again."""
    port = assistant.address.rsplit(":", 1)[1]
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "bot.website.app:create_app" in command and port in command:
            process.kill()
            process.wait()
            return
    raise AssertionError("the gateway does not run")


def test_the_assistant_goes_down_in_the_middle_of_a_conversation(visitor: Visitor, assistant: Assistant):
    visitor.may_lose_requests = True
    visitor.open().ask("waar vind ik een stage in Enschede")
    kill_gateway(assistant)
    visitor.say("en in Limburg, na de storing?")
    expect(visitor.log.locator(".state")).to_have_text("Niet verstuurd")
    expect(visitor.panel).to_contain_text("De assistent is even niet bereikbaar. Je vraag is bewaard.")
    expect(visitor.replies).to_have_count(2, timeout=AGAIN_MS)
    expect(visitor.log.locator(".state")).to_have_count(0)
    expect(visitor.log.locator(".visitor")).to_have_count(2)
    expect(visitor.replies.last).to_contain_text("Limburg")
    assert len(rows(assistant, "SELECT * FROM bericht WHERE question LIKE '%na de storing%'")) == 1
    wait_until_healthy(assistant.address)


def test_a_question_without_network_waits_for_it(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.open().ask("waar vind ik een stage")
    visitor.page.context.set_offline(True)
    visitor.say("hoe word ik leraar")
    visitor.say("welke subsidies zijn er")
    expect(visitor.log.locator(".state")).to_have_text(["Niet verstuurd", "Niet verstuurd"])
    expect(visitor.panel).to_contain_text("Je bent offline.")
    visitor.page.context.set_offline(False)
    expect(visitor.replies).to_have_count(3, timeout=REPLY_MS)
    shown = visitor.log.locator(".turn, .reply").evaluate_all("all => all.map((each) => each.className)")
    assert shown == ["turn", "reply"] * 3


def test_trying_again_by_hand_sends_the_same_message(visitor: Visitor):
    visitor.may_lose_requests = True
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json["id"])
        route.abort()

    visitor.open().page.route("**/messages", lose)
    visitor.say("waar vind ik een stage")
    again = visitor.page.get_by_role("button", name="Opnieuw proberen")
    again.click()
    expect(visitor.log.locator(".state")).to_have_text("Niet verstuurd")
    again.wait_for()
    assert len(sent) >= 2
    visitor.page.unroute("**/messages")
    with visitor.page.expect_request("**/messages") as request:
        again.click()
    expect(visitor.replies).to_have_count(1, timeout=REPLY_MS)
    assert {*sent, request.value.post_data_json["id"]} == {sent[0]}
    expect(visitor.input).to_be_focused()
    expect(again).to_be_hidden()


def test_a_reply_that_got_lost_on_its_way_is_given_once(visitor: Visitor, assistant: Assistant):
    visitor.may_lose_requests = True
    visitor.open()

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route("**/messages", lose_the_reply, times=1)
    visitor.ask("waar vind ik een stage, antwoord zoek")
    expect(visitor.replies).to_have_count(1)
    assert len(rows(assistant, "SELECT * FROM bericht WHERE question LIKE '%antwoord zoek%'")) == 1


def test_a_reload_before_the_reply_loses_nothing(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.open().ask("waar vind ik een stage")
    visitor.page.route("**/messages", lambda route: route.abort())
    visitor.say("hoe word ik leraar")
    expect(visitor.log.locator(".state")).to_be_visible()
    visitor.page.reload()
    expect(visitor.log.locator(".visitor")).to_have_text(["Jij: hoe word ik leraar"])
    visitor.page.unroute("**/messages")
    expect(visitor.replies).to_have_count(2, timeout=REPLY_MS)
    said = visitor.log.locator(".turn, .reply").evaluate_all("all => all.map((each) => each.className)")
    assert said == ["turn", "reply", "turn", "reply"]


def test_an_assistant_that_is_away_when_the_panel_opens(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.page.route("**/session", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    visitor.open()
    expect(visitor.panel).to_contain_text("Ik probeer het vanzelf opnieuw.")
    visitor.say("waar vind ik een stage")
    visitor.page.unroute("**/session")
    expect(visitor.replies).to_have_count(1, timeout=REPLY_MS)


def test_an_element_that_is_moved_goes_on(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.open().page.route("**/messages", lambda route: route.abort(), times=1)
    visitor.say("waar vind ik een stage")
    expect(visitor.log.locator(".state")).to_be_visible()
    visitor.page.evaluate("document.querySelector('main').append(document.querySelector('techniekpact-chat'))")
    expect(visitor.replies).to_have_count(1, timeout=REPLY_MS)
    expect(visitor.panel).to_be_visible()


def test_a_slow_network_shows_that_something_is_going_on(visitor: Visitor):
    slow = {"offline": False, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": 10_000}
    visitor.page.context.new_cdp_session(visitor.page).send("Network.emulateNetworkConditions", slow)
    visitor.open().say("waar vind ik een stage")
    expect(visitor.page.locator(".dots")).to_be_visible()
    expect(visitor.replies).to_have_count(1, timeout=REPLY_MS)
    expect(visitor.page.locator(".dots")).to_be_hidden()


def test_a_conversation_that_expired_begins_anew(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.open().ask("waar vind ik een stage")
    visitor.page.evaluate(
        """() => {
          const [key] = Object.keys(sessionStorage);
          const kept = JSON.parse(sessionStorage[key]);
          sessionStorage[key] = JSON.stringify({ ...kept, session: { ...kept.session, token: 'verlopen' } });
        }"""
    )
    visitor.page.reload()
    expect(visitor.log).to_contain_text("Je vorige gesprek is verlopen.")
    visitor.ask("hoe word ik leraar")
    expect(visitor.log.locator(".note")).to_have_count(1)


def test_who_goes_too_fast_is_told_so(visitor: Visitor):
    visitor.may_lose_requests = True
    body = json.dumps({"fout": "Dit zijn te veel vragen achter elkaar.", "hoe": "Wacht 1 seconden."})
    too_fast = {"status": 429, "headers": {"Retry-After": "1"}, "content_type": "application/json", "body": body}
    visitor.open().page.route("**/messages", lambda route: route.fulfill(**too_fast), times=1)
    visitor.say("waar vind ik een stage")
    expect(visitor.panel).to_contain_text("te veel vragen achter elkaar")
    expect(visitor.replies).to_have_count(1, timeout=REPLY_MS)


def test_a_message_that_is_refused_comes_back_to_be_mended(visitor: Visitor):
    visitor.may_lose_requests = True
    body = json.dumps({"fout": "Het verzoek is te groot.", "hoe": "Maak het bericht korter."})
    refusal = {"status": 413, "content_type": "application/json", "body": body}
    visitor.open().page.route("**/messages", lambda route: route.fulfill(**refusal))
    visitor.say("waar vind ik een stage")
    expect(visitor.log).to_contain_text("Niet verstuurd. Het verzoek is te groot. Maak het bericht korter.")
    expect(visitor.input).to_have_value("waar vind ik een stage")


def test_erasing_that_fails_keeps_the_conversation(visitor: Visitor):
    visitor.may_lose_requests = True
    visitor.open().ask("waar vind ik een stage")
    visitor.page.route("**/conversation", lambda route: route.abort())
    visitor.choose("Wis dit gesprek")
    visitor.page.get_by_role("button", name="Ja, wis het gesprek").click()
    expect(visitor.panel).to_contain_text("Wissen is niet gelukt.")
    expect(visitor.replies).to_have_count(1)


def test_feedback_that_fails_can_be_given_again(visitor: Visitor):
    visitor.may_lose_requests = True
    reply = visitor.open().ask("waar vind ik een stage")
    visitor.page.route("**/feedback", lambda route: route.abort(), times=1)
    reply.get_by_role("button", name="Ja").click()
    expect(reply).to_contain_text("Je reactie is niet verstuurd.")
    reply.get_by_role("button", name="Ja").click()
    expect(reply).to_contain_text("Dank je wel")


def test_a_browser_that_keeps_nothing_still_has_a_conversation(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor()
    visitor.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    visitor.go().open().ask("waar vind ik een stage")
