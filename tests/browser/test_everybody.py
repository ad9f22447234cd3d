"""The widget for everybody: by axe in every state, small, zoomed, dark, forced colours, a hostile style sheet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from benchmarks.widget import milliseconds_to_ready
from tests.browser.conftest import Visitor

MINIMUM_TARGET = 44
READY_MS = 300

TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
                     p { margin-block-end: 2em !important }`);
  const root = document.querySelector('techniekpact-chat').shadowRoot;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}"""

SIDEWAYS = """() => {
  const panel = document.querySelector('techniekpact-chat').shadowRoot.querySelector('.panel');
  return [document.documentElement, panel, ...panel.querySelectorAll('*')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)
    .filter((each) => getComputedStyle(each).display !== 'inline')
    .map((each) => `${each.className || each.tagName}: ${each.scrollWidth} > ${each.clientWidth}`);
}"""

SMALL_TARGETS = """(minimum) => {
  const root = document.querySelector('techniekpact-chat').shadowRoot;
  return [...root.querySelectorAll('button, textarea, summary, label:has(input), .menu a')]
    .filter((each) => each.checkVisibility())
    .map((each) => ({ name: each.textContent || each.ariaLabel || each.id, box: each.getBoundingClientRect() }))
    .filter(({ box }) => box.width < minimum || box.height < minimum)
    .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`);
}"""

LOOKS = """() => {
  const styles = ['color', 'backgroundColor', 'fontSize', 'fontFamily', 'fontStyle', 'letterSpacing', 'textTransform',
    'direction', 'lineHeight', 'float', 'borderTopWidth', 'opacity', 'visibility'];
  const root = document.querySelector('techniekpact-chat').shadowRoot;
  return [...root.querySelectorAll('*')].filter((each) => each.checkVisibility()).map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    const computed = getComputedStyle(each);
    return [each.tagName, each.className, ...styles.map((name) => computed[name]),
      ...[x, y, width, height].map(Math.round)].join(' ');
  });
}"""

# Put in front of what reaches into the widget.
WIDGET = "const root = document.querySelector('techniekpact-chat').shadowRoot; "


def lose_the_connection(visitor: Visitor) -> None:
    visitor.may_lose_requests = True
    visitor.page.route("**/webhooks/**", lambda route: route.abort())
    visitor.say("en in Limburg?")
    expect(visitor.log).to_contain_text("Niet verstuurd")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_in_any_state(new_visitor: Callable[..., Visitor], scheme: str):
    visitor = new_visitor(color_scheme=scheme, reduced_motion="reduce").go()
    assert visitor.violations() == [], "closed"
    visitor.open()
    expect(visitor.log.locator(".choice").first).to_be_visible()
    assert visitor.violations() == [], "open"
    visitor.ask("in welk landsdeel ligt Bergen")
    assert visitor.violations() == [], "a reply with choices"
    reply = visitor.ask("waar vind ik een stage in Goes")
    reply.locator("summary").click()
    reply.get_by_role("button", name="Nee").click()
    reply.get_by_text("Wat klopt er niet?").wait_for()
    assert visitor.violations() == [], "sources and reasons"
    visitor.page.get_by_role("button", name="Menu").click()
    assert visitor.violations() == [], "menu"
    visitor.page.get_by_role("button", name="Wis dit gesprek").click()
    assert visitor.violations() == [], "sure?"
    visitor.page.keyboard.press("Escape")
    visitor.input.fill("a" * 1001)
    assert visitor.violations() == [], "too long"
    lose_the_connection(visitor)
    assert visitor.violations() == [], "not sent"


@pytest.mark.parametrize("look", ["donker", "vijandig"])
def test_axe_has_nothing_against_the_widget_on_the_other_pages(visitor: Visitor, look: str):
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.go(f"/?weergave={look}").open().ask("waar vind ik een stage")
    found = [each for each in visitor.violations() if look == "donker" or "techniekpact-chat" in each]
    assert found == []


# 1280 pixels zoomed in to 200 % and 400 % are 640 and 320 pixels wide.
@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (640, 512), (1200, 800)])
@pytest.mark.parametrize("spacing", [False, True])
def test_nothing_is_cut_off_or_too_small_to_hit(
    new_visitor: Callable[..., Visitor], width: int, height: int, spacing: bool
):
    visitor = new_visitor(viewport={"width": width, "height": height}, reduced_motion="reduce").go().open()
    if spacing:
        visitor.page.evaluate(TEXT_SPACING)
    expect(visitor.log.locator(".choice").first).to_be_visible()
    assert visitor.page.evaluate(SMALL_TARGETS, MINIMUM_TARGET) == []
    reply = visitor.ask("wie zit er in de regiegroep")
    reply.locator("summary").click()
    reply.get_by_role("button", name="Nee").click()
    reply.get_by_text("Wat klopt er niet?").wait_for()
    visitor.page.get_by_role("button", name="Menu").click()
    assert visitor.page.evaluate(SIDEWAYS) == []
    assert visitor.page.evaluate(SMALL_TARGETS, MINIMUM_TARGET) == []
    visitor.page.get_by_role("button", name="Wis dit gesprek").click()
    assert visitor.page.evaluate(SIDEWAYS) == []
    for shown in (visitor.page.get_by_role("button", name="Nee, bewaar het"), visitor.input):
        box = shown.bounding_box()
        assert box["y"] >= 0, shown
        assert box["y"] + box["height"] <= height, shown


