"""Inside the sandbox: a process of its own that reads one file and says what it holds as JSON. Started by `sandbox.py`
as a script; it knows nothing of the application, its settings or its database."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import types
from dataclasses import asdict
from pathlib import Path

MEMORY = 512 * 1024 * 1024
SECONDS = 10
LARGEST_RESULT = 32 * 1024 * 1024  # bytes that may come out
_OPEN_FILES = 64


def confine() -> None:
    """Let the system end this process where it takes too much."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_RESULT),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(name: str, file_name: str) -> None:
    """Read the file on standard input as the format `name`, or as what it is, and write what it holds as JSON.

    `table` is no format of questions: any table, row by row.
    """
    confine()
    package = types.ModuleType("quizapp")  # in place of the application, which would take a second to start
    package.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["quizapp"] = package
    registry = importlib.import_module("quizapp.formats.registry")
    legible = importlib.import_module("quizapp.formats.legible")
    refusal = importlib.import_module("quizapp.formats.upload").BadFile
    table = importlib.import_module("quizapp.formats.table")
    data = sys.stdin.buffer.read()
    try:
        name = name or registry.recognise(data, file_name)
        read = table.read if name == table.NAME else registry.FORMATS[name].read
        said = {"format": name, **asdict(legible.flagged(read(data)))}
    except refusal as refused:
        said = {"refused": refused.sentence}
    json.dump(said, sys.stdout, ensure_ascii=False, default=str)


if __name__ == "__main__":
    main(*sys.argv[1:])
