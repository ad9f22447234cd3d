"""Running actions, with a line in the log that says for which request and how long it took."""

import logging
import time
from typing import Any

from rasa_sdk.executor import ActionExecutor, ActionExecutorRunResult

from bot.logs import begin_request

logger = logging.getLogger(__name__)


class NotedExecutor(ActionExecutor):
    """Takes the id of the request up that the gateway sent along with the message."""

    async def run(self, action_call: dict[str, Any], *args: Any, **kwargs: Any) -> ActionExecutorRunResult | None:
        """Run an action and note it, with nothing of what was said."""
        message = (action_call.get("tracker") or {}).get("latest_message") or {}
        begin_request((message.get("metadata") or {}).get("request_id"))
        started = time.monotonic()
        try:
            return await super().run(action_call, *args, **kwargs)
        finally:
            seconds = round(time.monotonic() - started, 4)
            logger.info("action", extra={"action": action_call.get("next_action"), "seconds": seconds})
