"""The tables of accounts, of who is signed in, and of what was done by whom. A change here needs a migration."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.records.tables import Base

Role = Literal["lezen", "redacteur", "beheerder"]


class Account(Base):
    """A member of staff."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False)
    """Whether the password was made by somebody else, and must be changed first."""
    created_at: Mapped[datetime]


class SignIn(Base):
    """A browser in which somebody is signed in. Only a hash of its token is kept."""

    __tablename__ = "aanmelding"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Attempts(Base):
    """Wrong tries to sign in, by name and by address."""

    __tablename__ = "aanmeldpoging"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class AuditEntry(Base):
    """Something that was done, when and by whom."""

    __tablename__ = "logboek"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[str] = mapped_column(String(2000), default="")
