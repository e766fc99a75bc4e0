"""The law's text, read once per process from the folder of question files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from quizapp.rules import law
from quizapp.rules.law import Law


@lru_cache(maxsize=4)
def of(questions: Path) -> Law:
    """The law that lies beside the question files in `questions`. Its text changes only with a new release."""
    folder = questions / "law"
    return law.read(
        (folder / "law.toml").read_text(encoding="utf-8"),
        [path.read_text(encoding="utf-8") for path in sorted(folder.glob("chuong-*.toml"))],
        (folder / "notes.toml").read_text(encoding="utf-8"),
        (folder / "facts.toml").read_text(encoding="utf-8"),
    )
