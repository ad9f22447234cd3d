"""What the environment decides. Every setting stands in docs/instellingen.md."""

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_ADDRESS = re.compile(r"https?://[^/\s]+")
_RULE = re.compile(r"\d+/(?:second|minute|hour|day)")


class Role(StrEnum):
    """What of the assistant a machine runs."""

    ALL = "alles"
    WEBSITE = "website"
    NODES = "knopen"
    STAFF = "beheer"


@dataclass(frozen=True)
class Settings:
    """Settings of the services; the defaults fit one machine."""

    host: str = "127.0.0.1"
    port: int = 5005
    rasa_urls: tuple[str, ...] = ("http://127.0.0.1:5006",)
    """The nodes: each a Rasa with an action server of its own."""
    nodes: int = 1
    """How many nodes this machine runs: one for every two cores."""
    node_host: str = "127.0.0.1"
    node_port: int = 5006
    """Where gateways on other machines find the first node; the others follow on the next ports."""
    max_message_characters: int = 1000
    rasa_timeout_seconds: float = 30.0
    knowledge_folder: Path = Path("knowledge")
    state_folder: Path = Path("var")
    allowed_origins: tuple[str, ...] = ()
    """Other sites whose pages may use the website channel; our own always may."""
    session_seconds: int = 86_400
    messages_per_conversation: str = "20/minute"
    requests_per_address: str = "600/minute"
    messages_per_sender: str = "240/minute"
    """On the REST channel, which other servers use: one address may be a whole website."""
    redis_url: str | None = None
    staff_host: str = "127.0.0.1"
    staff_port: int = 5010
    rasa_token: str | None = field(default=None, repr=False)
    """What Rasa's HTTP API asks for; `serve` makes one up at each start."""
    rest_token: str | None = field(default=None, repr=False)
    """What the REST channel asks for; without it, everybody may use it."""
    metrics_token: str | None = field(default=None, repr=False)
    trusted_proxies: str = ""
    """Whose word is taken for a visitor's address: the proxies in front, with commas between."""
    keep_text_days: int = 90
    keep_tracker_days: int = 30
    keep_choice_days: int = 365
    keep_sign_in_days: int = 30
    keep_audit_days: int = 730

    @property
    def address(self) -> str:
        """Return the address of the assistant, as a browser on this machine has it."""
        return _local_address(self.host, self.port)

    @property
    def staff_address(self) -> str:
        """Return the address of the staff application, as a browser on this machine has it."""
        return _local_address(self.staff_host, self.staff_port)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings from environment variables.

        Raises:
            ValueError: a value can't be read; says which variable.
        """
        return cls(
            host=os.environ.get("HOST", cls.host),
            port=_number("PORT", cls.port),
            rasa_urls=_addresses("RASA_URL") or cls.rasa_urls,
            nodes=max(1, _number("NODES", cls.nodes)),
            node_host=os.environ.get("NODE_HOST", cls.node_host),
            node_port=_number("NODE_PORT", cls.node_port),
            max_message_characters=_number("MAX_MESSAGE_CHARACTERS", cls.max_message_characters),
            knowledge_folder=Path(os.environ.get("KNOWLEDGE_FOLDER", cls.knowledge_folder)),
            state_folder=Path(os.environ.get("STATE_FOLDER", cls.state_folder)),
            allowed_origins=_addresses("ALLOWED_ORIGINS"),
            session_seconds=_number("SESSION_SECONDS", cls.session_seconds),
            messages_per_conversation=_rule("MESSAGES_PER_CONVERSATION", cls.messages_per_conversation),
            requests_per_address=_rule("REQUESTS_PER_ADDRESS", cls.requests_per_address),
            messages_per_sender=_rule("MESSAGES_PER_SENDER", cls.messages_per_sender),
            redis_url=os.environ.get("REDIS_URL") or None,
            staff_host=os.environ.get("BEHEER_HOST", cls.staff_host),
            staff_port=_number("BEHEER_PORT", cls.staff_port),
            rasa_token=os.environ.get("RASA_TOKEN") or None,
            rest_token=os.environ.get("REST_TOKEN") or None,
            metrics_token=os.environ.get("METRICS_TOKEN") or None,
            trusted_proxies=os.environ.get("TRUSTED_PROXIES", cls.trusted_proxies),
            keep_text_days=_number("KEEP_TEXT_DAYS", cls.keep_text_days),
            keep_tracker_days=_number("KEEP_TRACKER_DAYS", cls.keep_tracker_days),
            keep_choice_days=_number("KEEP_CHOICE_DAYS", cls.keep_choice_days),
            keep_sign_in_days=_number("KEEP_SIGN_IN_DAYS", cls.keep_sign_in_days),
            keep_audit_days=_number("KEEP_AUDIT_DAYS", cls.keep_audit_days),
        )


def _local_address(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"


def _number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if not value:
        return default
    if not value.isdigit():
        raise ValueError(f"{name} moet een getal zijn, niet '{value}'.")
    return int(value)


def _rule(name: str, default: str) -> str:
    value = os.environ.get(name) or default
    if not _RULE.fullmatch(value):
        raise ValueError(f"{name} moet iets zijn als 20/minute, niet '{value}'.")
    return value


def _addresses(name: str) -> tuple[str, ...]:
    addresses = tuple((os.environ.get(name) or "").replace(",", " ").split())
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            raise ValueError(f"{name}: '{address}' is geen adres zoals https://www.school.nl, zonder pad erachter.")
    return addresses
