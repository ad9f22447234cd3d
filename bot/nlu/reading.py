"""What the components understand of a message: its text as earlier components have prepared it."""

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

READ_TEXT = "read_text"


def read_text(message: Message) -> str:
    """Return the text that is to be understood; where nothing prepared it, the message itself."""
    return message.get(READ_TEXT) or message.get(TEXT) or ""
