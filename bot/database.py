"""Opening a database, the same way for all that the assistant keeps."""

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

logger = logging.getLogger(__name__)

REWRITE_BY_DAY_BYTES = 64_000_000
"""A SQLite file of this size is written anew in less than half a second."""

POSTGRES = {
    "connect_timeout": 3,
    "tcp_user_timeout": 4_000,  # milliseconds; a server that is gone without a goodbye
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
"""How soon it is noticed that a PostgreSQL server is gone."""

_TABLES_LOCK = 20130514  # any number that is only ours


def open_engine(url: str, driver: str = "psycopg") -> Engine:
    """Return an engine for a database address; the folder of a SQLite file is made where it is missing.

    One address serves us and Rasa: what opens `postgresql://…` is psycopg 3 here, and psycopg2 there.
    """
    address = make_url(url)
    if address.get_backend_name() in ("postgres", "postgresql"):
        address = address.set(drivername=f"postgresql+{driver}")
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    if is_file:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    postgres = address.get_backend_name() == "postgresql"
    options: dict[str, Any] = {"pool_pre_ping": True, "connect_args": POSTGRES} if postgres else {}
    if is_file:
        # The SQLAlchemy of Rasa opens a file anew for every transaction, which takes longer than most of them.
        options = {"poolclass": QueuePool, "connect_args": {"check_same_thread": False}}
    # Values are left out of errors: they are what visitors say, and errors go to the logs.
    engine = create_engine(address, hide_parameters=True, **options)
    if engine.dialect.name == "sqlite":
        # Readers go on while somebody writes.
        @event.listens_for(engine, "connect")
        def _write_ahead(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            # A process that is killed loses nothing; a machine without power may lose its last second, and no more.
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA busy_timeout=10000")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten, not only let go

    return engine


def create_tables(metadata: MetaData, engine: Engine) -> None:
    """Make the tables that are missing; several processes may start at once on an empty database."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _TABLES_LOCK})
        metadata.create_all(connection)


def forget_deleted(engine: Engine, at_night: bool = False) -> None:
    """Have what was deleted leave the files too.

    SQLite overwrites deleted rows, but now and then keeps a copy where it moved rows about, and its journal has the
    pages as they were. So the file is written anew, which holds up all writers: a large file waits for the night.
    PostgreSQL gives the space of dead rows to new ones. A failure, such as a full disk, undoes no deletion and is only
    logged.
    """
    if engine.dialect.name != "sqlite":
        steps = ["VACUUM"] if at_night else []
    elif at_night or Path(engine.url.database or "").stat().st_size <= REWRITE_BY_DAY_BYTES:
        steps = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    else:
        steps = ["PRAGMA wal_checkpoint(TRUNCATE)"]
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for step in steps:
                connection.execute(text(step))
    except OperationalError:
        logger.exception("De ruimte van gewiste gegevens kon niet worden vrijgegeven.")
