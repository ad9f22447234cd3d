"""Changes one entry of a YAML file and leaves every other byte alone: comments, order, quotes, blank lines.

Libraries that write a whole file anew (ruamel.yaml among them) wrap, indent or quote some of it otherwise,
and a colleague then sees a hundred changed lines for one changed word. So the text is cut where libyaml
says that a value begins and ends, and ruamel.yaml only writes the new value.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from yaml.error import YAMLError
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from bot.beheer.yaml_values import is_empty, list_item, one_line, pair
from bot.knowledge.files import compose, scan, value_of

_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


class EditError(RuntimeError):
    """The new text does not say what it should; nothing may be written."""


@dataclass(frozen=True)
class Cut:
    """A piece of text that makes place for another."""

    start: int
    end: int
    text: str


def changed(text: str, place: int | None, wanted: Mapping[str, Any]) -> str:
    """Return the text in which the entry at this place says what is wanted; None is a file of one entry.

    Keys that are wanted as None or empty and that the file does not have, stay out.

    Raises:
        EditError: the result would not hold what is wanted.
    """
    node = compose(text)
    entry = node if place is None else node.value[place]
    cuts = list(_mapping_cuts(text, entry, wanted))
    if not cuts:
        return text
    return _checked(text, _apply(text, cuts), place, wanted)


def added(text: str, wanted: Mapping[str, Any]) -> str:
    """Return the text with one more entry at its end.

    Raises:
        EditError: the result would not hold what is wanted.
    """
    node = compose(text)
    held = node.value if node else []
    blank = "\n" if len(held) > 1 and "\n\n" in text[held[-2].start_mark.index : held[-1].start_mark.index] else ""
    body = f"{text.rstrip()}\n" if text.strip() else ""
    column = node.start_mark.column if held else 0
    fresh = f"{body}{blank}{' ' * column}{list_item(wanted, column)}\n"
    return _checked(text, fresh, len(held), wanted)


def removed(text: str, place: int) -> str:
    """Return the text without the entry at this place; comments that stand before the next one stay."""
    node = compose(text)
    entry = node.value[place]
    start = _line_start(text, entry.start_mark.index)
    end = _line_end(text, _end(text, entry))
    if place + 1 < len(node.value) and text[end : end + 1] == "\n":
        end += 1  # the blank line that parted it from the next
    fresh = text[:start] + text[end:]
    held = value_of(node)
    left = value_of(compose(fresh)) if len(held) > 1 else []
    if left != [*held[:place], *held[place + 1 :]]:
        raise EditError("na het weghalen klopt de rest van het bestand niet meer")
    return fresh


def same(held: Any, wanted: Any) -> bool:
    """Tell whether a value of a file says what is wanted, however it is written."""
    if isinstance(held, dict) and isinstance(wanted, Mapping):
        return all(same(held.get(name), wanted.get(name)) for name in {*held, *wanted})
    if isinstance(held, list) and isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return len(held) == len(wanted) and all(map(same, held, wanted))
    if is_empty(held) or is_empty(wanted):
        return is_empty(held) and is_empty(wanted)
    return _plain(held) == _plain(wanted)


def _plain(value: Any) -> str:
    return str(value).replace("\r\n", "\n").strip() if not isinstance(value, bool) else str(value).lower()


def _checked(old: str, new: str, place: int | None, wanted: Mapping[str, Any]) -> str:
    """Return the new text after reading it back: the entry is as wanted, all others and all comments as before."""
    before = value_of(compose(old)) if compose(old) else []
    try:
        after = value_of(compose(new))
    except YAMLError as error:
        raise EditError("hier staan tekens in die geen tekst zijn") from error
    if place is None:
        right = same(after, wanted)
    else:
        others = [*before[:place], *before[place + 1 :]]
        right = same(after[place], wanted) and [*after[:place], *after[place + 1 :]] == others
    if not right or [comment for _, comment in comments(new)] != [comment for _, comment in comments(old)]:
        raise EditError("de nieuwe tekst zegt iets anders dan de bedoeling is")
    return new


def _apply(text: str, cuts: Sequence[Cut]) -> str:
    for cut in sorted(cuts, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: cut.start] + cut.text + text[cut.end :]
    return text


def _mapping_cuts(text: str, node: MappingNode, wanted: Mapping[str, Any]) -> Iterator[Cut]:
    pairs = {key.value: (key, value) for key, value in node.value}
    last: ScalarNode | None = None
    for name, value in wanted.items():
        if name in pairs:
            key, held = pairs[name]
            yield from _pair_cuts(text, key, held, value)
            last = held if last is None or held.start_mark.index > last.start_mark.index else last
        elif not is_empty(value):
            after = last or node.value[-1][1]
            at = _line_end(text, _end(text, after)) - 1
            column = node.value[0][0].start_mark.column
            yield Cut(at, at, f"\n{' ' * column}{pair(name, value, column)}")
    for name, (key, held) in pairs.items():
        if name not in wanted:
            yield _removal(text, key, held)


def _pair_cuts(text: str, key: ScalarNode, held: Node, wanted: Any) -> Iterator[Cut]:
    """Yield what to change so that a key has another value."""
    if same(value_of(held), wanted):
        return
    if is_empty(wanted) and wanted is not False:
        yield _removal(text, key, held)
    elif isinstance(held, MappingNode) and isinstance(wanted, Mapping) and not held.flow_style:
        yield from _mapping_cuts(text, held, wanted)
    elif isinstance(held, SequenceNode) and isinstance(wanted, list) and not held.flow_style:
        yield from _sequence_cuts(text, held, wanted)
    else:
        yield from _value_cuts(text, key, held, wanted)


def _value_cuts(text: str, key: ScalarNode, held: Node, wanted: Any) -> Iterator[Cut]:
    column = key.start_mark.column
    end = _end(text, held)
    if isinstance(held, CollectionNode) and held.value and isinstance(wanted, Mapping | list):
        fresh = _flow(text, held, wanted)
        fresh = f"{text[key.start_mark.index : held.start_mark.index]}{fresh}"
    else:
        fresh = pair(key.value, wanted, column)
    lost = list(_comments(text, held))
    rest = text[end : _line_end(text, end)].strip()
    if "\n" in fresh and rest.startswith("#"):  # a comment cannot stand behind a text of several lines
        lost, end = [*lost, rest], _line_end(text, end) - 1
    above = "".join(f"{comment}\n{' ' * column}" for comment in lost)
    yield Cut(key.start_mark.index, end, above + fresh)


def _sequence_cuts(text: str, node: SequenceNode, wanted: list[Any]) -> Iterator[Cut]:
    held = [value_of(part) for part in node.value]
    column = node.start_mark.column
    matcher = SequenceMatcher(
        None, [_fingerprint(part) for part in held], [_fingerprint(part) for part in wanted], False
    )
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        fresh = wanted[new_start:new_end]
        if tag == "equal":
            continue
        paired = min(end - start, len(fresh))
        for part, value in zip(node.value[start : start + paired], fresh, strict=False):
            if isinstance(part, MappingNode) and isinstance(value, Mapping) and not part.flow_style:
                yield from _mapping_cuts(text, part, {**dict.fromkeys(value_of(part)), **value})
            else:
                item = _flow(text, part, value) if _is_flow(part) else list_item(value, column)[2:]
                yield Cut(part.start_mark.index, _end(text, part), item)
        for part in node.value[start + paired : end]:
            yield _removal(text, part, part)
        if len(fresh) > paired:
            flow = _is_flow(node.value[0])
            items = (f"- {one_line(value)}" if flow else list_item(value, column) for value in fresh[paired:])
            before = start + paired
            at = (
                _line_end(text, _end(text, node.value[before - 1]))
                if before
                else _line_start(text, node.start_mark.index)
            )
            yield Cut(at, at, "".join(f"{' ' * column}{item}\n" for item in items))


def _flow(text: str, node: Node, wanted: Any) -> str:
    """Return a value on one line, in which what did not change is written as it was."""
    if same(value_of(node), wanted):
        return text[node.start_mark.index : node.end_mark.index]
    if isinstance(node, MappingNode) and isinstance(wanted, Mapping):
        held = {key.value: value for key, value in node.value}
        pairs = (
            f"{name}: {_flow(text, held[name], value) if name in held else one_line(value)}"
            for name, value in wanted.items()
            if not is_empty(value) or (name in held and value is False)
        )
        return f"{{{', '.join(pairs)}}}"
    if isinstance(node, SequenceNode) and isinstance(wanted, list):
        written = {
            _fingerprint(value_of(part)): text[part.start_mark.index : part.end_mark.index] for part in node.value
        }
        return f"[{', '.join(written.get(_fingerprint(part)) or one_line(part) for part in wanted)}]"
    return one_line(wanted)


def _fingerprint(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _is_flow(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _removal(text: str, first: Node, last: Node) -> Cut:
    """Return what takes the lines from one node to another away; comments in them stay, on lines of their own."""
    start, end = _line_start(text, first.start_mark.index), _line_end(text, _end(text, last))
    kept = (comment for at, comment in comments(text) if start <= at < end)
    return Cut(start, end, "".join(f"{' ' * first.start_mark.column}{comment}\n" for comment in kept))


def _end(text: str, node: Node) -> int:
    """Return where the content of a value ends, without the blank lines and comments after it."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Return where the next line begins."""
    found = text.find("\n", at)
    return found + 1 if found >= 0 else len(text)


def _comments(text: str, node: Node) -> Iterator[str]:
    """Yield the comments inside a value."""
    start, end = node.start_mark.index, _end(text, node)
    yield from (comment for at, comment in comments(text) if start <= at < end)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield every comment with where it stands: what follows a # outside of all values."""
    for start, end in _gaps(text):
        for found in _COMMENT.finditer(text, start, end):
            yield found.start(), found.group().rstrip()


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield what lies between the values of a text."""
    start = 0
    for token in scan(text):
        begin, end = token.start_mark.index, token.end_mark.index
        if token.style in ("|", ">"):
            begin = _line_end(text, begin)  # a comment may stand behind the sign of a block
        yield start, begin
        start = end
    yield start, len(text)
