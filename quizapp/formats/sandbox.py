"""Reading a stranger's file in a process of its own, with bounds on memory, time and result, so that no file can harm
the server: what goes wrong in there becomes one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

from quizapp.errors import TooMany
from quizapp.formats import inside
from quizapp.formats import table as tables
from quizapp.formats.upload import BadFile, Conversion, Problem, Row, Upload, check_size

WAIT = 9  # seconds: whoever waits has an answer within ten
AT_ONCE, PATIENCE = 2, 30  # so many files are read side by side; the next waits so many seconds for its turn

_SCRIPT = Path(inside.__file__)
_ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"}  # no secret goes in there
_TOO_LONG = "Đọc tệp này quá 10 giây nên hệ thống đã dừng lại. Vui lòng chia thành nhiều tệp nhỏ hơn."
_BROKE_DOWN = "Tệp này cần quá nhiều bộ nhớ hoặc có cấu trúc bất thường nên hệ thống không đọc được."
_DAYS = ("in_force_from", "in_force_to")

_places = threading.BoundedSemaphore(AT_ONCE)


def read(data: bytes, name: str = "", file_name: str = "") -> tuple[str, Upload]:
    """What the file holds, and the name of its format: `name`, or else found out from its content and `file_name`.

    Refuses with `BadFile`. Waits cooperatively where the server runs on greenlets.
    """
    check_size(data)
    said = _run([name, file_name], data)
    if "refused" in said:
        raise BadFile(said["refused"])
    return said["format"], _upload(said)


def table(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows of any table in a workbook or a CSV file, with their numbers. Refuses with `BadFile`."""
    if not data.strip(b"\x00\t\r\n "):
        raise BadFile("Tệp này trống. Vui lòng chọn tệp có dữ liệu.")
    _, found = read(data, tables.NAME)
    return [(int(row.where), [str(cell) for cell in row.values["cells"]]) for row in found.rows]


def _run(arguments: list[str], data: bytes) -> Any:
    """Files instead of pipes: nothing can fill up, and the system itself bounds what comes out."""
    if not _places.acquire(timeout=PATIENCE):
        raise TooMany("Hệ thống đang đọc nhiều tệp cùng lúc. Vui lòng thử lại sau ít phút.")
    try:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as result:
            given.write(data)
            given.seek(0)
            _wait_for(_start(arguments, given, result))
            result.seek(0)
            return json.load(result)
    except ValueError as error:
        raise BadFile(_BROKE_DOWN) from error
    finally:
        _places.release()


def _start(arguments: list[str], given: IO[bytes], result: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(_SCRIPT), *arguments],
        stdin=given,
        stdout=result,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        close_fds=True,
    )


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        code = process.wait(timeout=WAIT)
    except subprocess.TimeoutExpired as late:
        raise BadFile(_TOO_LONG) from late
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code in (-24, -9):  # stopped by the system for its time, or from outside
        raise BadFile(_TOO_LONG)
    if code != 0:
        raise BadFile(_BROKE_DOWN)


def _upload(said: Mapping[str, Any]) -> Upload:
    conversion = said["conversion"]
    return Upload(
        tuple(_row(row) for row in said["rows"]),
        tuple(Problem(**note) for note in said["notes"]),
        None if conversion is None else Conversion(**conversion),
    )


def _row(said: Mapping[str, Any]) -> Row:
    values = dict(said["values"])
    for name in _DAYS:
        if isinstance(values.get(name), str):
            values[name] = _day(values[name])
    return Row(said["where"], values, tuple(Problem(**problem) for problem in said["problems"]))


def _day(text: str) -> date | str:
    """The day that a text names; what names none stays, and the bank's checks complain about it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
