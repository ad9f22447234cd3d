"""The replies of the action server, checked at a tenth of the work of a message.

Rasa 3.6 checks a reply against a schema that never changes, and checks that schema itself anew each
time (`RemoteAction._validate_action_result` calls `jsonschema.validate`). Here the schema is checked
once; replies are checked as before. Rasa offers no setting for it.
"""

from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_schema_once() -> None:
    """Have Rasa check replies our way from now on."""
    RemoteAction._validate_action_result = _validate


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Tell that a reply of the action server has the right form.

    Raises:
        ValidationError: it has not; says where.
    """
    if problem := next(_validator().iter_errors(result), None):
        raise ValidationError(f"The action server's reply is not as Rasa expects it: {problem.message}")
    return True
