"""One publish in a process of its own, so that it outlives the page it was asked on: the order comes in as JSON."""

import json
import sys

from bot.beheer.audit import AuditLog
from bot.beheer.publishing import BusyError, Order, Places, RefusedError, StoppedError, publish_and_note
from bot.records.database import open_records
from bot.settings import Settings


def main() -> None:
    """Publish as the order on standard input says; `voortgang.json` tells how it goes."""
    order = Order(**json.load(sys.stdin))
    places = Places.from_settings(Settings.from_environment())
    try:
        publish_and_note(order, places, AuditLog(open_records()))
    except (BusyError, StoppedError, RefusedError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
