"""Logs as JSON, one line an event: when, what, and of which request. Never what a visitor said."""

import json
import logging.config
import re
import traceback
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from sqlalchemy.exc import OperationalError

CONFIGURATION = Path(__file__).with_name("logging.json")
"""httpx is kept quiet in it: it logs addresses, with the token of Rasa in them."""
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class Formatter(JsonFormatter):
    """Adds the id of the request to every line."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def formatException(self, ei: Any) -> str:  # noqa: N802 - its name in the library
        """Return where it went wrong and what kind of error it was.

        Not its message: that may repeat what a visitor said. Those of the system and of connections do not.
        """
        places = "".join(traceback.format_tb(ei[2]))
        return f"{places}{' <- '.join(_named(error) for error in _chain(ei[1]))}"

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill in one line."""
        super().add_fields(log_data, record, message_dict)
        if request_id := current_request():
            log_data["request_id"] = request_id


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _named(error: BaseException) -> str:
    name = type(error).__qualname__
    return f"{name}: {str(error).splitlines()[0]}" if isinstance(error, OSError | OperationalError) else name


def configure() -> None:
    """Have this process log so. uvicorn is given the same file."""
    logging.config.dictConfig(json.loads(CONFIGURATION.read_text("utf-8")))
    logging.captureWarnings(True)


def begin_request(given: str | None) -> str:
    """Return the id of what is worked on from here: the one that was given when it is well-formed, else a new one."""
    request_id = given if given and _GOOD_ID.fullmatch(given) else uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id


def current_request() -> str:
    """Return the id of what is worked on; empty outside a request."""
    return _request_id.get()
