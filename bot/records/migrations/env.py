"""How Alembic reaches the records: by the connection that bot.records.database hands over."""

from alembic import context

from bot.database import open_engine
from bot.records import accounts, inbox, links  # noqa: F401  their tables too
from bot.records.database import records_url
from bot.records.tables import Base


def run(connection) -> None:  # noqa: ANN001
    """Run the migrations in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:  # the alembic command itself, to write a new migration
    with open_engine(records_url()).begin() as own:
        run(own)
