"""The website channel described for machines: `python -m bot.website.openapi > docs/website.openapi.json`."""

import json
from typing import Any

from fastapi import FastAPI

from bot.website.app import create_app
from bot.website.channel import PATH


def description(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of the website channel alone."""
    whole = app.openapi()
    return {**whole, "paths": {path: item for path, item in whole["paths"].items() if path.startswith(PATH)}}


if __name__ == "__main__":
    print(json.dumps(description(create_app()), indent=1, ensure_ascii=False))
