"""The archive of a whole contest: what its fields are, as people write them and as we write them ourselves
(docs/contest-archive.md).

An archive is written by hand or by programs of others, so that one value may be spelled in several ways; the functions
here read each spelling into the one exact value that is kept. Nothing is looked up and nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from quizapp.errors import Unreadable
from quizapp.rules import prediction as predictions
from quizapp.rules.contest import POINT
from quizapp.rules.contest import Prediction as Rules
from quizapp.rules.question import Kind
from quizapp.rules.stream import CAP_MS
from quizapp.rules.tally import CheckOutcome, Status
from quizapp.rules.timing import VIETNAM

VERSION = 1

When = int | str  # epoch milliseconds, or an ISO date and time; without a zone it is Vietnam time
Points = int | float | str | dict[str, int]  # 7.5, "7 1/3", {"sixtieths": 450}
Choice = bool | int | str | list[int] | None  # "B", "AC", true, option numbers from 0; None leaves it blank
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Key = Annotated[str, Meta(min_length=1, max_length=80)]
Number = Annotated[int, Meta(ge=0, le=100_000_000)]


class _Part(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    note: str = ""  # whatever the writer wants to remember; never read


class Unit(_Part):
    """A unit or place. `parent` and `merged_into` name another one by its key."""

    name: Name
    key: Key | None = None  # the name where none is given
    level: str = ""
    parent: Key | None = None
    headcount: Number | None = None
    code: str = ""
    typed: bool = False
    merged_into: Key | None = None
    target_people: Number | None = None
    target_attempts: Number | None = None
    id: int | None = None  # where it came from; kept where it is free


class Person(_Part):
    """A registered person. `unit`, `place`: as registered; `moves` tell what happened to them later."""

    code: Code
    name: str = ""
    birth_date: str | None = None  # 1990-05-17, 17/5/1990, 1990-05 or 1990
    sex: Literal["", "m", "f"] = ""
    status: Status = "ELIGIBLE"
    status_reason: str = ""
    division: str | None = None
    unit: Key | None = None
    place: Key | None = None
    team: str | None = None
    delegate_code: str | None = None
    registered_at: When | None = None
    invited_by: Code | None = None
    invite_code: str | None = None
    withdrawn_at: When | None = None
    barred: str = ""  # from the whole contest, with the reason
    barred_rounds: dict[str, str] = {}
    accommodation: Annotated[int, Meta(ge=0, le=1000)] = 100
    distance_m: Number | None = None
    guardian: bool = False
    guardian_name: str = ""
    guardian_at: When | None = None
    occupation: str = ""
    insurance_group: str = ""


class Question(_Part):
    """A question of a round with its key. Without `round` it belongs to every round that has no other of its id."""

    id: Key
    key: Choice
    round: str | None = None
    kind: Literal["one", "several", "truefalse", "order", "number"] | None = None
    points: Annotated[int, Meta(ge=1, le=1000)] = 1
    options: list[str | dict[str, str]] | int = 4
    stem: str | dict[str, str] = ""
    reserve: bool = False
    void: Literal["GIVE_ALL", "REMOVE", "ACCEPT_ALSO"] | None = None
    also: Choice = None
    version: Number = 1
    content: dict[str, Any] | None = None  # all of it, as the bank keeps it
    salt: str | None = None


class Turn(_Part):
    """One question put to everybody at once in a live round: one of `questions`, or one that says its key here."""

    round: str | None = None
    n: Annotated[int, Meta(ge=1, le=1000)] | None = None  # its place in the list where none is given
    question: Key | None = None
    key: Choice = None
    kind: Literal["one", "several", "truefalse", "order", "number"] | None = None
    options: Annotated[int, Meta(ge=2, le=6)] | None = None
    reserve: bool = False
    opened_at: When | None = None
    closed_at: When | None = None  # the announced time after the opening where none is given
    voided: bool = False
    void_reason: str = ""
    outages: list[dict[str, int]] = []
    option_order: list[int] | None = None


class Answer(_Part):
    """One answer: to a question of one's paper by `q`, or to a turn by `turn`."""

    a: Choice
    q: Key | None = None
    turn: int | None = None
    at: When | None = None
    ms: int | None = None  # after the turn opened, instead of `at`
    shown_at: When | None = None
    shown_ms: int | None = None
    latency_ms: Annotated[int, Meta(ge=0, le=CAP_MS)] = 0  # behind the programme: so much later the turn opened


