"""What guards every page, whatever it shows."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.beheer.app import MAX_BODY_BYTES, PAGES
from bot.beheer.security import SESSION_COOKIE, VISIT_COOKIE, csrf_of
from tests.beheer.conftest import PASSWORD, Staff

OPEN_TO_ALL = {"/aanmelden", "/afmelden"}


def paths(method: str) -> set[str]:
    routes = (route for page in PAGES for route in page.router.routes)
    return {re.sub(r"{[^}]+}", "1", route.path) for route in routes if method in route.methods}


def test_no_page_is_open_to_who_is_not_signed_in(anonymous: TestClient):
    found = paths("GET")
    assert len(found) > 3
    for path in found - OPEN_TO_ALL:
        response = anonymous.get(path)
        assert response.status_code == 303, path
        assert response.headers["location"].startswith("/aanmelden?naar="), path


def test_every_form_needs_its_token(manager: Staff, anonymous: TestClient):
    found = paths("POST")
    assert len(found) > 4
    token = csrf_of(manager.client.cookies[SESSION_COOKIE])
    for path in found:
        for form in ({}, {"csrf": "anders"}, {"csrf": csrf_of("van een ander")}):
            assert manager.client.post(path, data=form).status_code == 403, path
            assert anonymous.post(path, data=form).status_code == 403, path
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert manager.client.post(path, data={"csrf": token}, headers=elsewhere).status_code == 403, path


def test_who_may_only_read_changes_nothing(reader: Staff):
    for path in paths("POST") - OPEN_TO_ALL - {"/wachtwoord"}:
        assert reader.send(path).status_code == 403, path


def test_signing_in_and_out(anonymous: TestClient, app: FastAPI):
    app.state.services.accounts.create("emma", "lezen", by="test", password=PASSWORD)
    anonymous.get("/aanmelden")
    form = {"csrf": csrf_of(anonymous.cookies[VISIT_COOKIE]), "naam": "emma", "wachtwoord": "fout", "naar": "/"}
    wrong = anonymous.post("/aanmelden", data=form)
    assert (wrong.status_code, SESSION_COOKIE in anonymous.cookies) == (403, False)
    right = anonymous.post("/aanmelden", data={**form, "wachtwoord": PASSWORD})
    cookie = next(value for value in right.headers.get_list("set-cookie") if value.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    held = anonymous.cookies[SESSION_COOKIE]
    assert anonymous.get("/").status_code == 200
    anonymous.post("/afmelden", data={"csrf": csrf_of(held)})
    anonymous.cookies.set(SESSION_COOKIE, held)
    assert anonymous.get("/").status_code == 303


@pytest.mark.parametrize(
    "onward", ["//kwaad.example", "https://kwaad.example", "/\\kwaad.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(anonymous: TestClient, app: FastAPI, onward: str):
    app.state.services.accounts.create("emma", "lezen", by="test", password=PASSWORD)
    anonymous.get("/aanmelden")
    token = csrf_of(anonymous.cookies[VISIT_COOKIE])
    form = {"csrf": token, "naam": "emma", "wachtwoord": PASSWORD, "naar": onward}
    assert anonymous.post("/aanmelden", data=form).headers["location"] == "/"


def test_strict_headers_everywhere(manager: Staff):
    for path in ("/", "/static/beheer.css", "/bestaat-niet"):
        headers = manager.client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    assert manager.client.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_a_form_is_refused(manager: Staff, chunked: bool):
    body = b"x" * (MAX_BODY_BYTES + 1)
    content = iter([body[: len(body) // 2], body[len(body) // 2 :]]) if chunked else body
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = manager.client.post("/accounts", content=content, headers=headers)
    assert response.status_code == 413
    assert "hooguit 3 MB" in response.text


def test_an_unknown_page_is_told_in_dutch(manager: Staff):
    assert "Deze pagina bestaat niet." in manager.get("/bestaat-niet", 404)
    assert "klopt niet" in manager.post("/accounts/geen-getal", status=400)


def test_html_in_a_name_stays_text(manager: Staff):
    page = manager.post("/accounts", {"naam": "<b>x</b>", "rol": "lezen"}, 422)
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
