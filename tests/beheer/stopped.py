"""Publishes like the command does, but stands still before the nth call of one function, to be killed there.

`python -m tests.beheer.stopped MODULE.FUNCTION N FOLDER [VERSION]`; says "hier" when it stands still.
"""

import importlib
import sys
import time
from pathlib import Path
from typing import Any

from bot.beheer.publishing import Order, Places, publish
from bot.knowledge.store import Store


def places_in(folder: Path) -> Places:
    """Return the places that a test keeps under one folder."""
    store = Store(f"sqlite:///{folder / 'kennis.db'}")
    return Places(folder / "knowledge", folder / "publiceren", folder / "models", store)


def stand_still_before(dotted: str, number: int) -> None:
    """Replace a function by one that waits for ever at its nth call."""
    module_name, _, name = dotted.rpartition(".")
    try:
        owner: Any = importlib.import_module(module_name)
    except ModuleNotFoundError:  # a method
        module_name, _, class_name = module_name.rpartition(".")
        owner = getattr(importlib.import_module(module_name), class_name)
    real, calls = getattr(owner, name), []

    def waiting(*arguments: Any, **named: Any) -> Any:
        calls.append(None)
        if len(calls) == number:
            print("hier", flush=True)
            time.sleep(600)
        return real(*arguments, **named)

    setattr(owner, name, waiting)


if __name__ == "__main__":
    where, nth, folder, *version = sys.argv[1:]
    stand_still_before(where, int(nth))
    restore = int(version[0]) if version else None
    publish(Order("test", trial="geen" if restore else "gepast", restore=restore), places_in(Path(folder)))