class Attempt(_Part):
    """One attempt: with answers, whose score is computed, or with the score alone."""

    code: Code
    round: str | None = None
    no: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    started_at: When | None = None
    submitted_at: When | None = None
    duration_ms: int | None = None
    by: Literal["self", "auto"] = "self"
    score: Points | None = None
    full: Points | None = None
    correct: Number | None = None
    of: Number | None = None
    answered: Number | None = None
    paper: list[Key | dict[str, Any]] | None = None
    answers: str | list[Choice | Answer] | dict[str, Choice | Answer] | None = None
    ms: list[int | None] | None = None  # of a live round: time of each answer after its turn opened
    response_ms: Number | None = None
    connected: bool | None = None
    proxy: bool = False
    invalid: str = ""
    given_back: bool | When = False
    unit: Key | None = None
    place: Key | None = None
    prediction: int | float | str | None = None
    watch_word_at: When | None = None
    essay: Points | None = None
    id: str | None = None
    name: str = ""  # shown on boards of a live round


class Prediction(_Part):
    """One saving of a prediction; `value` None clears it. `attempt` is the number of the attempt it was given with."""

    code: Code
    value: int | float | str | None
    round: str | None = None
    at: When | None = None
    attempt: int | None = None


class WatchWord(_Part):
    """When somebody entered the watch word correctly."""

    code: Code
    at: When
    round: str | None = None


class Mark(_Part):
    """One judge's mark of an essay."""

    mark: Points
    judge: str = ""
    third: bool = False


class Essay(_Part):
    """An essay with the marks it got, or with the mark that counts."""

    code: Code
    round: str | None = None
    text: str = ""
    handed_in_at: When | None = None
    marks: list[int | float | str | Mark] = []
    mark: Points | None = None


class State(_Part):
    """How far a round, or a list over rounds, has come."""

    key: str
    state: str | None = None
    target: int | float | str | None = None  # frozen
    target_rows: Number | None = None
    frozen_at: When | None = None
    announced_at: When | None = None
    decision_number: str = ""
    decided_on: str | None = None
    complaints_until: When | None = None


class Check(_Part):
    """The outcome of a winner check."""

    code: Code
    outcome: CheckOutcome
    scope: str | None = None
    reason: str = ""
    at: When | None = None


class Draw(_Part):
    """A draw that was held: the codes in drawn order. `prize` is `lot` for people equal on every key.

    `plan`, `seed` and `winners` (how many of the codes won) are there where it was planned here.
    """

    codes: list[Code]
    scope: str | None = None
    prize: str = "lot"
    at: When | None = None
    sources: list[str] = []
    present: list[str] = []
    plan: dict[str, Any] | None = None
    seed: str = ""
    winners: Number | None = None


class Void(_Part):
    """The decision to void a question."""

    question: Key
    round: str | None = None
    policy: Literal["GIVE_ALL", "REMOVE", "ACCEPT_ALSO"] = "GIVE_ALL"
    also: Choice = None
    at: When | None = None
    reason: str = ""


class Move(_Part):
    """Somebody went to another unit or place."""

    code: Code
    at: When
    unit: Key | None = None
    place: Key | None = None
    by: Literal["self", "secretariat"] = "secretariat"
    reason: str = ""


class Invitation(_Part):
    """Somebody invited to a final."""

    code: Code
    round: str | None = None
    why: str = ""


class Version(_Part):
    """A dated version of the rulebook. Without settings of its own it said what the archive's settings say."""

    version: Number
    published_at: When
    reason: str = ""
    settings: dict[str, Any] | None = None


