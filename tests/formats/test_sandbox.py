"""The sandbox: what a file does in there never reaches the server, only one sentence does."""

import io
import subprocess
import sys
import time
import zipfile
from datetime import date

import pytest

from quizapp.config import ROOT
from quizapp.errors import TooMany
from quizapp.formats import inside, moodle, registry, sandbox, upload
from quizapp.formats.upload import LARGEST_FILE, BadFile
from tests.make import question

AIKEN = "Câu hỏi gì?\nA. Một\nB. Hai\nANSWER: A\n".encode()
ROWS = "Câu hỏi;A;B;Đáp án\n".encode() + "Hỏi gì vậy?;Có;Không;A\n".encode() * 100_000


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Another program in place of the one that reads files, confined in the same way."""

    def using(text):
        path = tmp_path / "script.py"
        head = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport runpy\n"
        path.write_text(f"{head}runpy.run_path({inside.__file__!r})['confine']()\n{text}\n", encoding="utf-8")
        monkeypatch.setattr(sandbox, "_SCRIPT", path)

    return using


def refusal(data=AIKEN, name="", file_name=""):
    with pytest.raises(BadFile) as caught:
        sandbox.read(data, name, file_name)
    return caught.value.sentence


def packed(content, name="q.xml"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def test_what_comes_out_is_what_the_format_reads():
    asked = [question(in_force_from=date(2025, 7, 1)), question("huu-tri-002", kind="number", key=(15,))]
    data = moodle.write(asked, [])
    assert sandbox.read(data, file_name="x.xml") == ("moodle", moodle.read(data))


@pytest.mark.parametrize("made", registry.FORMATS.values(), ids=lambda made: made.name)
def test_every_format_is_recognised_and_read_in_there(made):
    asked = [one for one in (question(), question("huu-tri-002", kind="truefalse", key=(0,))) if made.holds(one)]
    data = made.write(asked, [])
    name, found = sandbox.read(data, file_name=f"x.{made.extension}")
    assert registry.FORMATS[name].read is made.read
    assert found == made.read(data)


def test_a_file_may_be_named_a_format():
    assert sandbox.read(AIKEN, "aiken")[1].rows[0].values["kind"] == "one"
    assert refusal(AIKEN, "moodle")


def test_a_refusal_in_there_is_the_refusal_out_here():
    assert "DTD" in refusal(b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', file_name="x.xml")


@pytest.mark.parametrize("data", [b"", b"\x00\n", b"x" * (LARGEST_FILE + 1)], ids=["none", "blank", "large"])
def test_nothing_is_started_for_a_file_of_the_wrong_size(data, monkeypatch):
    monkeypatch.setattr(sandbox, "_run", None)
    assert refusal(data)


def test_letters_that_stay_broken_are_a_problem_of_their_row():
    broken = "C©©u h¸¸i vÒÒ b¶¶o hiÓÓm?\nA. ¶¶n\nB. xµµ\nANSWER: A\n"
    (row,) = sandbox.read(broken.encode(), "aiken")[1].rows
    assert [problem.message for problem in row.problems] == ["Chữ tiếng Việt của dòng này bị vỡ."]
    (row,) = sandbox.read("Résumé hay café?\nA. Một\nB. Hai\nANSWER: A\n".encode(), "aiken")[1].rows
    assert row.problems == ()


def test_a_crash_becomes_a_sentence(script):
    script("import os\nos.abort()")
    assert refusal() == sandbox._BROKE_DOWN
    script("raise SystemExit(3)")
    assert refusal() == sandbox._BROKE_DOWN
    script("print('no json')")
    assert refusal() == sandbox._BROKE_DOWN


def test_too_much_memory_becomes_a_sentence(script):
    script("kept = bytearray(600 * 1024 * 1024)\nprint('{}')")
    assert refusal() == sandbox._BROKE_DOWN


def test_too_large_a_result_becomes_a_sentence(script):
    script("sys.stdout.write('x' * (33 * 1024 * 1024))\nsys.stdout.flush()")
    assert refusal() == sandbox._BROKE_DOWN


def test_too_long_a_wait_becomes_a_sentence(script, monkeypatch):
    monkeypatch.setattr(sandbox, "WAIT", 1)
    script("import time\ntime.sleep(30)")
    began = time.monotonic()
    assert refusal() == sandbox._TOO_LONG
    assert time.monotonic() - began < 5


def test_the_system_stops_what_only_computes():
    code = (
        f"import runpy, resource; runpy.run_path({inside.__file__!r})['confine']();"
        "print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"(10, 10) ({512 * 1024 * 1024}, {512 * 1024 * 1024})"


def test_no_secret_of_the_server_goes_in(script, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    script("import os, json\nprint(json.dumps({'refused': ' '.join(os.environ)}))")
    assert "SECRET_KEY" not in refusal()


def test_only_so_many_files_are_read_at_once(monkeypatch):
    monkeypatch.setattr(sandbox, "PATIENCE", 0)
    for _ in range(sandbox.AT_ONCE):
        sandbox._places.acquire()
    try:
        with pytest.raises(TooMany):
            sandbox.read(AIKEN)
    finally:
        for _ in range(sandbox.AT_ONCE):
            sandbox._places.release()
    assert sandbox.read(AIKEN)[0] == "aiken"


HOSTILE = {
    "zip bomb": (packed(bytes(400 * 1024 * 1024)), "x.zip"),
    "zip bomb as a workbook": (packed(bytes(100 * 1024 * 1024), "xl/workbook.xml"), "x.xlsx"),
    "nested": (packed(packed(b"x"), "inner.zip"), "x.zip"),
    "outside": (packed(b"<a/>", "../../etc/cron.d/x.xml"), "x.zip"),
    "cut short": (packed(b"<a/>" * 1000)[:-40], "x.zip"),
    "outer entity": (b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "x.xml"),
    "deep": (b"<quiz>" + b"<a>" * 700_000, "x.xml"),
    "many rows": (ROWS, "x.csv"),
    "many questions": (b"<quiz>" + b'<question type="truefalse"/>' * 100_000 + b"</quiz>", "x.xml"),
    "one long line": ("Câu".encode() + b"?" * 5_000_000, "x.txt"),
    "braces": (b"{=" * 2_000_000, "x.gift"),
    "colons": (b"::" * 2_000_000, "x.gift"),
    "dots": (b"A." * 2_000_000 + b"\nANSWER: A", "x.txt"),
    "quotes": (b'"' * 4_000_000, "x.csv"),
    "brackets": (b"[" * 4_000_000, "x.toml"),
    "stars": (b'<quiz><question type="truefalse"><questiontext format="markdown"><text>' + b"*_" * 2_000_000
              + b"</text></questiontext></question></quiz>", "x.xml"),
    "markup": (b'<quiz><question type="truefalse"><questiontext format="html"><text>' + b"&lt;a " * 600_000
               + b"</text></questiontext></question></quiz>", "x.xml"),
    "languages": (b'<quiz><question type="truefalse"><questiontext format="html"><text>' + b"{mlang vi}" * 400_000
                  + b"</text></questiontext></question></quiz>", "x.xml"),
    "letters": ("«µ¶·¸" * 400_000, "x.csv"),
    "bytes": (bytes(range(128, 256)) * 30_000, "x.csv"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_means_harm_becomes_a_sentence_or_rows_in_time(what):
    data, file_name = HOSTILE[what]
    data = data.encode() if isinstance(data, str) else data
    began = time.monotonic()
    try:
        _, found = sandbox.read(data[:LARGEST_FILE], file_name=file_name)
    except BadFile as refused:
        assert refused.sentence.endswith((".", "?")) and "Traceback" not in refused.sentence
    else:
        assert len(found.rows) <= upload.MOST_QUESTIONS
    assert time.monotonic() - began < inside.SECONDS


LARGE = {
    "what people send": (moodle.write([question(f"huu-tri-{n:04}") for n in range(2_000)], []), "x.xml"),
    **{what: HOSTILE[what] for what in ("bytes", "many rows", "many questions", "deep")},
}


@pytest.mark.parametrize("what", LARGE)
def test_reading_needs_little_memory(what, tmp_path):
    data, file_name = LARGE[what]
    path = tmp_path / file_name
    path.write_bytes(data[:LARGEST_FILE])
    # A small program starts it, because what starts a process lends it its own size at first.
    code = (
        "import resource, subprocess, sys\n"
        f"words = [sys.executable, '-I', '-B', {inside.__file__!r}, '', {file_name!r}]\n"
        f"subprocess.run(words, stdin=open({str(path)!r}, 'rb'), stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(said) < 256 * 1024
