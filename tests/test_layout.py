"""The layout shows the architecture: imports point inwards, as rings, and never run in a circle."""

import ast
from pathlib import Path

import pytest

from quizapp.config import ROOT

PACKAGE = ROOT / "quizapp"
RINGS = [
    {"rules", "errors", "news"},
    {"models"},
    {"services"},
    {"db", "clock", "config", "documents", "formats", "schema", "tallying"},
    {"web", "live", "cli", "cli_contest", "serving"},
    {"__init__"},
]
STRANGERS = RINGS[4]  # these do not know each other
# What a ring must not know, whatever stands further out: fair is plain Python, and people's steps know no request.
FOREIGN = {
    "rules": {"flask", "sqlalchemy", "flask_login", "werkzeug", "socketio", "gevent", "random", "time", "os"},
    "services": {"flask", "flask_login", "flask_wtf", "werkzeug", "socketio", "flask_socketio"},
}
FORBIDDEN_NAMES = {"utils", "common", "helpers", "core"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The ring member a file belongs to: its top folder, or its own name."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def ring(name: str) -> int:
    return next(number for number, members in enumerate(RINGS) if name in members)


def imports(path: Path) -> list[tuple[ast.stmt, str]]:
    """Every imported module with the statement that does it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def known(name: str) -> str:
    """The module of ours that a dotted name stands for: `quizapp.services.shows.new` is `quizapp.services.shows`."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:length])
        if base.with_suffix(".py").exists() or (base / "__init__.py").exists():
            return ".".join(parts[:length])
    return name


def module_name(path: Path) -> str:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_inwards(path):
    own = part(path)
    for node, name in imports(path):
        if not name.startswith("quizapp"):
            assert name.split(".")[0] not in FOREIGN.get(own, set()), f"line {node.lineno}: {own} must not know {name}"
            continue
        other = [*name.split("."), "__init__"][1]
        other = other if any(other in members for members in RINGS) else "__init__"
        neighbours = ring(other) == ring(own) and own not in STRANGERS
        inward = ring(other) < ring(own) or other == own
        assert inward or neighbours, f"line {node.lineno}: {own} must not import {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_import_hides_in_a_function(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_module_has_a_name_that_says_nothing():
    assert not FORBIDDEN_NAMES & {path.stem for path in MODULES}


def test_no_imports_run_in_a_circle():
    graph = {
        module_name(path): {known(name) for _, name in imports(path) if name.startswith("quizapp")} for path in MODULES
    }
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in graph.get(name, set()) - {name}:
                walk(other, (*way, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_only_config_reads_the_environment():
    readers = [path for path in MODULES if "os.environ" in path.read_text(encoding="utf-8")]
    assert [path.name for path in readers] == ["config.py"]


def test_every_module_says_what_lives_in_it():
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []
