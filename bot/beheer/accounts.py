"""Accounts of staff: signing in and out, passwords, roles, and the lock after wrong tries."""

import hashlib
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.audit import entry
from bot.records.accounts import Account, Attempts, Role, SignIn
from bot.records.tables import now

ROLES: tuple[Role, ...] = get_args(Role)
"""From least to most: who may do something, may do all that stands before it."""
MIN_PASSWORD, MAX_PASSWORD = 12, 200
TRIES_BY_NAME = 5
TRIES_BY_ADDRESS = 20
"""More than by name: a whole office may come from one address."""
LOCKED = timedelta(minutes=15)
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?")


class AccountError(ValueError):
    """What was asked cannot be done; the message says in Dutch why."""


class LockedError(AccountError):
    """Too many wrong tries."""


@dataclass(frozen=True)
class User:
    """Who is signed in."""

    id: int
    name: str
    role: Role
    must_change: bool = False

    def may(self, role: Role) -> bool:
        """Tell whether this user has at least this role."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """Keeps accounts and who is signed in."""

    def __init__(self, sessions: sessionmaker[Session], hasher: PasswordHasher | None = None) -> None:
        self._sessions = sessions
        self._hasher = hasher or PasswordHasher()
        self._one_at_a_time = threading.Lock()  # argon2 takes 64 MB each time
        self._nobody = self._hasher.hash(secrets.token_hex())

    def any(self) -> bool:
        """Tell whether there is any account yet."""
        with self._sessions() as session:
            return session.scalar(select(func.count(Account.id))) != 0

    def all(self) -> Sequence[Account]:
        """Return all accounts, by name."""
        with self._sessions() as session:
            return session.scalars(select(Account).order_by(Account.name)).all()

    def create(self, name: str, role: Role, by: str, password: str | None = None) -> str:
        """Make an account and return its password: a new one, to be changed at first use, when none is given.

        Raises:
            AccountError: the name or the password will not do, or the name is taken.
        """
        name = name.strip().lower()
        if not _NAME.fullmatch(name):
            raise AccountError("Een naam heeft hooguit 60 kleine letters, cijfers, punten en streepjes.")
        chosen = password or secrets.token_urlsafe(12)
        account = Account(
            name=name,
            password_hash=self._hashed(name, chosen),
            role=_known(role),
            must_change=password is None,
            created_at=now(),
        )
        with self._sessions.begin() as session:
            if session.scalar(select(Account.id).where(Account.name == name)):
                raise AccountError(f"Er is al een account met de naam {name}.")
            session.add_all([account, entry(by, "account gemaakt", name, f"rol {role}")])
        return chosen

    def sign_in(self, name: str, password: str, address: str) -> str:
        """Check a password and return the token of a new sign-in.

        Raises:
            LockedError: there were too many wrong tries with this name or from this address.
            AccountError: name and password do not belong together.
        """
        name = name.strip().lower()[:60]
        self._refuse_when_locked(name, address)
        with self._sessions() as session:
            account = session.scalar(select(Account).where(Account.name == name))
        # An unknown name takes as long as a wrong password, so that nobody can find out which names there are.
        right = self._verify(account.password_hash if account else self._nobody, password)
        if not (account and account.active and right):
            self._count_wrong_try(name, address)
            raise AccountError("Deze naam en dit wachtwoord horen niet bij elkaar.")
        return self._begin(account, address)

    def user(self, token: str) -> User | None:
        """Return who is signed in with a token; None when it is unknown, too old or unused for too long."""
        with self._sessions.begin() as session:
            found = session.get(SignIn, _hash(token))
            if found is None:
                return None
            account = session.get_one(Account, found.account_id)
            if not account.active or found.created_at < now() - LONGEST or found.seen_at < now() - IDLE:
                session.delete(found)
                return None
            if found.seen_at < now() - timedelta(minutes=1):
                found.seen_at = now()
            return User(account.id, account.name, account.role, account.must_change)

    def sign_out(self, token: str) -> None:
        """End a sign-in."""
        with self._sessions.begin() as session:
            session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))

    def change_password(self, user: User, old: str, new: str) -> None:
        """Give a user another password; all other sign-ins of that user end.

        Raises:
            AccountError: the old password is wrong, or the new one will not do.
        """
        with self._sessions() as session:
            held = session.get_one(Account, user.id).password_hash
        if not self._verify(held, old):
            raise AccountError("Je oude wachtwoord klopt niet.")
        if new == old:
            raise AccountError("Kies een ander wachtwoord dan je oude.")
        fresh = self._hashed(user.name, new)
        with self._sessions.begin() as session:
            account = session.get_one(Account, user.id)
            account.password_hash, account.must_change = fresh, False
            session.execute(delete(SignIn).where(SignIn.account_id == user.id))
            session.add(entry(user.name, "wachtwoord veranderd", user.name))

    def reset_password(self, account_id: int, by: str) -> str:
        """Give an account a new password, to be changed at first use, and return it."""
        fresh = secrets.token_urlsafe(12)
        hashed = self._hasher.hash(fresh)
        with self._sessions.begin() as session:
            account = _found(session, account_id)
            account.password_hash, account.must_change = hashed, True
            session.execute(delete(SignIn).where(SignIn.account_id == account_id))
            session.execute(delete(Attempts).where(Attempts.key == f"naam:{account.name}"))
            session.add(entry(by, "nieuw wachtwoord gegeven", account.name))
        return fresh

    def change(self, account_id: int, role: Role, active: bool, by: str) -> None:
        """Set the role of an account and whether it may be used; who is signed in with it must do so again.

        Raises:
            AccountError: there is no such account, or it would leave nobody who can manage accounts.
        """
        with self._sessions.begin() as session:
            account = _found(session, account_id)
            before = (account.role, account.active)
            account.role, account.active = _known(role), active
            session.flush()
            managers = select(func.count(Account.id)).where(Account.role == ROLES[-1], Account.active.is_(True))
            if not session.scalar(managers):
                raise AccountError("Er moet ten minste één beheerder overblijven.")
            if before != (role, active):
                session.execute(delete(SignIn).where(SignIn.account_id == account_id))
                detail = f"{_standing(*before)} → {_standing(role, active)}"
                session.add(entry(by, "account veranderd", account.name, detail))

    def _begin(self, account: Account, address: str) -> str:
        token = secrets.token_urlsafe(32)
        with self._sessions.begin() as session:
            session.execute(delete(SignIn).where(SignIn.created_at < now() - LONGEST))
            session.execute(delete(Attempts).where(Attempts.key == f"naam:{account.name}"))
            session.add(SignIn(token_hash=_hash(token), account_id=account.id, created_at=now(), seen_at=now()))
            session.add(entry(account.name, "aangemeld", account.name, address))
        return token

    def _refuse_when_locked(self, name: str, address: str) -> None:
        with self._sessions() as session:
            for key, tries in _limits(name, address):
                held = session.get(Attempts, key)
                if held and held.count >= tries and held.last_at > now() - LOCKED:
                    raise LockedError("Te vaak geprobeerd. Wacht een kwartier en probeer het dan opnieuw.")

    def _count_wrong_try(self, name: str, address: str) -> None:
        with self._sessions.begin() as session:
            session.execute(delete(Attempts).where(Attempts.last_at < now() - LOCKED))
            for key, _ in _limits(name, address):
                held = session.get(Attempts, key)
                if held is None:
                    session.add(Attempts(key=key, count=1, last_at=now()))
                else:
                    held.count, held.last_at = held.count + 1, now()
            session.add(entry(name or "?", "verkeerd wachtwoord", name, address))

    def _hashed(self, name: str, password: str) -> str:
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise AccountError(f"Neem een wachtwoord van {MIN_PASSWORD} tot {MAX_PASSWORD} tekens.")
        if name in password.lower() or len(set(password)) < 5:
            raise AccountError("Dit wachtwoord is te makkelijk te raden.")
        with self._one_at_a_time:
            return self._hasher.hash(password)

    def _verify(self, held: str, password: str) -> bool:
        try:
            with self._one_at_a_time:
                return self._hasher.verify(held, password[:MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


def _limits(name: str, address: str) -> tuple[tuple[str, int], ...]:
    return (f"naam:{name}", TRIES_BY_NAME), (f"adres:{address[:60]}", TRIES_BY_ADDRESS)


def _found(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise AccountError("Dit account bestaat niet.")
    return account


def _known(role: str) -> Role:
    if role not in ROLES:
        raise AccountError(f"De rol '{role}' bestaat niet. Kies uit: {', '.join(ROLES)}.")
    return role


def _standing(role: str, active: bool) -> str:
    return role if active else f"{role}, uitgezet"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
