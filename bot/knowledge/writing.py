"""Writing a file so that it is the old one or the new one, whole, whatever happens meanwhile."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Put something in the place of a file's content; a new file may be made, an old one keeps its rights.

    Raises:
        OSError: it could not be written, for instance because the disk is full. The file is as it was.
    """
    fresh = path.with_name(f".{path.name}.nieuw")
    try:
        with fresh.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
