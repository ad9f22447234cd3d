"""The way to Rasa and the action server, which only this process may go."""

from typing import Any

import httpx

from bot.settings import Settings


class AssistantUnavailableError(RuntimeError):
    """Rasa did not answer, or not with what it should."""


class Assistant:
    """Passes messages on, and knows what of the assistant is up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=settings.rasa_timeout_seconds, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def reply(self, sender: str, message: str, message_id: str) -> list[dict[str, Any]]:
        """Return Rasa's messages for one message of a visitor; Rasa keeps the message's id with it.

        Raises:
            AssistantUnavailableError: Rasa can't be reached or failed.
        """
        try:
            response = await self._client.post(
                f"{self._settings.rasa_url}/webhooks/rest/webhook",
                json={"sender": sender, "message": message, "metadata": {"message_id": message_id}},
            )
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AssistantUnavailableError(type(error).__name__) from error

    async def missing(self) -> list[str]:
        """Return what does not answer, of: model, acties, kennis."""
        missing = []
        if not (await self._get(f"{self._settings.rasa_url}/status")).get("model_file"):
            missing.append("model")
        if not (await self._get(f"{self._settings.action_url}/health")).get("status"):
            missing.append("acties")
        if not (await self._get(f"{self._settings.action_url}/knowledge")).get("version"):
            missing.append("kennis")
        return missing

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            response = await self._client.get(url, timeout=5)
            return response.json() if response.status_code == 200 else {}
        except (httpx.HTTPError, ValueError):
            return {}