class Archive(_Part):
    """A whole contest. Only `settings` must be there."""

    settings: dict[str, Any]
    format: Literal["quiz-contest-archive"] = "quiz-contest-archive"
    version: Literal[1] = 1
    slug: str | None = None
    made_at: When | None = None
    published_at: When | None = None
    versions: list[Version] = []
    units: list[Unit] = []
    places: list[Unit] = []
    people: list[Person] | None = None
    questions: list[Question] = []
    turns: list[Turn] = []
    attempts: list[Attempt] = []
    predictions: list[Prediction] = []
    watch_words: list[WatchWord] = []
    essays: list[Essay] = []
    rounds: list[State] = []
    voids: list[Void] = []
    moves: list[Move] = []
    invitations: list[Invitation] = []
    checks: list[Check] = []
    draws: list[Draw] = []


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Misshapen(Unreadable):
    """The archive is not of the shape that is documented; `where` is the place in it."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(sentence, where=where)
        self.where = where


def read(data: bytes) -> Archive:
    """The archive in a file. Refuses (`Misshapen`) what is no JSON, an unknown name, and a value of another kind."""
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Archive)
    except msgspec.ValidationError as fault:
        raise misshapen(fault) from fault
    except msgspec.DecodeError as fault:
        raise Misshapen("$", f"Tệp không phải JSON đọc được: {fault}") from fault


def misshapen(fault: msgspec.ValidationError, inside: str = "$") -> Misshapen:
    """A fault of shape with its place; `inside` is where the checked value stands in the archive."""
    said, _, place = str(fault).partition(" - at `")
    return Misshapen(inside + place.rstrip("`").removeprefix("$"), f"Giá trị không đúng kiểu: {said}.")


def write(archive: Archive) -> bytes:
    """The archive as a file: one JSON object, one line for each person, attempt and so on."""
    lines = []
    for field in Archive.__struct_fields__:
        value = getattr(archive, field)
        if isinstance(value, list) and value:
            rows = b",\n".join(msgspec.json.encode(row) for row in value)
            lines.append(b'"%s": [\n%s\n]' % (field.encode(), rows))
        elif value or field in ("format", "version"):
            lines.append(b'"%s": %s' % (field.encode(), msgspec.json.encode(value)))
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


# ── One value in its several spellings ──────────────────────────────────────────────────────────────────────────

_VN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MIDNIGHT = re.compile(r"[T ]24:00(?::00(?:\.0+)?)?")
_MIXED = re.compile(r"(?:(\d{1,9}) )?(\d{1,9})/([1-9]\d{0,8})")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_BLANK = frozenset(("", "-", "–", "—", "_", "."))
_LARGEST = 10**9 * POINT
_TRUE, _FALSE = frozenset(("đúng", "true", "đ")), frozenset(("sai", "false", "s"))
_YEAR = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 250_000_000_000_000  # about the year 9900


def moment(said: When) -> datetime:
    """An instant. Text without a zone is Vietnam time, a day alone its first instant, 24:00 the end of its day."""
    if isinstance(said, int):
        if not 0 <= said <= _LATEST_MS:
            raise Unreadable(f"{said} không phải thời điểm tính bằng mili giây.")
        return _EPOCH + timedelta(milliseconds=said)
    text = said.strip()
    if found := _VN_DAY.match(text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}{text[found.end() :]}"
    later = timedelta()
    if _MIDNIGHT.search(text):
        text, later = _MIDNIGHT.sub("T00:00", text), timedelta(days=1)
    try:
        read = datetime.fromisoformat(text) + later
    except (ValueError, OverflowError) as fault:
        raise Unreadable(
            f"“{said}” không phải thời điểm. Ví dụ: 2026-03-02T08:00:00+07:00 hoặc số mili giây."
        ) from fault
    return read if read.tzinfo is not None else read.replace(tzinfo=VIETNAM)


def points(said: Points) -> int:
    """Points as whole sixtieths. A number with two decimals stands for the sixtieths that are printed so."""
    if isinstance(said, dict):
        if set(said) != {"sixtieths"} or not 0 <= said["sixtieths"] <= _LARGEST:
            raise Unreadable('Điểm tính bằng phần sáu mươi viết dạng {"sixtieths": 450}.')
        return said["sixtieths"]
    text = str(said).strip().replace(",", ".")
    if found := _MIXED.fullmatch(text):
        exact = int(found[1] or 0) + Fraction(int(found[2]), int(found[3]))
    elif _DECIMAL.fullmatch(text):
        exact = Fraction(text)
    else:
        raise Unreadable(f"“{said}” không phải điểm. Ví dụ: 7, 7.5, 7 1/3.")
    nearest = round(exact * POINT)
    if exact * POINT != nearest and _printed(Fraction(nearest, POINT)) != exact:
        raise Unreadable(f"“{said}” không phải số nguyên lần 1/60 điểm. Ví dụ: 7, 7.5, 7.33, 7 1/3.")
    return nearest


def _printed(exact: Fraction) -> Fraction:
    """A number of points as it is printed: two decimals, half up."""
    return Fraction(
        (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    )


def written_points(sixtieths: int) -> int | float | dict[str, int]:
    """Sixtieths as an archive says them: a plain number where two decimals hold it."""
    if sixtieths % POINT == 0:
        return sixtieths // POINT
    exact = Fraction(sixtieths, POINT)
    return float(exact) if (exact * 100).denominator == 1 else {"sixtieths": sixtieths}


def choice(said: Choice, kind: Kind) -> list[int] | None:
    """An answer or key as option numbers from 0 (ascending but for an ordering), or the one whole number of a number
    question; `None` is no answer. Letters stand for options: A is 0."""
    if said is None:
        return None
    if isinstance(said, list):
        return said if kind in ("order", "number") else sorted(said)
    if isinstance(said, bool):
        return [0 if said else 1]
    if isinstance(said, int):
        return [said]
    text = said.strip()
    if kind == "number":
        return None if text in ("", "-", "–", "—") else _number(text)
    if text in _BLANK:
        return None
    if kind == "truefalse" and text.casefold() in _TRUE | _FALSE:
        return [0 if text.casefold() in _TRUE else 1]
    letters = re.sub(r"[\s,;]", "", text).upper()
    if not re.fullmatch("[A-F]+", letters):
        raise Unreadable(f"“{said}” không phải đáp án. Viết chữ cái A đến F, ví dụ B hoặc AC.")
    numbers = ["ABCDEF".index(letter) for letter in letters]
    return numbers if kind == "order" else sorted(numbers)


def _number(text: str) -> list[int]:
    try:
        return [int(text)]
    except ValueError as fault:
        raise Unreadable(f"“{text}” không phải số nguyên.") from fault


def letters(said: str) -> list[str]:
    """The answers of a row of letters such as `BACDA–CB`, one for each question; anything but a letter is a blank."""
    return ["" if letter in _BLANK or letter == "0" else letter for letter in said if not letter.isspace()]


def written_choice(chosen: Sequence[int] | None, kind: Kind) -> Choice:
    """An answer as an archive says it: letters for options."""
    if chosen is None:
        return None
    if kind == "number":
        return chosen[0]
    return "".join("ABCDEF"[number] for number in chosen)


def birth(said: str) -> tuple[date, str]:
    """A date of birth: the first day it may mean, and how exact it is (`day`, `month` or `year`)."""
    text = said.strip()
    if found := _VN_DAY.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    elif found := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
        text = f"{found[2]}-{found[1]}"
    found = _YEAR.fullmatch(text)
    try:
        if found is None:
            raise ValueError(said)
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as fault:
        raise Unreadable(f"“{said}” không phải ngày sinh. Ví dụ: 2012-02-29, 29/02/2012, 1990-05 hoặc 1990.") from fault
    return day, "day" if found[3] else "month" if found[2] else "year"


def written_birth(day: date, known: str) -> str:
    """A date of birth as exact as it is known."""
    return day.isoformat()[: {"year": 4, "month": 7}.get(known, 10)]


def predicted(said: int | float | str | None, rules: Rules) -> int | None:
    """A prediction or target as it is kept: whole, or a percentage scaled by ten to the stated decimals."""
    if said is None:
        return None
    if isinstance(said, float) and rules.target != "P_PERCENT":
        raise Unreadable(f"{said} không phải số nguyên.")
    text = str(said) if not isinstance(said, float) else f"{Decimal(repr(said)):f}"
    if rules.target == "P_PERCENT":
        text = text.replace(".", ",")
    return predictions.read(text, rules)


def written_prediction(value: int | None, rules: Rules) -> int | str | None:
    """A kept prediction as an archive says it: a whole number, or a percentage such as `34,55128`."""
    if value is None or rules.target != "P_PERCENT":
        return value
    return f"{Decimal(value).scaleb(-rules.decimals):f}".replace(".", ",")


def written_moment(at: datetime) -> str:
    """An instant as an archive says it: Vietnam time, as exact as it is kept."""
    return at.astimezone(VIETNAM).isoformat()
