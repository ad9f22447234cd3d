"""Opening the records: the tables are brought up to date by whoever comes first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.database import open_engine

DEFAULT_URL = "sqlite:///var/administratie.db"
MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK_NUMBER = 20130513  # any number that is only ours


def records_url() -> str:
    """Return the address of the records: RECORDS_DATABASE_URL, or a SQLite file."""
    return os.environ.get("RECORDS_DATABASE_URL") or DEFAULT_URL


def open_records(url: str | None = None) -> sessionmaker[Session]:
    """Open the records, by default those of the environment, with their tables up to date."""
    engine = open_engine(url or records_url())
    upgrade(engine)
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing; several processes may try at once."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with _alone(engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that no other process migrates beside."""
    if engine.dialect.name == "sqlite":
        with FileLock(f"{engine.url.database}.lock"), engine.begin() as connection:
            yield connection
    else:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            yield connection
