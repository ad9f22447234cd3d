"""A fixed token that a route may ask for: for servers, which keep it in a setting."""

from collections.abc import Awaitable, Callable
from secrets import compare_digest
from typing import Annotated

from fastapi import Header

from bot.website.errors import Refusal


def require_token(token: str | None, setting: str) -> Callable[[str], Awaitable[None]]:
    """Return a check that a request has `Authorization: Bearer <token>`; without a token everybody passes."""

    async def check(authorization: Annotated[str, Header()] = "") -> None:
        if token and not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise Refusal(
                401, "Dit adres vraagt een token.", f"Stuur Authorization: Bearer met wat in {setting} staat."
            )

    return check
