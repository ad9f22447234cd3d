"""Accounts: who may sign in, who may do what, and what is written down of it."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.beheer.accounts import IDLE, LONGEST, TRIES_BY_ADDRESS, AccountError, Accounts, LockedError
from bot.beheer.security import SESSION_COOKIE, VISIT_COOKIE, csrf_of
from bot.cli import app as command
from bot.records.accounts import Account, Attempts, AuditEntry, SignIn
from bot.records.database import open_records
from bot.records.tables import now
from tests.beheer.conftest import PASSWORD, Staff


@pytest.fixture
def accounts(app: FastAPI) -> Accounts:
    return app.state.services.accounts


@pytest.fixture
def sessions(app: FastAPI):
    return app.state.services.sessions


def test_nothing_secret_is_kept_as_it_is(accounts: Accounts, sessions):
    accounts.create("emma", "redacteur", by="test", password=PASSWORD)
    token = accounts.sign_in("Emma", PASSWORD, "127.0.0.1")
    with sessions() as session:
        held = session.scalar(select(Account.password_hash))
        assert held.startswith("$argon2id$")
        assert session.scalar(select(SignIn.token_hash)) != token
    assert accounts.user(token).name == "emma"


def test_five_wrong_tries_lock_a_name_for_a_quarter(accounts: Accounts, sessions):
    accounts.create("emma", "redacteur", by="test", password=PASSWORD)
    for _ in range(5):
        with pytest.raises(AccountError, match="horen niet bij elkaar"):
            accounts.sign_in("emma", "verkeerd", "127.0.0.1")
    with pytest.raises(LockedError):
        accounts.sign_in("emma", PASSWORD, "127.0.0.1")
    with sessions.begin() as session:
        session.execute(update(Attempts).values(last_at=now() - timedelta(minutes=16)))
    assert accounts.sign_in("emma", PASSWORD, "127.0.0.1")


def test_an_address_that_tries_many_names_is_locked(accounts: Accounts):
    accounts.create("emma", "redacteur", by="test", password=PASSWORD)
    for number in range(TRIES_BY_ADDRESS):
        with pytest.raises(AccountError):
            accounts.sign_in(f"naam{number}", "verkeerd", "10.0.0.9")
    with pytest.raises(LockedError):
        accounts.sign_in("emma", PASSWORD, "10.0.0.9")
    assert accounts.sign_in("emma", PASSWORD, "10.0.0.8")


@pytest.mark.parametrize(("column", "age"), [("seen_at", IDLE), ("created_at", LONGEST)])
def test_a_sign_in_ends_by_itself(accounts: Accounts, sessions, column: str, age: timedelta):
    accounts.create("emma", "redacteur", by="test", password=PASSWORD)
    token = accounts.sign_in("emma", PASSWORD, "127.0.0.1")
    with sessions.begin() as session:
        session.execute(update(SignIn).values({column: now() - age - timedelta(seconds=1)}))
    assert accounts.user(token) is None


def test_another_role_or_no_access_ends_the_sign_in(accounts: Accounts):
    accounts.create("baas", "beheerder", by="test", password=PASSWORD)
    accounts.create("emma", "redacteur", by="test", password=PASSWORD)
    token = accounts.sign_in("emma", PASSWORD, "127.0.0.1")
    emma = next(account for account in accounts.all() if account.name == "emma")
    accounts.change(emma.id, "redacteur", active=False, by="baas")
    assert accounts.user(token) is None
    with pytest.raises(AccountError):
        accounts.sign_in("emma", PASSWORD, "127.0.0.1")


def test_the_last_manager_stays(accounts: Accounts):
    accounts.create("baas", "beheerder", by="test", password=PASSWORD)
    (only,) = accounts.all()
    for role, active in (("redacteur", True), ("beheerder", False)):
        with pytest.raises(AccountError, match="ten minste één beheerder"):
            accounts.change(only.id, role, active, by="baas")
    assert accounts.all()[0].role == "beheerder"


@pytest.mark.parametrize(
    ("name", "role", "password", "why"),
    [
        ("", "lezen", PASSWORD, "Een naam"),
        ("../x", "lezen", PASSWORD, "Een naam"),
        ("emma", "baas", PASSWORD, "De rol 'baas' bestaat niet"),
        ("emma", "lezen", "kort", "Neem een wachtwoord"),
        ("emma", "lezen", "aaaaaaaaaaaaaaaa", "te makkelijk"),
        ("emma", "lezen", "wachtwoord-van-emma", "te makkelijk"),
    ],
)
def test_what_will_not_do_is_explained(accounts: Accounts, name: str, role: str, password: str, why: str):
    with pytest.raises(AccountError, match=why):
        accounts.create(name, role, by="test", password=password)


def test_a_manager_adds_somebody_who_then_chooses_a_password(manager: Staff, app: FastAPI, anonymous: TestClient):
    page = manager.post("/accounts", {"naam": "Noor", "rol": "redacteur"})
    once = page.split("<code>")[1].split("</code>")[0]
    assert once not in manager.get("/accounts")
    assert "bestaat" not in page

    anonymous.get("/aanmelden")
    form = {"csrf": csrf_of(anonymous.cookies[VISIT_COOKIE]), "naam": "noor", "wachtwoord": once, "naar": "/"}
    assert anonymous.post("/aanmelden", data=form).status_code == 303
    assert anonymous.get("/").headers["location"] == "/wachtwoord"
    token = csrf_of(anonymous.cookies[SESSION_COOKIE])
    form = {"csrf": token, "oud": once, "nieuw": PASSWORD, "nogmaals": PASSWORD}
    assert anonymous.post("/wachtwoord", data=form).headers["location"] == "/aanmelden"
    assert app.state.services.accounts.sign_in("noor", PASSWORD, "127.0.0.1")
    log = manager.get("/logboek")
    for what in ("account gemaakt", "aangemeld", "wachtwoord veranderd"):
        assert what in log


def test_roles_and_resets_are_logged(manager: Staff, editor: Staff, app: FastAPI, sessions):
    account = next(a for a in app.state.services.accounts.all() if a.name == "jan-redacteur")
    manager.post(f"/accounts/{account.id}", {"rol": "lezen", "actief": "ja"})
    manager.post(f"/accounts/{account.id}/wachtwoord")
    with sessions() as session:
        found = session.execute(select(AuditEntry.who, AuditEntry.what, AuditEntry.detail)).all()
    assert ("jan-beheerder", "account veranderd", "redacteur → lezen") in found
    assert ("jan-beheerder", "nieuw wachtwoord gegeven", "") in found
    assert editor.client.get("/", follow_redirects=False).status_code == 303


def test_an_editor_cannot_manage_accounts(editor: Staff):
    assert "de rol beheerder nodig" in editor.get("/accounts", 403)
    editor.post("/accounts", {"naam": "kaper", "rol": "beheerder"}, 403)
    editor.get("/logboek", 403)


def test_without_an_account_the_page_says_how_to_make_one(anonymous: TestClient):
    assert "techniekpact gebruiker JOUWNAAM --rol beheerder" in anonymous.get("/aanmelden").text


def test_the_first_account_is_made_by_a_command(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECORDS_DATABASE_URL", f"sqlite:///{tmp_path / 'administratie.db'}")
    done = CliRunner().invoke(command, ["gebruiker", "emma", "--rol", "beheerder"])
    assert done.exit_code == 0, done.output
    once = re.search(r"Eenmalig wachtwoord: (\S+)", done.output)[1]
    accounts = Accounts(open_records())
    assert accounts.user(accounts.sign_in("emma", once, "127.0.0.1")).must_change
    again = CliRunner().invoke(command, ["gebruiker", "emma"])
    assert (again.exit_code, "Er is al een account met de naam emma" in again.output) == (1, True)
    asked = CliRunner().invoke(command, ["gebruiker", "noor", "--vraag"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert asked.exit_code == 0
    assert accounts.sign_in("noor", PASSWORD, "127.0.0.1")
