"""What a long form says, as a tree of texts: rows can be added, taken away and moved without a word being lost.

Names are paths: `ranking.prizes.0.name.vi`. Everything stays as it was typed; reading it into values is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Tree = dict[str, Any]

DEEPEST = 8
MOST_ROWS = 60


def grow(pairs: Iterable[tuple[str, str]]) -> Tree:
    """The tree that the names of a form describe. A name given several times becomes a list of its texts."""
    root: Tree = {}
    for name, text in pairs:
        steps = name.split(".")
        if len(steps) <= DEEPEST and all(steps):
            _put(root, steps, text)
    return _with_lists(root)


def at(tree: Tree, path: str, default: Any = "") -> Any:
    """What stands at a path."""
    found: Any = tree
    for step in path.split(".") if path else []:
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return default
    return found


def rows(tree: Tree, path: str) -> list[Any]:
    """The rows at a path; none where there are none."""
    found = at(tree, path, [])
    return found if isinstance(found, list) else []


def press(tree: Tree, command: str, fresh: Any) -> bool:
    """Carry out `add:<path>`, `remove:<path>.<n>`, `up:<path>.<n>` or `down:<path>.<n>`; tells whether it was one.

    `fresh` is the row that is added.
    """
    what, _, path = command.partition(":")
    if what == "add":
        _add(tree, path, fresh)
        return True
    if what not in ("remove", "up", "down"):
        return False
    path, _, number = path.rpartition(".")
    there = rows(tree, path)
    if number.isdigit() and int(number) < len(there):
        n = int(number)
        row = there.pop(n)
        if what != "remove":
            there.insert(max(0, n - 1) if what == "up" else n + 1, row)
    return True


def _add(tree: Tree, path: str, fresh: Any) -> None:
    there = rows(tree, path)
    if len(there) >= MOST_ROWS:
        return
    there.append(fresh)
    *before, last = path.split(".")
    parent = at(tree, ".".join(before), None) if before else tree
    if isinstance(parent, dict):
        parent[last] = there


def _put(node: Tree, steps: list[str], text: str) -> None:
    *before, last = steps
    for step in before:
        inner = node.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        node = inner
    if last in node:
        there = node[last]
        if isinstance(there, dict):
            return
        node[last] = [*there, text] if isinstance(there, list) else [there, text]
    else:
        node[last] = text


def _with_lists(node: Any) -> Any:
    """Where all names are numbers, a list in their order."""
    if not isinstance(node, dict):
        return node
    if node and all(name.isdigit() and len(name) < 4 for name in node):
        return [_with_lists(node[name]) for name in sorted(node, key=int)][:MOST_ROWS]
    return {name: _with_lists(inner) for name, inner in node.items()}
