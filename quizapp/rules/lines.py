"""On which line of a TOML file each value begins, so that a fault can name it; for text that is known to parse."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?""""{0,2}', re.DOTALL),
    re.compile(r"'''.*?''''{0,2}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


@dataclass(frozen=True)
class Lines:
    """The lines of one file: `of("question", 3, "stem", "vi")`; arrays count from 0."""

    known: Mapping[Path, int]

    def of(self, *path: str | int) -> int:
        """The line where the value at `path` begins; where it is missing, that of the nearest thing around it."""
        while path and path not in self.known:
            path = path[:-1]
        return self.known.get(path, 1)


def scan(text: str) -> Lines:
    """The lines of every table, key and array element in `text`."""
    return _Scan(text).run()


@dataclass
class _Scan:
    text: str
    at: int = 0
    known: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)  # array of tables → index of its last table
    ends: list[int] = field(init=False)  # where each line ends

    def __post_init__(self) -> None:
        self.ends = [match.start() for match in re.finditer("\n", self.text)]

    def run(self) -> Lines:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return Lines(self.known)

    def _header(self) -> Path:
        array = self.text.startswith("[[", self.at)
        line = self._line()
        self.at += 2 if array else 1
        names = self._names()
        self.at += 2 if array else 1
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            path = (*path, self.counts[path]) if path in self.counts else path
        path = (*path, names[-1])
        if array:
            self.counts[path] = self.counts.get(path, -1) + 1
            self.known.setdefault(path, line)
            path = (*path, self.counts[path])
        self.known[path] = line
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for name in self._names():
            path = (*path, name)
            self.known.setdefault(path, line)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        start = self.text[self.at]
        if start == "[":
            self._array(path)
        elif start == "{":
            self._inline_table(path)
        elif start in "\"'":
            self._string()
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while self.text[self.at] != "]":
            self.known[(*path, index)] = self._line()
            self._value((*path, index))
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_BLANK)
            index += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        self._skip(_SPACE)
        while self.text[self.at] != "}":
            self._pair(path)
            self._skip(_SPACE)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_SPACE)
        self.at += 1

    def _names(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            names.append(self._string()[1:-1] if self.text[self.at] in "\"'" else self._skip(_BARE))
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _string(self) -> str:
        for form in _STRINGS:
            if form.match(self.text, self.at):
                return self._skip(form)
        raise ValueError(f"no string at {self.at}")  # the text does not parse as TOML

    def _skip(self, form: re.Pattern[str]) -> str:
        match = form.match(self.text, self.at)
        if match is None:
            raise ValueError(f"unexpected text at {self.at}")  # the text does not parse as TOML
        self.at = match.end()
        return match[0]

    def _line(self) -> int:
        return bisect_left(self.ends, self.at) + 1
