"""A conversation in the widget: by keyboard, by mouse, over reloads and pages, until it is erased."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import REPLY_MS, Visitor
from tests.conftest import Assistant


def focus(page: Page) -> str:
    """Return class or id of what has the focus, also inside the widget."""
    return page.evaluate(
        """() => {
          let at = document.activeElement;
          while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return at.id || at.className || at.tagName;
        }"""
    )


def tab_to(page: Page, goal: str, key: str = "Tab", most: int = 40) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if goal in focus(page):
            return
    pytest.fail(f"{goal} is not reached with {key}")


def rows(assistant: Assistant, query: str, **values: str) -> list:
    """Ask the databases of the records and of Rasa's tracker store."""
    name = "TRACKER_DATABASE_URL" if "events" in query else "RECORDS_DATABASE_URL"
    with create_engine(assistant.environment[name]).connect() as connection:
        return connection.execute(text(query), values).fetchall()


def test_by_keyboard_alone(visitor: Visitor):
    page = visitor.page
    tab_to(page, "launcher")
    page.keyboard.press("Enter")
    expect(visitor.input).to_be_focused()
    page.keyboard.type("waar vind ik een stageplek")
    page.keyboard.press("Enter")
    expect(visitor.log).to_contain_text("stagemarkt.nl", timeout=REPLY_MS)
    expect(visitor.input).to_be_focused()

    tab_to(page, "SUMMARY", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(visitor.log.get_by_text("Nagekeken op")).to_be_visible()

    tab_to(page, "icon", "Shift+Tab")  # close
    tab_to(page, "icon", "Shift+Tab")  # menu
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Wis dit gesprek")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def test_by_mouse(visitor: Visitor, assistant: Assistant):
    visitor.open()
    visitor.log.get_by_role("button", name="Hoe word ik leraar?").click()
    expect(visitor.log).to_contain_text("Onderwijsloket", timeout=REPLY_MS)
    expect(visitor.log.get_by_role("button", name="Welke subsidies zijn er?")).to_have_count(0)

    visitor.log.get_by_role("button", name="Nee").click()
    expect(visitor.log.get_by_label("Het antwoord is niet juist")).to_be_focused()
    visitor.log.get_by_label("Er ontbreekt iets").check()
    visitor.log.get_by_label("Wil je er iets bij schrijven?").fill("De kosten. Bel mij op 06-12345678.")
    visitor.log.get_by_role("button", name="Verstuur reactie").click()
    expect(visitor.log.get_by_text("Dank je wel voor je reactie.")).to_be_focused()
    said = rows(assistant, "SELECT useful, reason, comment FROM bericht WHERE reason IS NOT NULL ORDER BY id DESC")
    assert said[0] == (0, "onvolledig", "De kosten. Bel mij op [telefoonnummer].")

    visitor.page.get_by_role("button", name="Sluit").click()
    expect(visitor.panel).to_be_hidden()


def test_choices_of_a_reply_are_answered_by_a_click(visitor: Visitor):
    visitor.open()
    reply = visitor.ask("in welk landsdeel ligt Bergen")
    reply.locator(".choice").first.click()
    expect(visitor.replies).to_have_count(2, timeout=REPLY_MS)
    expect(reply.locator(".choice")).to_have_count(0)
    expect(visitor.input).to_be_focused()


def test_links_have_a_name_and_open_beside_the_page(visitor: Visitor):
    reply = visitor.open().ask("waar vind ik een stage")
    link = reply.locator("a").first
    expect(link).to_have_text("Stagemarkt (opent een nieuw tabblad)")
    expect(link).to_have_attribute("href", "https://www.stagemarkt.nl/")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_conversation_goes_on_after_a_reload_and_on_another_page(visitor: Visitor):
    visitor.open().ask("waar vind ik een stage in Enschede")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.panel).to_be_visible()
    assert focus(visitor.page) == "BODY", "a page that opens must not take the focus"
    visitor.go("/?woord=metaal")
    visitor.ask("en in Limburg?")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.log.locator(".visitor")).to_contain_text(["Enschede", "Limburg"])


def test_two_tabs_are_two_conversations(visitor: Visitor, assistant: Assistant):
    visitor.open().ask("waar vind ik een stage")
    other = Visitor(visitor.page.context.new_page(), assistant.address).go().open()
    expect(other.replies).to_have_count(0)
    other.ask("hoe word ik leraar")
    visitor.ask("wat is het techniekpact")
    expect(other.replies).to_have_count(1)
    expect(visitor.replies).to_have_count(2)
    assert other.problems == []


def test_erasing_leaves_nothing_in_the_databases(visitor: Visitor, assistant: Assistant):
    word = "stagezoeker-van-vandaag"
    visitor.open().ask(f"waar vind ik een stage {word}")
    found = rows(assistant, "SELECT conversation FROM bericht WHERE question LIKE :word", word=f"%{word}%")
    [(conversation,)] = found
    assert rows(assistant, "SELECT * FROM events WHERE sender_id = :id", id=conversation)

    visitor.choose("Wis dit gesprek")
    expect(visitor.page.get_by_role("button", name="Nee, bewaar het")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.replies).to_have_count(1)
    visitor.choose("Wis dit gesprek")
    visitor.page.get_by_role("button", name="Ja, wis het gesprek").click()
    expect(visitor.panel).to_contain_text("Je gesprek is gewist.")
    expect(visitor.replies).to_have_count(0)
    expect(visitor.input).to_be_focused()

    assert rows(assistant, "SELECT * FROM bericht WHERE conversation = :id", id=conversation) == []
    assert rows(assistant, "SELECT * FROM gesprek WHERE id = :id", id=conversation) == []
    assert rows(assistant, "SELECT * FROM events WHERE sender_id = :id", id=conversation) == []
    visitor.ask("hoe word ik leraar")  # a new conversation goes on
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)


