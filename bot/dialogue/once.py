"""What Rasa 3.6 does anew at every message though its outcome never changes, done once.

Rasa offers no setting for any of it, so its functions are replaced by ones that do the same:

- it checks every reply of the action server against a schema that it first checks itself, and every event
  in it against the schemas of all kinds of events (`RemoteAction._validate_action_result`); here a schema
  is checked once, and an event against the schema of its own kind;
- it looks through all classes of events for the one of each event (`Event.resolve_by_type`);
- it opens a connection to the action server for every action (`EndpointConfig.session`); here one stays
  open for a while.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import aiohttp
from jsonschema import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

IDLE_SECONDS = 2.0
"""How long a connection is kept for the next action: not so long that it outlives its action server."""


def do_once() -> None:
    """Have Rasa work so from now on."""
    RemoteAction._validate_action_result = _validate
    EndpointConfig.session = _session
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))


def _session(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    """Return a session as Rasa makes it, that leaves its connections to the next."""
    login = endpoint.basic_auth
    return aiohttp.ClientSession(
        connector=_connections(),
        connector_owner=False,
        headers=endpoint.headers,
        auth=aiohttp.BasicAuth(login["username"], login["password"]) if login else None,
        timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
    )


@cache
def _connections() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)


@cache
def _validators() -> tuple[Validator, Mapping[str, Validator]]:
    """Return what checks a reply but for the kinds of its events, and what checks each kind."""
    schema = RemoteAction.action_response_format_spec()
    kinds = schema["properties"]["events"]["items"].pop("oneOf")
    return _validator(schema), {kind["properties"]["event"]["const"]: _validator(kind) for kind in kinds}


def _validator(schema: dict[str, Any]) -> Validator:
    validator = validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Tell that a reply of the action server has the right form.

    Raises:
        ValidationError: it has not; says where.
    """
    if problem := next(_problems(result), None):
        raise ValidationError(f"The action server's reply is not as Rasa expects it: {problem}")
    return True


def _problems(result: dict[str, Any]) -> Iterator[str]:
    reply, kinds = _validators()
    yield from (error.message for error in reply.iter_errors(result))
    for event in result.get("events", ()):
        if kind := kinds.get(event["event"]):
            yield from (error.message for error in kind.iter_errors(event))
        else:
            yield f"there is no event '{event['event']}'"
