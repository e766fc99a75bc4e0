"""Aiken: the question on a line, its options with letters, and `ANSWER: C`. One right answer, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.formats import charset, kahoot, plain
from quizapp.formats.upload import BadFile, Format, Problem, Row, Upload, check_count, check_lines, check_size
from quizapp.rules.bank import Topic
from quizapp.rules.question import Question

_OPTION = re.compile(r"\s*([A-Z])\s*[.)]\s+(\S.*)")
_ANSWER = re.compile(r"\s*(?:ANSWER|ĐÁP ÁN)\s*[:：]\s*(.*)", re.IGNORECASE)


def read(data: bytes) -> Upload:
    """The questions of an Aiken file."""
    check_size(data)
    text, conversion = charset.read(data)
    check_lines(text)
    lines = text.splitlines()
    if not any(_ANSWER.fullmatch(line) for line in lines):
        raise BadFile("Tệp không có dòng «ANSWER:» nào nên không phải tệp Aiken. Vui lòng chọn đúng loại tệp.")
    rows: list[Row] = []
    block = _Block()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if block.options:  # a question without its answer
                rows.append(block.row())
                block = _Block()
        elif found := _ANSWER.fullmatch(line):
            block.begin(number)
            block.answer = found[1].strip()
            rows.append(block.row())
            block = _Block()
            check_count(len(rows))
        else:
            block.add(number, line)
    if block.stem or block.options:
        rows.append(block.row())
    check_count(len(rows))
    return Upload(tuple(rows), (), conversion)


class _Block:
    """The lines of one question so far."""

    def __init__(self) -> None:
        self.number = 0
        self.stem: list[str] = []
        self.options: list[tuple[str, list[str]]] = []
        self.answer = ""

    def begin(self, number: int) -> None:
        """Remember the first line."""
        self.number = self.number or number

    def add(self, number: int, line: str) -> None:
        """Take one more line: an option, or a part of the question or of the option before."""
        self.begin(number)
        if found := _OPTION.fullmatch(line):
            self.options.append((found[1], [found[2]]))
        elif self.options:
            self.options[-1][1].append(line)
        else:
            self.stem.append(line)

    def row(self) -> Row:
        """The question."""
        where = str(self.number)
        problems = []
        letters = [letter for letter, _ in self.options]
        right = letters.index(self.answer.upper()) if self.answer.upper() in letters else -1
        if not self.answer:
            problems.append(
                Problem(where, "Câu hỏi thiếu dòng «ANSWER:».", {}, "Thêm dòng «ANSWER: » và chữ cái đúng.")
            )
        elif right < 0:
            problems.append(
                Problem(
                    where,
                    "Đáp án «%(value)s» không chỉ vào phương án nào.",
                    {"value": self.answer[:60]},
                    "Ghi một chữ cái của phương án đúng, ví dụ «ANSWER: B».",
                )
            )
        if len(letters) < 2 or letters != [chr(65 + n) for n in range(len(letters))]:
            problems.append(
                Problem(
                    where,
                    "Các phương án chưa được ghi lần lượt A, B, C…",
                    {},
                    "Viết mỗi phương án trên một dòng, bắt đầu bằng «A. », «B. »…",
                )
            )
        texts = [plain.one_line(" ".join(lines)) for _, lines in self.options]
        stem = plain.one_line(" ".join(self.stem))
        if not stem:
            problems.append(
                Problem(where, "Các phương án không có câu hỏi ở trên.", {}, "Viết câu hỏi ngay trên dòng A.")
            )
        values: dict[str, object] = {"kind": "one", "stem": {"vi": stem} if stem else {}}
        if truths := kahoot.truths(texts):
            values |= {"kind": "truefalse", **({"answer": truths[right]} if right >= 0 else {})}
        else:
            values["options"] = [{"vi": t, **({"right": True} if n == right else {})} for n, t in enumerate(texts)]
        return Row(where, values, tuple(problems))


def holds(question: Question) -> bool:
    """One right answer, or true and false; a question that looks like an option or an answer would be misread."""
    texts = (question.stem.vi, *(option.vi for option in question.options))
    misread = _OPTION.fullmatch(question.stem.vi) or any(_ANSWER.fullmatch(text) for text in texts)
    return question.kind in ("one", "truefalse") and not misread and all(texts)


def losses(question: Question) -> list[str]:
    """What Aiken does not have of a question, or why it has nothing of it."""
    if not holds(question):
        return ["cả câu hỏi: Aiken chỉ có câu hỏi một đáp án"]
    return ["mã, chủ đề, mức độ", "căn cứ và dữ kiện", "giải thích", "câu ngắn", "bản tiếng Anh"]


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """The questions, an empty line after each."""
    lines = []
    for question in filter(holds, questions):
        lines.append(plain.one_line(question.stem.vi))
        lines += [f"{chr(65 + n)}. {plain.one_line(option.vi)}" for n, option in enumerate(question.options)]
        lines += [f"ANSWER: {chr(65 + question.key[0])}", ""]
    return "\n".join(lines).encode()


FORMAT = Format("aiken", "Aiken", "txt", "text/plain", read, write, losses, holds)
