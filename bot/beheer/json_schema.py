"""The schema of `knowledge/` for editors that know JSON Schema, such as VS Code with the YAML extension."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.beheer.labels import label_of
from bot.knowledge.layout import PARTS

FOLDER = ".schema"


def schema_files() -> dict[str, str]:
    """Return the schema of every kind of file, by the name of its own file."""
    return {f"{name}.json": json.dumps(_schema(name), ensure_ascii=False, indent=2) + "\n" for name in PARTS}


def editor_settings(folder: str = "knowledge") -> str:
    """Return the settings with which VS Code finds the schema of each file."""
    patterns = {
        f"./{folder}/{FOLDER}/{name}.json": [f"{folder}/{pattern}" for pattern in part.patterns]
        for name, part in PARTS.items()
    }
    return json.dumps({"yaml.schemas": patterns}, indent=2) + "\n"


def write_schema(folder: Path) -> Iterator[Path]:
    """Write the schema into a knowledge folder; yield what was written."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for name, text in schema_files().items():
        path = target / name
        path.write_text(text, "utf-8")
        yield path


def _schema(name: str) -> dict[str, Any]:
    """Return the schema of a file that holds a list of entries or, as a whole, one entry."""
    entry = PARTS[name].model.model_json_schema()
    parts = entry.pop("$defs", {})
    parts[entry["title"]] = entry
    for title, part in parts.items():
        _describe(title, part)
    reference = {"$ref": f"#/$defs/{entry['title']}"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Kennis: {name}",
        "oneOf": [{"type": "array", "items": reference}, reference],
        "$defs": parts,
    }


def _describe(title: str, part: dict[str, Any]) -> None:
    """Put the labels of the forms in the place of the docstrings, which are for programmers."""
    part.pop("description", None)
    for name, field in part.get("properties", {}).items():
        label = label_of(title, name)
        field["description"] = f"{label.text}. {label.help}".strip()
