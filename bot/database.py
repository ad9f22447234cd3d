"""Opening a database, the same way for all that the assistant keeps."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url


def open_engine(url: str) -> Engine:
    """Return an engine for a database address; the folder of a SQLite file is made where it is missing.

    `postgresql://…` is opened with psycopg 3, so that one address serves us and Rasa (psycopg 2).
    """
    address = make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        # Readers go on while somebody writes.
        @event.listens_for(engine, "connect")
        def _write_ahead(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=10000")
            connection.execute("PRAGMA foreign_keys=ON")

    return engine