def test_a_new_reply_is_seen_from_its_beginning_and_the_page_stays_where_it_is(new_visitor: Callable[..., Visitor]):
    for width, height in ((1200, 500), (320, 256)):
        visitor = new_visitor(viewport={"width": width, "height": height}, reduced_motion="reduce").go()
        visitor.page.evaluate("scrollTo(0, 40)")
        visitor.open().ask("waar vind ik een stage")
        top = visitor.ask("wie zit er in de regiegroep").bounding_box()["y"]
        assert 0 <= top < height - 50
        assert visitor.page.evaluate("scrollY") == 40


def test_larger_letters_of_the_browser_make_the_widget_larger(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor().go().open()
    size = f"() => {{ {WIDGET} return getComputedStyle(root.querySelector('.log')).fontSize }}"
    assert visitor.page.evaluate(size) == "16px"
    visitor.page.context.new_cdp_session(visitor.page).send("Page.setFontSizes", {"fontSizes": {"standard": 24}})
    assert visitor.page.evaluate(size) == "24px"


def test_forced_colours_leave_every_control_an_edge(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor(forced_colors="active").go()
    edges = f"""() => {{ {WIDGET}
      return [...root.querySelectorAll('button, textarea, .bubble')]
        .filter((each) => each.checkVisibility() && !each.closest('.menu'))
        .filter((each) => parseFloat(getComputedStyle(each).borderTopWidth) === 0)
        .map((each) => each.className) }}"""
    assert visitor.page.evaluate(edges) == []
    visitor.open().ask("waar vind ik een stage")
    assert visitor.page.evaluate(edges) == []


def test_nothing_moves_for_who_wants_it_still(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor(reduced_motion="reduce").go().open()
    visitor.say("waar vind ik een stage")
    assert visitor.page.evaluate(f"() => {{ {WIDGET} return root.getAnimations().length }}") == 0


def test_dark_by_the_visitor_or_by_the_page(new_visitor: Callable[..., Visitor]):
    light, dark = "rgb(255, 255, 255)", "rgb(22, 25, 29)"
    for options, path, expected in (
        ({"color_scheme": "light"}, "/", light),
        ({"color_scheme": "dark"}, "/", dark),
        ({"color_scheme": "light"}, "/?weergave=donker", dark),
    ):
        expect(new_visitor(**options).go(path).open().panel).to_have_css("background-color", expected)


def test_tokens_of_the_page_colour_the_widget(visitor: Visitor):
    token = "--utrecht-button-primary-action-background-color"
    visitor.page.evaluate(f"document.documentElement.style.setProperty('{token}', 'rgb(0, 90, 60)')")
    expect(visitor.launcher).to_have_css("background-color", "rgb(0, 90, 60)")


def test_a_hostile_style_sheet_changes_nothing(new_visitor: Callable[..., Visitor]):
    seen = []
    for path in ("/", "/?weergave=vijandig"):
        visitor = new_visitor(reduced_motion="reduce").go(path)
        closed = visitor.page.evaluate(LOOKS)
        visitor.open()
        expect(visitor.log.locator(".choice").first).to_be_visible()
        seen.append((closed, visitor.page.evaluate(LOOKS)))
        visitor.ask("waar vind ik een stage")
    assert seen[0] == seen[1]
    assert len(seen[0][1]) > 20


def test_what_is_spoken(visitor: Visitor):
    """The log speaks what it gets; what lies around a reply keeps still, and so does what was said before."""
    visitor.open()
    expect(visitor.panel).to_have_accessible_name("Techniekpact-assistent")
    expect(visitor.input).to_have_accessible_name("Stel je vraag")
    visitor.page.route("**/messages", lambda route: (visitor.page.wait_for_timeout(300), route.continue_()))
    visitor.say("waar vind ik een stage")
    status = visitor.panel.get_by_role("status")
    expect(status).to_have_text("De assistent zoekt het antwoord …")
    expect(visitor.replies).to_have_count(1)
    expect(status).to_have_text("")
    assert visitor.page.locator(".turn").get_attribute("aria-live") == "off"
    assert visitor.page.locator(".extras").get_attribute("aria-live") == "off"
    assert visitor.page.locator(".bubble.assistant").last.evaluate("each => each.closest('[aria-live=off]')") is None
    visitor.page.unroute("**/messages")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.log).to_have_attribute("aria-live", "polite")


def test_ready_for_input_soon_after_the_click(visitor: Visitor):
    assert milliseconds_to_ready(visitor.page) <= READY_MS
