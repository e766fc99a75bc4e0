"""The text of a question file brought up to date: what has not changed stays letter by letter, with its comments."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from quizapp.rules.bank import Topic
from quizapp.rules.lines import scan
from quizapp.rules.question import Question
from quizapp.rules.written import block, by_number, file


@dataclass(frozen=True)
class _Block:
    """The lines of one `[[question]]` and what follows it up to the next."""

    id: str
    family: bool
    text: str


def refile(text: str, topic: Topic, said: Mapping[str, Question], same: Collection[str]) -> str:
    """The file `text` with the questions of `said`, by id; a new file where there is none yet.

    Questions of `same` say what the file says already. Families stay as they are: the bank knows only their variants.
    Questions of the file that are in neither are left out, new ones come last, by number.
    """
    if not text:
        return file(topic, list(said.values()))
    made, blocks = _parted(text)
    for one in blocks:
        if one.family or one.id in same:
            made += one.text
        elif one.id in said:
            made = _apart(made) + block(said[one.id]) + "\n"
    for id in sorted(said.keys() - {one.id for one in blocks}, key=by_number):
        made = _apart(made) + block(said[id])
    return made if made == text else made.rstrip("\n") + "\n"


def _apart(text: str) -> str:
    """The text with one empty line at its end."""
    return text.rstrip("\n") + "\n\n"


def _parted(text: str) -> tuple[str, list[_Block]]:
    """What stands before the first question, and the blocks of the questions."""
    lines, rows = scan(text), text.splitlines(keepends=True)
    listed = tomllib.loads(text)["question"]
    begins = [lines.of("question", n) - 1 for n in range(len(listed))]
    ends = [*begins[1:], len(rows)]
    blocks = [
        _Block(one["id"], "family" in one, "".join(rows[begin:end]))
        for one, begin, end in zip(listed, begins, ends, strict=True)
    ]
    return "".join(rows[: begins[0]]), blocks