def test_the_conversation_can_be_taken_along(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor(permissions=["clipboard-read", "clipboard-write"])
    visitor.page.add_init_script("print = () => { top.printed = document.body.innerText }")
    page = visitor.go().open().page
    visitor.ask("waar vind ik een stage")

    visitor.choose("Kopieer het gesprek")
    expect(visitor.panel).to_contain_text("Het gesprek is gekopieerd.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Jij:\nwaar vind ik een stage" in copied
    assert "https://www.stagemarkt.nl" in copied
    assert "Nagekeken op" in copied

    with page.expect_download() as download:
        visitor.choose("Bewaar het gesprek")
    assert download.value.suggested_filename == "gesprek.txt"
    assert "waar vind ik een stage" in download.value.path().read_text("utf-8")

    visitor.choose("Print het gesprek")
    printed = page.evaluate("printed")
    assert "waar vind ik een stage" in printed
    assert "Stage lopen" not in printed, "the page itself is not printed"


def test_the_way_to_a_person(visitor: Visitor):
    visitor.open()
    visitor.page.get_by_role("button", name="Menu").click()
    expect(visitor.page.get_by_role("link", name="Praat met een mens")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.ask("wat is de hoofdstad van frankrijk")
    expect(visitor.page.locator(".human")).to_have_count(0)
    visitor.ask("hoe bak ik een appeltaart")
    expect(visitor.page.locator(".human a")).to_be_visible()


def test_a_reply_that_comes_while_closed_is_counted(visitor: Visitor):
    visitor.open().ask("wie zit er in de regiegroep")
    visitor.page.route("**/messages", lambda route: (visitor.page.wait_for_timeout(600), route.continue_()))
    visitor.say("waar vind ik een stage")
    visitor.page.keyboard.press("Escape")
    expect(visitor.launcher).to_have_accessible_name("Stel je vraag (1 nieuw bericht)", timeout=REPLY_MS)
    expect(visitor.page.locator("section > [role=status]")).to_have_text("1 nieuw bericht")
    visitor.launcher.click()
    expect(visitor.replies).to_have_count(2)
    expect(visitor.log.get_by_text("waar vind ik een stage")).to_be_in_viewport()
    visitor.page.keyboard.press("Escape")
    expect(visitor.launcher).to_have_accessible_name("Stel je vraag")


def test_a_question_that_is_too_long_stays_to_be_mended(visitor: Visitor):
    visitor.open()
    expect(visitor.log.locator(".choice").first).to_be_visible()
    visitor.input.fill("a" * 900)
    expect(visitor.panel).to_contain_text("Nog 100 tekens")
    visitor.input.fill("a" * 1003)
    expect(visitor.input).to_have_attribute("aria-invalid", "true")
    visitor.input.press("Enter")
    expect(visitor.panel).to_contain_text("Je vraag is 3 tekens te lang.")
    expect(visitor.page.locator(".turn")).to_have_count(0)
    assert len(visitor.input.input_value()) == 1003


def test_a_line_break_is_made_with_shift(visitor: Visitor):
    visitor.open()
    visitor.page.keyboard.type("een")
    visitor.page.keyboard.press("Shift+Enter")
    visitor.page.keyboard.type("twee")
    assert visitor.input.input_value() == "een\ntwee"


def test_a_page_decides_how_the_widget_stands_on_it(new_visitor: Callable[..., Visitor]):
    element = (
        '<techniekpact-chat title="Vraagbaak" position="left" lang="en" topic="stages"></techniekpact-chat>'
        '<script src="/widget.js" defer></script>'
    )
    visitor = new_visitor().show("/eigen", element)
    expect(visitor.launcher).to_have_text("Ask your question")
    visitor.launcher.click()
    expect(visitor.panel).to_have_accessible_name("Vraagbaak")
    assert visitor.panel.bounding_box()["x"] < 50
    expect(visitor.log.locator(".choice").first).to_contain_text("stage")
    expect(visitor.page.locator("techniekpact-chat")).to_have_count(1)
    reply = visitor.ask("where can I find an internship")
    expect(reply.locator(".bubble")).to_have_attribute("lang", "nl")
    expect(reply.get_by_text("Was this useful?")).to_be_visible()


def test_the_script_tag_can_carry_the_settings(new_visitor: Callable[..., Visitor]):
    script = '<script src="/widget.js" defer data-title="Hulp" data-questions="Wat is een bbl? | Wat is STO?"></script>'
    visitor = new_visitor().show("/eigen", script)
    visitor.launcher.click()
    expect(visitor.panel).to_have_accessible_name("Hulp")
    expect(visitor.log.locator(".choice")).to_have_text(["Wat is een bbl?", "Wat is STO?"])
