"""What of this Rasa and the action server beside it is up, as the gateway asks."""

from typing import Any

import aiohttp
from rasa.core.agent import Agent

SECONDS = aiohttp.ClientTimeout(total=3)


class Parts:
    """Asks the action server over one kept connection."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def of(self, agent: Agent | None) -> dict[str, Any]:
        """Return the name of the model, whether the actions answer, and the version of their knowledge; else None."""
        ready = agent is not None and agent.is_ready()
        actions = agent.action_endpoint.url.rpartition("/")[0] if ready and agent.action_endpoint else None
        return {
            "model": agent.model_id if ready else None,
            "acties": (await self._get(f"{actions}/health")).get("status") if actions else None,
            "kennis": (await self._get(f"{actions}/knowledge")).get("version") if actions else None,
        }

    async def _get(self, url: str) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=SECONDS)
        try:
            async with self._session.get(url) as response:
                return await response.json() if response.status == 200 else {}
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return {}
