"""What the pages work with, made once when the application starts."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.accounts import Accounts
from bot.beheer.audit import AuditLog
from bot.beheer.catalogue import Catalogue
from bot.beheer.entries import Entries
from bot.beheer.examples import ExampleHelper
from bot.beheer.inbox import Grouper, Inbox
from bot.beheer.link_round import LinkRound
from bot.beheer.overview import Overview
from bot.settings import Settings


@dataclass(frozen=True)
class Services:
    """The parts that pages share."""

    settings: Settings
    sessions: sessionmaker[Session]
    accounts: Accounts
    audit: AuditLog
    overview: Overview
    entries: Entries
    catalogue: Catalogue
    examples: ExampleHelper
    inbox: Inbox
    grouper: Grouper
    link_round: LinkRound
