"""The table of what the last check of each address found. A change needs a migration."""

from datetime import datetime
from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.records.tables import Base

Outcome = Literal["goed", "verhuisd", "weg", "weigert", "fout", "geen verbinding"]


class LinkCheck(Base):
    """An address that the knowledge names, as it was found last."""

    __tablename__ = "adrescontrole"
    address: Mapped[str] = mapped_column(String(500), primary_key=True)
    checked_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(500), default="")
    """More of it: the number that the server sent, or where the page went."""
    content: Mapped[str] = mapped_column(String(64), default="")
    """A hash of the words on the page; empty when it was not read."""
    changed_at: Mapped[datetime | None]
    """When the words were first seen to differ from those before."""
