"""What the environment decides. Every setting stands in docs/instellingen.md."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Settings of the services; the defaults fit one machine."""

    host: str = "127.0.0.1"
    port: int = 5005
    rasa_url: str = "http://127.0.0.1:5006"
    action_url: str = "http://127.0.0.1:5055"
    max_message_characters: int = 1000
    rasa_timeout_seconds: float = 30.0
    knowledge_folder: Path = Path("knowledge")
    state_folder: Path = Path("var")

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings from environment variables.

        Raises:
            ValueError: a number is not one; says which variable.
        """
        return cls(
            host=os.environ.get("HOST", cls.host),
            port=_number("PORT", cls.port),
            rasa_url=os.environ.get("RASA_URL", cls.rasa_url),
            action_url=os.environ.get("ACTION_URL", cls.action_url),
            max_message_characters=_number("MAX_MESSAGE_CHARACTERS", cls.max_message_characters),
            knowledge_folder=Path(os.environ.get("KNOWLEDGE_FOLDER", cls.knowledge_folder)),
            state_folder=Path(os.environ.get("STATE_FOLDER", cls.state_folder)),
        )


def _number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if not value:
        return default
    if not value.isdigit():
        raise ValueError(f"{name} moet een getal zijn, niet '{value}'.")
    return int(value)
