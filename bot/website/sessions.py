"""Tokens for conversations: signed here, so that nobody can make one up or guess another's."""

import os
import secrets
from pathlib import Path

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
            return self._serializer.loads(token, max_age=self.max_age_seconds)
        except BadData as error:
            raise InvalidTokenError from error


def new_conversation() -> str:
    """Return an id that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(24)


def load_secret(file: Path) -> str:
    """Return SESSION_SECRET, or else the secret in a file that only this user can read; it is made when missing."""
    if given := os.environ.get("SESSION_SECRET"):
        return given
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(SECRET_BYTES))
    return file.read_text("ascii")
