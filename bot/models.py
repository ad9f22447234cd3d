"""The model on its way to other machines: in the database they share, signed by who trained it.

To load a Rasa model is to run what is in it. So a machine takes up only what was signed with
MODEL_SECRET, and only a model that was made by the same code as its own.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, defer, mapped_column

from bot.database import create_tables, open_engine
from bot.knowledge.store import database_url

KEPT = 5
# What reads a model must be what wrote it.
_CODE = ("config.yml", "domain.yml", "bot/nlu/*.py", "bot/places/*.py", "bot/language/*.py", "requirements/rasa.txt")


class UntrustedModelError(RuntimeError):
    """A model that was not signed with our secret, or was changed on its way."""


class Base(DeclarativeBase):
    """The table of the models; they can be trained again, so it needs no migrations."""


class Model(Base):
    """One trained model."""

    __tablename__ = "model"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(String(1000))
    """What stands beside the model on disk: what it was trained on."""
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Models:
    """Shares and fetches models."""

    def __init__(self, secret: str, url: str | None = None, code: Callable[[], str] | None = None) -> None:
        self._secret = secret.encode()
        self._code = (code or code_digest)()
        self._engine = open_engine(url or database_url())
        self._has_table = False

    def share(self, path: Path) -> bool:
        """Put a model and its record where other machines find it; return whether it was not there yet."""
        body, record = path.read_bytes(), _record_of(path).read_text("utf-8")
        sha256 = hashlib.sha256(body).hexdigest()
        with self._session() as session, session.begin():
            newest = self._newest(session)
            if newest and newest.sha256 == sha256:
                return False
            session.add(
                Model(
                    made_at=datetime.now(UTC).replace(tzinfo=None), code=self._code, sha256=sha256,
                    signature=self._sign(sha256, record), record=record, body=body,
                )
            )  # fmt: skip
            session.flush()
            kept = select(Model.id).order_by(Model.id.desc()).limit(KEPT).scalar_subquery()
            session.execute(delete(Model).where(Model.id.not_in(kept)))
        return True

    def fetch(self, path: Path) -> bool:
        """Put the newest model for our code in a place; return whether it was another than the one there.

        Raises:
            UntrustedModelError: its signature is not ours; what stands there stays.
        """
        with self._session() as session:
            newest = self._newest(session)
            if newest is None or newest.sha256 == _sha256(path):
                return False
            sha256 = hashlib.sha256(newest.body).hexdigest()
            if not hmac.compare_digest(self._sign(sha256, newest.record), newest.signature):
                raise UntrustedModelError(f"Model {newest.id} is niet getekend met onze MODEL_SECRET.")
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(_record_of(path), newest.record.encode())
            _put(path, newest.body)
        return True

    def _session(self) -> Session:
        if not self._has_table:  # the database may come up later than we do
            create_tables(Base.metadata, self._engine)
            self._has_table = True
        return Session(self._engine)

    def _newest(self, session: Session) -> Model | None:
        query = select(Model).where(Model.code == self._code).order_by(Model.id.desc()).limit(1)
        return session.scalar(query.options(defer(Model.body)))

    def _sign(self, sha256: str, record: str) -> str:
        message = json.dumps([self._code, sha256, record]).encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()


def from_environment() -> Models | None:
    """Return the models that machines share; None when MODEL_SECRET is not set, as on a single machine."""
    secret = os.environ.get("MODEL_SECRET")
    return Models(secret) if secret else None


def code_digest() -> str:
    """Return what identifies the code that trains a model and reads it."""
    total = hashlib.sha256()
    for pattern in _CODE:
        for path in sorted(Path().glob(pattern)):
            total.update(path.as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def _record_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".tar.gz") + ".json")


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _put(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    fresh = path.with_name(f"{path.name}.nieuw")
    fresh.write_bytes(content)
    fresh.replace(path)
