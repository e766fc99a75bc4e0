"""Question files of our own, for one topic as `questions/` has them, or for several topics in one file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from quizapp.formats import charset
from quizapp.formats.upload import BadFile, Format, Problem, Row, Upload, check_count, check_size, table
from quizapp.rules.bank import Topic
from quizapp.rules.lines import scan
from quizapp.rules.question import Question

_ORDER = ("id", "topic", "kind", "difficulty", "scenario", "citations", "facts", "in_force_from", "in_force_to", "stem",
          "short", "options", "answer", "unit", "explanation")  # fmt: skip


def read(data: bytes) -> Upload:
    """The questions of a question file. The topic is that of its head, of the question, or of the question's id."""
    check_size(data)
    text, conversion = charset.read(data)
    try:
        held = tomllib.loads(text)
        lines = scan(text)
    except tomllib.TOMLDecodeError as error:
        return Upload((_broken(str(error), text),), (), conversion)
    except (RecursionError, ValueError) as error:
        raise BadFile("Tệp TOML có giá trị quá lớn hoặc lồng quá sâu nên không đọc được.") from error
    listed = held.get("question")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise BadFile("Tệp TOML không có câu hỏi nào. Vui lòng viết mỗi câu dưới một dòng [[question]].")
    check_count(len(listed))
    rows = [Row(str(lines.of("question", n)), _with_topic(one)) for n, one in enumerate(listed)]
    unknown = [name for name in held if name not in ("question", "topic")]
    notes = [Problem(str(lines.of(name)), "Mục «%(key)s» không có trong mẫu.", {"key": name}) for name in unknown]
    return Upload(tuple(rows), tuple(notes), conversion)


def _broken(reason: str, text: str) -> Row:
    """What is shown in place of a file that does not parse."""
    found = re.search(r"at line (\d+)", reason)
    where = found[1] if found else str(text.count("\n") + 1)
    remedy = "Kiểm tra dấu ngoặc kép, dấu phẩy và dấu đóng ngoặc ở dòng này và dòng ngay trước."
    details = {"reason": reason.partition(" (at")[0]}
    return Row(where, {}, (Problem(where, "Tệp viết sai cú pháp TOML (%(reason)s).", details, remedy),))


def _with_topic(values: dict[str, Any]) -> dict[str, Any]:
    """The table of a question with its topic, which the id names where nothing else does."""
    topic = str(values.get("id", "")).rpartition("-")[0]
    return values if "topic" in values or not topic else {**values, "topic": topic}


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """A question file. With one topic it has the head of that topic and can stand in `questions/`."""
    slugs = {question.topic for question in questions}
    heads = [topic for topic in topics if {topic.slug} == slugs]
    parts = [_head(heads[0])] if heads else []
    for question in questions:
        values = table(question)
        if heads:
            values.pop("topic")
        parts.append("\n".join(["[[question]]", *_lines(values)]))
    return ("\n\n".join(parts) + "\n").encode()


def losses(question: Question) -> list[str]:
    """Nothing: these are our own files."""
    return []


def holds(question: Question) -> bool:
    """Every question."""
    return True


def _head(topic: Topic) -> str:
    lines = ["[topic]", f"letter = {_value(topic.letter)}"]
    for name, text in (("name", topic.name), ("lead", topic.lead)):
        lines += [f"{name}.vi = {_value(text.vi)}", f"{name}.en = {_value(text.en)}"]
    return "\n".join(lines)


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name in _ORDER if name in values]
    for name in (*names, *(name for name in values if name not in _ORDER)):
        value = values[name]
        if name == "options":
            yield "options = ["
            yield from (f"  {_value(option)}," for option in value)
            yield "]"
        elif isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values()):
            yield from (f"{name}.{key} = {_value(one)}" for key, one in value.items())
        else:
            yield f"{name} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


FORMAT = Format("toml", "Tệp câu hỏi TOML", "toml", "application/toml", read, write, losses, holds)
