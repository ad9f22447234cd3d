"""Tokens for conversations: signed here, so that nobody can make one up or guess another's."""

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from itsdangerous import BadData, URLSafeTimedSerializer

PREFIX = "web:"
"""How the conversations of the website channel begin; no other channel may use it."""
SECRET_BYTES = 32


class InvalidTokenError(ValueError):
    """A token that was not issued here, or too long ago."""


class Tokens:
    """Issues and reads tokens that stand for one conversation."""

    def __init__(self, secret: str, max_age_seconds: int) -> None:
        self.max_age_seconds = max_age_seconds
        self._serializer = URLSafeTimedSerializer(secret, salt="gesprek")

    def issue(self, conversation: str) -> str:
        """Return a token for a conversation."""
        return self._serializer.dumps(conversation)

    def read(self, token: str) -> str:
        """Return the conversation that a token stands for.

        Raises:
            InvalidTokenError: it was not issued with this secret, or longer ago than it holds.
        """
        try:
            conversation, issued = self._serializer.loads(token, return_timestamp=True)
        except BadData as error:
            raise InvalidTokenError from error
        # One that seems to be of later is good: the clocks of two machines differ, and a clock is set right.
        if (datetime.now(UTC) - issued).total_seconds() > self.max_age_seconds:
            raise InvalidTokenError
        return conversation


def new_conversation() -> str:
    """Return an id that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(24)


def load_secret(file: Path) -> str:
    """Return SESSION_SECRET, or else the secret in a file that only this user can read; it is made when missing.

    Raises:
        ValueError: the secret is too short, or others can read it; says what to do.
    """
    if given := os.environ.get("SESSION_SECRET"):
        if len(given) < SECRET_BYTES:
            raise ValueError(f"SESSION_SECRET is te kort om geheim te blijven: neem {SECRET_BYTES} tekens of meer.")
        return given
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written beside it and linked into its place, so that it is never there by half, as on a disk that is full.
    with NamedTemporaryFile("w", encoding="ascii", dir=file.parent) as fresh, suppress(FileExistsError):
        fresh.write(secrets.token_urlsafe(SECRET_BYTES))
        fresh.flush()
        os.link(fresh.name, file)
    if file.stat().st_mode & 0o077:
        raise ValueError(f"{file} is te lezen voor anderen. Gooi het weg; er komt vanzelf een nieuw.")
    return file.read_text("ascii")
