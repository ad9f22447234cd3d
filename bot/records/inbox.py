"""The table of what staff did with questions that the assistant could not answer. A change needs a migration."""

from datetime import datetime
from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.records.tables import Base

What = Literal["toegewezen", "nieuw", "afgewezen"]


class Handled(Base):
    """A wording that left the inbox. Only what identifies it is kept: the text itself stands in the log."""

    __tablename__ = "afhandeling"
    id: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str] = mapped_column(String(64), index=True)
    """A hash of the question without case and punctuation."""
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(12))
    item: Mapped[str] = mapped_column(String(80), default="")
    """The item that it was made an example question of."""
