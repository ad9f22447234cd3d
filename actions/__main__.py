"""The action server, on loopback: `python -m actions --port 5055`."""

import argparse

from rasa_sdk.endpoint import create_app
from sanic import HTTPResponse, Request, json

from actions.assistant import choices, gazetteer, live_index
from actions.executor import NotedExecutor
from bot.logs import configure


def main() -> None:
    """Load the knowledge, then serve the actions until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    configure()

    live_index()
    gazetteer()
    choices()
    executor = NotedExecutor()
    executor.register_package("actions")
    app = create_app(executor)

    @app.get("/knowledge")
    async def knowledge(_: Request) -> HTTPResponse:
        live = live_index()
        return json({"version": live.version, "items": len(live.index.knowledge.items)})

    app.run(arguments.host, arguments.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
