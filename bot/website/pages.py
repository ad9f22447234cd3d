"""The page that shows the assistant as a visitor would use it, and the widget that any page can have."""

from enum import StrEnum
from pathlib import Path
from string import Template

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from bot.website.guard import SECURITY_HEADERS

FOLDER = Path(__file__).with_name("page")
WIDGET = Path(__file__).with_name("static") / "widget.js"
WIDGET_SECONDS = 3600
"""How long a browser may go on with the widget that it has."""

_HEADERS = {
    # Unlike the rest of the gateway, the page has a form, which leads to the page itself.
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
}


class Weergave(StrEnum):
    """How the page looks: as the visitor has it, dark, or with a style sheet that is out to break the widget."""

    GEWOON = "gewoon"
    DONKER = "donker"
    VIJANDIG = "vijandig"


def pages_router() -> APIRouter:
    """Return the routes of the page and the widget."""
    router = APIRouter(include_in_schema=False)
    template = Template((FOLDER / "index.html").read_text("utf-8"))

    @router.get("/")
    async def page(weergave: Weergave = Weergave.GEWOON) -> HTMLResponse:
        theme = "dark" if weergave is Weergave.DONKER else ""
        return HTMLResponse(template.substitute(weergave=weergave, theme=theme), headers=_HEADERS)

    @router.get("/widget.js")
    async def widget() -> FileResponse:
        headers = {"Cache-Control": f"public, max-age={WIDGET_SECONDS}", "Cross-Origin-Resource-Policy": "cross-origin"}
        return FileResponse(WIDGET, media_type="text/javascript", headers=headers)

    return router
