"""CSV files as spreadsheet programs write them; text that looks like a formula stays text."""

import csv as plain_csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import csv
from quizapp.formats.columns import FORMULA_STARTS
from quizapp.formats.upload import BadFile
from quizapp.rules.question import Text
from tests.make import question

SAMPLES = Path(__file__).parent / "samples"
ROW = "Bao nhiêu năm?,10 năm,15 năm,B\n"


def read(text, code="utf-8"):
    return csv.read(text.encode(code))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_separator_and_code_is_understood(sign, code):
    said = ("Câu hỏi,A,B,Đáp án\n" + ROW).replace(",", sign)
    (row,) = read(said, code).rows
    assert row.values["stem"] == {"vi": "Bao nhiêu năm?"}
    assert row.values["options"] == [{"vi": "10 năm"}, {"vi": "15 năm", "right": True}]


def test_a_line_that_names_the_separator_is_believed():
    (row,) = read("sep=;\nCâu hỏi;A;B;Đáp án\nBao nhiêu, năm?;10;15;B\n").rows
    assert (row.where, row.values["stem"]["vi"]) == ("3", "Bao nhiêu, năm?")


def test_the_file_of_a_person_is_read_with_quotes_line_breaks_and_a_column_of_their_own():
    upload = csv.read((SAMPLES / "nguoi-dung.csv").read_bytes())
    first, second = upload.rows
    assert first.values["stem"] == {"vi": 'Mức đóng là "8 %" hay "22 %"?', "en": 'Is it "8%" or "22%"?'}
    assert first.values["explanation"] == {"vi": "Theo luật, từ 2025."}
    assert first.values["citations"] == ["Điều 64 khoản 1", "Điều 65"]
    assert second.values["kind"] == "several"
    assert [note.where for note in upload.notes] == ["K1"]


def test_old_letters_are_offered_converted():
    said = "C©u hái,A,B,§¸p ¸n\nBao nhiªu n¨m ®ãng b¶o hiÓm?,10 n¨m,15 n¨m,B\n"
    upload = csv.read(said.encode("latin-1"))
    assert upload.rows[0].values["stem"] == {"vi": "Bao nhiêu năm đóng bảo hiểm?"}
    assert upload.conversion.charset == "TCVN3 (ABC)"


def test_a_quote_that_is_not_closed_is_shown_where_it_is_and_the_rows_before_are_kept():
    upload = read('Câu hỏi,A,B,Đáp án\n"Tốt?",1,2,A\n"Hỏng?,1,2,A\nSau?,1,2,A\n')
    good, broken = upload.rows
    assert good.problems == ()
    assert (broken.where, len(broken.problems)) == ("4", 1)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "Câu hỏi,A,B,Đáp án\n", "<html>Câu hỏi,A,B,Đáp án</html>", "{}\n"])
def test_a_file_without_our_headings_or_without_rows_is_refused(text):
    with pytest.raises(BadFile):
        read(text)


def test_too_many_columns_are_refused():
    with pytest.raises(BadFile, match="50 cột"):
        read("Câu hỏi,A,B,Đáp án" + ",x" * 60 + "\n" + ROW)


@pytest.mark.parametrize("sign", [*FORMULA_STARTS, "'", "'=", " ="])
def test_text_that_looks_like_a_formula_is_guarded_and_reads_back_the_same(sign):
    text = f"{sign}SUM(A1:A9)"
    assert csv.guarded(text)[0] == "'"
    data = csv.write([question(stem=Text(text, text))], [])
    assert csv.read(data).rows[0].values["stem"] == {"vi": text, "en": text}


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text("=+-@'\"\t\rＡ＝＋－＠,;aă\n", min_size=1, max_size=6), min_size=2, max_size=4, unique=True))
def test_no_cell_begins_like_a_formula_and_what_does_is_kept(words):
    asked = question(kind="order", key=tuple(range(len(words))), options=len(words))
    asked = question(kind="order", key=asked.key, options=0)
    asked = type(asked)(**{**vars(asked), "options": tuple(Text(word, "x") for word in words)})
    data = csv.write([asked], [])
    held = list(plain_csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert not [cell for row in held for cell in row if cell.startswith(tuple(FORMULA_STARTS))]
    back = [option.get("vi", "") for option in csv.read(data).rows[0].values["options"]]
    for word, said in zip(words, back, strict=False):
        assert said == (word if csv.guarded(word) != word else " ".join(word.split()))
