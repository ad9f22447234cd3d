"""The knowledge store: every published version, in any database that SQLAlchemy speaks.

A version is written in one transaction, so a reader sees the old one or the new one, whole. The
files in `knowledge/` stay the truth: the store can be thrown away and published again.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from bot.database import open_engine
from bot.knowledge.schema import Bron, Item, Knowledge, Landsdeel, Lijst, Tabel, Thema, Website, Woord

KEPT_VERSIONS = 50
DEFAULT_URL = "sqlite:///var/kennis.db"

_KINDS = {
    "themas": Thema,
    "bronnen": Bron,
    "items": Item,
    "landsdelen": Landsdeel,
    "tabellen": Tabel,
    "lijsten": Lijst,
    "woorden": Woord,
    "website": Website,
}


class Base(DeclarativeBase):
    """The tables of the knowledge store."""


class Version(Base):
    """One publish."""

    __tablename__ = "kennis_versie"
    id: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(1000), default="")


class Row(Base):
    """One theme, source, item, landsdeel, table or list of one version, as its file gave it."""

    __tablename__ = "kennis_onderdeel"
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Changes:
    """What a publish changed, as ids of items."""

    version: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    other: bool
    """Whether something besides items changed: a source, a theme, a landsdeel."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.other)


class EmptyStoreError(RuntimeError):
    """Nothing was ever published."""


def database_url() -> str:
    """Return the address of the knowledge store: KNOWLEDGE_DATABASE_URL, or a SQLite file."""
    return os.environ.get("KNOWLEDGE_DATABASE_URL") or DEFAULT_URL


class Store:
    """Reads and publishes versions of the knowledge."""

    def __init__(self, url: str | None = None) -> None:
        self._engine = open_engine(url or database_url())
        Base.metadata.create_all(self._engine)
        self._session = sessionmaker(self._engine)

    def version(self) -> int:
        """Return the number of the current version, 0 when nothing was published."""
        with self._session() as session:
            return session.scalar(select(func.max(Version.id))) or 0

    def load(self, version: int | None = None) -> tuple[int, Knowledge]:
        """Return the number and content of a version, by default the current one.

        Raises:
            EmptyStoreError: nothing was published, or not this version.
        """
        with self._session() as session:
            number = version or session.scalar(select(func.max(Version.id)))
            rows = session.scalars(select(Row).where(Row.version_id == number).order_by(Row.position)).all()
        if not rows:
            raise EmptyStoreError("De kennis is nog niet gepubliceerd. Doe dat met: techniekpact publish")
        parts: dict[str, list] = {kind: [] for kind in _KINDS}
        for row in rows:
            parts[row.kind].append(_KINDS[row.kind].model_validate(row.body))
        return number, Knowledge(**parts)

    def publish(self, knowledge: Knowledge, author: str, note: str = "") -> Changes:
        """Write a new version in one transaction; without any change, write nothing.

        Returns:
            What changed since the version before. Its `version` is the one now current.
        """
        with self._session.begin() as session:
            current = session.scalar(select(func.max(Version.id))) or 0
            before = _bodies(session, current)
            after = {kind: [part.model_dump(mode="json") for part in getattr(knowledge, kind)] for kind in _KINDS}
            changes = _compare(before, after, current)
            if not changes:
                return changes
            version = Version(published_at=datetime.now(UTC).replace(tzinfo=None), author=author, note=note)
            session.add(version)
            session.flush()
            session.add_all(
                Row(version_id=version.id, kind=kind, position=position, body=body)
                for kind, bodies in after.items()
                for position, body in enumerate(bodies)
            )
            _forget_old_versions(session)
            return Changes(version.id, changes.added, changes.changed, changes.removed, changes.other)


def _bodies(session: Session, version: int) -> dict[str, list[dict[str, Any]]]:
    bodies: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _KINDS}
    for row in session.scalars(select(Row).where(Row.version_id == version).order_by(Row.position)):
        # Through the schema, so that a key this release adds is no change of the content.
        bodies[row.kind].append(_KINDS[row.kind].model_validate(row.body).model_dump(mode="json"))
    return bodies


def _compare(before: dict[str, list], after: dict[str, list], version: int) -> Changes:
    old, new = ({body["id"]: body for body in bodies["items"]} for bodies in (before, after))
    return Changes(
        version=version,
        added=[item for item in new if item not in old],
        changed=[item for item in new if item in old and new[item] != old[item]],
        removed=[item for item in old if item not in new],
        other=any(before[kind] != after[kind] for kind in _KINDS if kind != "items"),
    )


def _forget_old_versions(session: Session) -> None:
    kept = select(Version.id).order_by(Version.id.desc()).limit(KEPT_VERSIONS)
    oldest = min(session.scalars(kept))
    session.execute(delete(Row).where(Row.version_id < oldest))
    session.execute(delete(Version).where(Version.id < oldest))
