"""The knowledge store: every published version, in any database that SQLAlchemy speaks.

A version is written in one transaction, so a reader sees the old one or the new one, whole. The
files in `knowledge/` stay the truth: the store can be thrown away and published again.
"""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, delete, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from bot.database import create_tables, open_engine
from bot.knowledge.schema import Bron, Item, Knowledge, Landsdeel, Lijst, Tabel, Thema, Website, Woord
from bot.knowledge.snapshot import Files, content_key

KEPT_VERSIONS = 50
"""Of how many versions the parts are kept. The files of all are: few change, and each is kept once."""
NOTE_CHARACTERS = 1000
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
    note: Mapped[str] = mapped_column(String(NOTE_CHARACTERS), default="")


class Row(Base):
    """One theme, source, item, landsdeel, table or list of one version, as its file gave it."""

    __tablename__ = "kennis_onderdeel"
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class FileBody(Base):
    """The bytes of a file; versions with the same file share it."""

    __tablename__ = "kennis_inhoud"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class FileRow(Base):
    """One file of one version."""

    __tablename__ = "kennis_bestand"
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), primary_key=True)
    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey(FileBody.digest))


class TrialRow(Base):
    """How the trial of a version went, before it went live."""

    __tablename__ = "kennis_toets"
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), primary_key=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Published:
    """A version as the list of versions shows it."""

    number: int
    published_at: datetime
    """In UTC."""
    author: str
    note: str
    trial: dict[str, Any] | None
    """How its trial went; None when it went live without one."""
    has_files: bool
    """Whether the files of `knowledge/` were kept with it, so that it can be restored."""


@dataclass(frozen=True)
class Changes:
    """What a publish changed, as ids of items."""

    version: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    other: bool
    """Whether something besides items changed: a source, a theme, a landsdeel."""
    files: bool = False
    """Whether a file changed, be it in nothing but a comment or a draft."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.other or self.files)


class EmptyStoreError(RuntimeError):
    """Nothing was ever published."""


def database_url() -> str:
    """Return the address of the knowledge store: KNOWLEDGE_DATABASE_URL, or a SQLite file."""
    return os.environ.get("KNOWLEDGE_DATABASE_URL") or DEFAULT_URL


class Store:
    """Reads and publishes versions of the knowledge."""

    def __init__(self, url: str | None = None) -> None:
        self._engine = open_engine(url or database_url())
        create_tables(Base.metadata, self._engine)
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

    def versions(self) -> list[Published]:
        """Return all versions, the newest first."""
        with self._session() as session:
            with_files = set(session.scalars(select(FileRow.version_id).distinct()))
            rows = select(Version, TrialRow.outcome).join(TrialRow, isouter=True).order_by(Version.id.desc())
            return [
                Published(row.id, row.published_at, row.author, row.note, trial, row.id in with_files)
                for row, trial in session.execute(rows)
            ]

    def files(self, version: int | None = None) -> dict[str, bytes]:
        """Return the files of a version, by default the current one; empty when none were kept with it."""
        with self._session() as session:
            number = version or session.scalar(select(func.max(Version.id)))
            found = select(FileRow.path, FileBody.body).join(FileBody).where(FileRow.version_id == number)
            return dict(session.execute(found.order_by(FileRow.path)).all())

    def publish(
        self,
        knowledge: Knowledge,
        author: str,
        note: str = "",
        files: Files | None = None,
        trial: dict[str, Any] | None = None,
    ) -> Changes:
        """Write a new version in one transaction; without any change, write nothing.

        Args:
            knowledge: What is to be answered with.
            author: Who publishes.
            note: What changed, for later.
            files: The files that it was read from, to be kept with the version.
            trial: How its trial went, when it had one.

        Returns:
            What changed since the version before. Its `version` is the one now current.
        """
        with self._session.begin() as session:
            current = session.scalar(select(func.max(Version.id))) or 0
            after = {kind: [part.model_dump(mode="json") for part in getattr(knowledge, kind)] for kind in _KINDS}
            changes = _compare(_bodies(session, current), after, current)
            if files is not None:
                changes = replace(changes, files=_file_keys(session, current) != _keys_of(files))
            if not changes:
                return changes
            now = datetime.now(UTC).replace(tzinfo=None)
            version = Version(published_at=now, author=author, note=note[:NOTE_CHARACTERS])
            session.add(version)
            session.flush()
            if trial is not None:
                session.add(TrialRow(version_id=version.id, outcome=trial))
            session.add_all(
                Row(version_id=version.id, kind=kind, position=position, body=body)
                for kind, bodies in after.items()
                for position, body in enumerate(bodies)
            )
            _keep_files(session, version.id, files or {})
            _forget_old_versions(session)
            return replace(changes, version=version.id)


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


def _keys_of(files: Files) -> dict[str, str]:
    return {path: content_key(body) for path, body in files.items()}


def _file_keys(session: Session, version: int) -> dict[str, str]:
    found = select(FileRow.path, FileRow.digest).where(FileRow.version_id == version)
    return dict(session.execute(found).all())


def _keep_files(session: Session, version: int, files: Files) -> None:
    bodies = {content_key(body): body for body in files.values()}
    known = set(session.scalars(select(FileBody.digest).where(FileBody.digest.in_(bodies))))
    session.add_all(FileBody(digest=digest, body=body) for digest, body in bodies.items() if digest not in known)
    session.flush()
    session.add_all(FileRow(version_id=version, path=path, digest=digest) for path, digest in _keys_of(files).items())


def _forget_old_versions(session: Session) -> None:
    """Drop the parts of old versions; one without files cannot be restored, so nothing of it is of use."""
    kept = select(Version.id).order_by(Version.id.desc()).limit(KEPT_VERSIONS)
    oldest = min(session.scalars(kept))
    session.execute(delete(Row).where(Row.version_id < oldest))
    with_files = select(FileRow.version_id)
    gone = select(Version.id).where(Version.id < oldest, Version.id.not_in(with_files))
    session.execute(delete(TrialRow).where(TrialRow.version_id.in_(gone)))
    session.execute(delete(Version).where(Version.id.in_(gone)))
