"""Publishing: the vectors first, then one transaction, so that the running assistant can follow in seconds."""

import os
from pathlib import Path
from typing import Any

from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.knowledge.snapshot import Files
from bot.knowledge.store import Changes, Store
from bot.language.encoder import CachedEncoder, Encoder, default_encoder

VECTOR_CACHE = Path(os.environ.get("VECTOR_CACHE") or "var/vectors.db")


def document_encoder(encoder: Encoder) -> Encoder:
    """Return the encoder for texts of the knowledge, which remembers their vectors on disk.

    Questions of visitors never go through it.
    """
    return CachedEncoder(encoder, VECTOR_CACHE)


def publish(
    knowledge: Knowledge,
    author: str,
    note: str = "",
    store: Store | None = None,
    files: Files | None = None,
    trial: dict[str, Any] | None = None,
) -> Changes:
    """Encode what is new, then write a new version of the store, with the files that it was read from."""
    encoder = default_encoder()
    Index(knowledge, encoder, document_encoder(encoder))
    return (store or Store()).publish(knowledge, author, note, files, trial)
