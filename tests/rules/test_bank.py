import unicodedata
from datetime import date

import pytest

from quizapp.config import ROOT
from quizapp.rules import bank, draft
from quizapp.rules.question import FALSE, TRUE
from quizapp.services import laws
from tests import make

LAW = laws.of(ROOT / "questions")

HEAD = """[topic]
letter = "H"
name.vi = "Hưu trí"
name.en = "Pension"
lead.vi = "Ai được hưởng lương hưu."
lead.en = "Who receives a pension."

"""

ONE = """[[question]]
id = "huu-tri-001"
kind = "one"
difficulty = "know"
citations = ["Điều 64 khoản 1"]
facts = ["H-01"]
stem.vi = "Từ bao nhiêu năm đóng thì được hưởng lương hưu?"
stem.en = "How many years of contributions give a pension?"
short.vi = "Đóng bao nhiêu năm thì có lương hưu?"
short.en = "How many years give a pension?"
options = [
  { vi = "15 năm", en = "15 years", right = true },
  { vi = "10 năm", en = "10 years" },
  { vi = "20 năm", en = "20 years" },
  { vi = "25 năm", en = "25 years" },
]
explanation.vi = "Khoản 1 Điều 64 yêu cầu từ đủ 15 năm đóng bảo hiểm xã hội bắt buộc trở lên."
explanation.en = "Article 64 clause 1 asks for at least 15 years of compulsory contributions."
"""

SEVERAL = (
    ONE.replace('"one"', '"several"')
    .replace("hưu?", "hưu? Chọn 2 phương án đúng.")
    .replace("pension?", "pension? Choose 2.")
    .replace('"10 years" }', '"10 years", right = true }')
)
TRUEFALSE = (
    ONE[: ONE.index("options")].replace('"one"', '"truefalse"') + "answer = true\n" + ONE[ONE.index("explanation") :]
)
NUMBER = TRUEFALSE.replace('"truefalse"', '"number"').replace(
    "answer = true", 'answer = 15\nunit.vi = "năm"\nunit.en = "years"'
)
ORDER = ONE.replace('"one"', '"order"').replace(", right = true", "")


def read(text, name="huu-tri.toml"):
    return bank.read(name, text.encode() if isinstance(text, str) else text, LAW)


def only_fault(text):
    faults = read(text).faults
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def line_of(text, words):
    return next(n for n, row in enumerate(text.split("\n"), 1) if words in row)


def test_a_good_file_gives_its_topic_and_questions():
    sheet = read(HEAD + ONE)
    assert sheet.good and not sheet.faults
    assert (sheet.topic.slug, sheet.topic.letter, sheet.topic.name.en) == ("huu-tri", "H", "Pension")
    (question,) = sheet.questions
    assert question.options[question.key[0]].vi == "15 năm"
    assert question.citations == ("Điều 64 khoản 1",) and question.facts == ("H-01",)
    assert sheet.lines == (8,)


@pytest.mark.parametrize("text", [ONE, SEVERAL, TRUEFALSE, NUMBER, ORDER])
def test_every_kind_is_read(text):
    sheet = read(HEAD + text)
    assert not sheet.faults, [str(fault) for fault in sheet.faults]
    assert sheet.questions[0].admits(sheet.questions[0].key)


def test_what_is_right_is_kept_through_the_numbering():
    several, truefalse, number, order = (read(HEAD + text).questions[0] for text in (SEVERAL, TRUEFALSE, NUMBER, ORDER))
    assert {several.options[n].vi for n in several.key} == {"15 năm", "10 năm"} and several.key == tuple(
        sorted(several.key)
    )
    assert truefalse.options == (TRUE, FALSE) and truefalse.key == (0,)
    assert number.key == (15,) and number.unit.en == "years" and number.options == ()
    assert [order.options[n].vi for n in order.key] == ["15 năm", "10 năm", "20 năm", "25 năm"]
    assert read(HEAD + TRUEFALSE.replace("answer = true", "answer = false")).questions[0].key == (1,)


def test_the_rest_of_a_question_is_read():
    text = ONE + "scenario = true\nin_force_from = 2025-07-01\nin_force_to = 2026-06-30\n"
    question = read(HEAD + text).questions[0]
    assert question.scenario and question.in_force(date(2026, 6, 30)) and not question.in_force(date(2026, 7, 1))


# One seeded fault per check: what is written in place of what, where it is found, and what is said about it.
SEEDED = [
    (ONE, 'kind = "one"', 'kind = "onne"', 'kind = "onne"', "Loại câu hỏi «onne» không có."),
    (ONE, 'difficulty = "know"', 'difficulty = "hard"', 'difficulty = "hard"', "Mức độ «hard» không có."),
    (ONE, 'difficulty = "know"\n', "", "[[question]]", "Thiếu mục «difficulty»."),
    (ONE, 'difficulty = "know"', 'difficulty = "know"\nhint = "x"', "hint =", "Mục «hint» không có trong mẫu."),
    (ONE, 'difficulty = "know"', 'difficulty = "know"\nanswer = 15', "answer =", "không dùng mục «answer»"),
    (ONE, '"huu-tri-001"', '"huu-tri-1"', "id =", "Mã câu hỏi «huu-tri-1» không đúng mẫu."),
    (ONE, '"huu-tri-001"', '"bhxh-001"', "id =", "Mã câu hỏi «bhxh-001» không đúng mẫu."),
    (ONE, '"huu-tri-001"', "7", "id =", "Mã câu hỏi «7» không đúng mẫu."),
    (ONE, '["Điều 64 khoản 1"]', "[]", "citations =", "Mục «citations» còn trống."),
    (ONE, '["Điều 64 khoản 1"]', '"Điều 64"', "citations =", "phải là danh sách chữ"),
    (ONE, '["Điều 64 khoản 1"]', '["khoản 1 Điều 64"]', "citations =", "«khoản 1 Điều 64» không đúng mẫu"),
    (
        ONE,
        '["Điều 64 khoản 1"]',
        '["Điều 64 khoản 1",\n "Điều 64 khoản 9"]',
        "khoản 9",
        "Luật không có «Điều 64 khoản 9».",
    ),
    (ONE, '["Điều 64 khoản 1"]', '["Điều 640"]', "Điều 640", "Luật không có «Điều 640»."),
    (ONE, '["Điều 64 khoản 1"]', '["Điều 64",\n"Điều 64"]', '"Điều 64"]', "«Điều 64» được ghi hai lần."),
    (ONE, '["H-01"]', "[]", "facts =", "Mục «facts» còn trống."),
    (ONE, '["H-01"]', '["H-99"]', "facts =", "Không có dữ kiện mang mã «H-99»."),
    (ONE, 'facts = ["H-01"]\n', "", "[[question]]", "Thiếu mục «facts»."),
    (ONE, 'stem.en = "How many years of contributions give a pension?"\n', "", "stem.vi", "Thiếu bản «stem.en»."),
    (ONE, "short.vi", 'short.fr = "x"\nshort.vi', "short.fr", "Mục «short.fr» không có trong mẫu."),
    (ONE, 'short.en = "How many years give a pension?"', 'short.en = " "', "short.en", "Thiếu bản «short.en»."),
    (ONE, 'short.vi = "Đóng bao nhiêu năm thì có lương hưu?"', "short.vi = 7", "short.vi", "phải có hai bản chữ"),
    (ONE, '{ vi = "25 năm", en = "25 years" }', '"25 năm"', '  "25 năm"', "phải có hai bản chữ"),
    (ONE, '"20 years"', '""', '{ vi = "20', "Thiếu bản «options[3].en»."),
    (ONE, '"20 years" }', '"20 years", note = "x" }', "note", "Mục «options[3].note» không có trong mẫu."),
    (
        ONE,
        '"How many years give a pension?"',
        '"Đóng bao nhiêu năm thì có lương hưu?"',
        "short.en",
        "giống hệt bản tiếng Việt",
    ),
    (ONE, "Đóng bao nhiêu", unicodedata.normalize("NFD", "Đóng bao nhiêu"), "short.vi", "Unicode dựng sẵn"),
    (ONE, "Đóng bao nhiêu", "Đóng\u200bbao nhiêu", "short.vi", "có ký tự ẩn U+200B"),
    (ONE, "Đóng bao nhiêu", "Đóng\\nbao nhiêu", "short.vi", "có ký tự ẩn U+000A"),
    (ONE, "Đóng bao nhiêu", "Đóng  bao nhiêu", "short.vi", "dấu cách thừa"),
    (ONE, "Từ bao nhiêu năm", "Từ bao nhiêu năm " + "rất dài " * 25 + "x", "stem.vi", "quá 220"),
    (ONE, "Đóng bao nhiêu", "Đóng" + " rất dài" * 12 + " bao nhiêu", "short.vi", "quá 110"),
    (ONE, "Khoản 1 Điều 64 yêu cầu", "Khoản 1 Điều 64 yêu cầu" + " rất dài" * 45, "explanation.vi", "quá 400"),
    (
        ONE,
        "Khoản 1 Điều 64 yêu cầu từ đủ 15 năm đóng bảo hiểm xã hội bắt buộc trở lên.",
        "Vì luật.",
        "explanation.vi",
        "ít hơn 40",
    ),
    (ONE, ONE[ONE.index("explanation.vi") :], "", "[[question]]", "Câu hỏi chưa có giải thích."),
    (ONE, '"25 năm"', '"25 năm ' + "x" * 110 + '"', '{ vi = "25', "quá 110"),
    (ONE, ", right = true", "", "options =", "Câu hỏi có 0 phương án đúng."),
    (ONE, '"10 years" }', '"10 years", right = true }', "options =", "Câu hỏi có 2 phương án đúng."),
    (ONE, "right = true", 'right = "yes"', '{ vi = "15', "«options[1].right» không dùng được"),
    (ONE, ONE[ONE.index("options") : ONE.index("explanation")], 'options = "15"\n', "options =", "danh sách phương án"),
    (
        ONE,
        '  { vi = "25 năm", en = "25 years" },\n',
        '  { vi = "25 năm", en = "25 years" },\n  { vi = "30 năm", en = "30 years" },\n',
        "options =",
        "có 5 phương án",
    ),
    (ONE, '"20 năm"', '"10 NĂM."', '"10 NĂM."', "Phương án 3 trùng với phương án 2."),
    (ONE, '"25 năm", en = "25 years"', '"Tất cả các ý trên", en = "25 years"', '"Tất cả', "«Tất cả các ý trên»"),
    (ONE, '"15 năm"', '"Từ đủ mười lăm năm trở lên, tính cả thời gian trước"', '{ vi = "Từ đủ', "độ dài làm lộ đáp án"),
    (ONE, 'difficulty = "know"', 'difficulty = "know"\nscenario = 1', "scenario", "phải là true hoặc false"),
    (ONE, 'difficulty = "know"', 'difficulty = "know"\nin_force_from = "2025-07-01"', "in_force_from", "phải là ngày"),
    (
        ONE,
        'difficulty = "know"',
        'difficulty = "know"\nin_force_to = 2025-07-01T00:00:00',
        "in_force_to",
        "phải là ngày",
    ),
    (
        ONE,
        'difficulty = "know"',
        'difficulty = "know"\nin_force_from = 2025-07-02\nin_force_to = 2025-07-01',
        "in_force_to",
        "đứng trước",
    ),
    (SEVERAL, '"15 years", right = true', '"15 years"', "options =", "có 1 phương án đúng trong 4"),
    (
        SEVERAL,
        "contributions give a pension? Choose 2.",
        "contributions give a pension? Choose 3.",
        "stem.en",
        "bảo chọn 3 nhưng có 2",
    ),
    (SEVERAL, "Chọn 2 phương án đúng.", "Hãy cho biết.", "stem.vi", "chưa bảo chọn"),
    (TRUEFALSE, "answer = true", "answer = 1", "answer", "phải là true hoặc false"),
    (NUMBER, "answer = 15", "answer = 15.0", "answer", "phải là số nguyên"),
    (NUMBER, "answer = 15", "answer = true", "answer", "phải là số nguyên"),
    (NUMBER, "answer = 15", "answer = 123456789", "answer", "phải là số nguyên"),
    (NUMBER, 'unit.vi = "năm"', 'unit.vi = ""', "unit.vi", "Thiếu bản «unit.vi»."),
    (ORDER, '"15 years"', '"15 years", right = true', '{ vi = "15', "không dùng được ở đây"),
]


@pytest.mark.parametrize(
    ("text", "good", "bad", "where", "said"), SEEDED, ids=[f"{n}: {s[4]}" for n, s in enumerate(SEEDED)]
)
def test_a_seeded_fault_is_named_with_its_line_and_a_remedy(text, good, bad, where, said):
    assert good in text
    broken = HEAD + text.replace(good, bad)
    fault = only_fault(broken)
    problem, remedy = fault.say()
    assert said in problem
    assert fault.line == line_of(broken, where), str(fault)
    assert fault.file == "huu-tri.toml" and fault.question in broken
    assert len(remedy) > 10 and "%(" not in problem + remedy and remedy.endswith((".", "…", "]", '"'))
    assert not read(broken).questions and not read(broken).good


@pytest.mark.parametrize(
    "words",
    [
        "Tất cả các ý trên", "Tất cả các phương án trên đều đúng", "Tất cả đều đúng", "Không ý nào đúng",
        "Không có đáp án nào", "Không phương án nào trên đây", "Cả A và B", "A và B", "Cả A, B và C đều đúng",
        "Chỉ A và C", "Cả hai phương án",
        "Cả ba ý trên", "Đáp án A và đáp án B", "Không đáp án đúng",
    ],
)  # fmt: skip
def test_lazy_options_are_found_in_vietnamese(words):
    assert "Không dùng phương án kiểu" in only_fault(HEAD + ONE.replace('"25 năm"', f'"{words}"')).say()[0]


@pytest.mark.parametrize(
    "words",
    ["All of the above", "None of the above.", "Both A and B", "A and B", "Any of the options", "All of these",
     "None above", "Only A and C are correct", "Neither of the answers"],
)  # fmt: skip
def test_lazy_options_are_found_in_english(words):
    fault = only_fault(HEAD + ONE.replace('"25 years"', f'"{words}"'))
    assert "Không dùng phương án kiểu" in fault.say()[0] and fault.details["key"] == "options[4].en"


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Tất cả người lao động", "All of the employees"),
        ("Không người nào phải đóng", "None of the members pay"),
        ("Cả cha và mẹ", "Both father and mother"),
        ("Ba tháng và hai ngày", "Three months and two days"),
    ],
)
def test_honest_options_are_left_alone(vi, en):
    text = ONE.replace('"25 năm", en = "25 years"', f'"{vi}", en = "{en}"')
    assert not read(HEAD + text).faults


def test_the_same_word_in_both_languages_is_right_where_there_is_nothing_to_translate():
    assert not read(HEAD + ONE.replace('"25 năm", en = "25 years"', '"VNeID", en = "VNeID"')).faults
    assert "giống hệt" in only_fault(HEAD + ONE.replace('en = "25 years"', 'en = "25 năm"')).say()[0]
    assert (
        "giống hệt"
        in only_fault(HEAD + ONE.replace('"25 năm", en = "25 years"', '"thang luong", en = "thang luong"')).say()[0]
    )


def test_a_right_option_may_be_a_little_longer():
    assert not read(HEAD + ONE.replace('"15 năm"', '"Từ đủ 15 năm trở lên"')).faults


def test_several_right_options_give_away_only_if_all_are_long():
    long = '"Từ đủ mười lăm năm trở lên, tính cả thời gian trước"'
    assert not read(HEAD + SEVERAL.replace('"15 năm"', long)).faults
    both = SEVERAL.replace('"15 năm"', long).replace('"10 năm"', long.replace("trước", "sau khi nghỉ việc"))
    assert "độ dài làm lộ đáp án" in only_fault(HEAD + both).say()[0]


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ((HEAD + ONE).replace('kind = "one"', 'kind = "one'), 10, "sai cú pháp TOML"),
        ((HEAD + ONE).replace('kind = "one"', 'kind = "one"\nkind = "one"'), 11, "sai cú pháp TOML"),
        (HEAD + ONE.replace("]\nexplanation", "\nexplanation"), 24, "sai cú pháp TOML"),
        (HEAD + 'x = [\n  "a",\n', 9, "sai cú pháp TOML"),
        (HEAD, 1, "Tệp chưa có câu hỏi nào."),
        (ONE, 1, "Tệp chưa có mục [topic]."),
        ((HEAD + ONE).replace('"H"', '"B"'), 2, "Chữ cái của chủ đề là «B», phải là «H»."),
        ((HEAD + ONE).replace('name.en = "Pension"\n', ""), 3, "Mục «name» của chủ đề"),
        ((HEAD + ONE).replace('"Hưu trí"', '"' + "Hưu trí " * 12 + '"'), 3, "Mục «name» của chủ đề"),
        ((HEAD + ONE).replace("lead.vi", "note = 1\nlead.vi"), 5, "Mục «topic.note» không có trong mẫu."),
        ("extra = 1\n" + HEAD + ONE, 1, "Mục «extra» không có trong mẫu."),
    ],
)
def test_a_fault_of_the_whole_file_is_named(text, line, said):
    fault = only_fault(text)
    assert said in fault.say()[0] and fault.line == line, str(fault)
    assert fault.say()[1] and not read(text).good


def test_a_lead_that_is_no_text_is_named():
    assert (
        "Mục «lead»" in only_fault(HEAD.replace('lead.vi = "Ai được hưởng lương hưu."\nlead.en', "lead") + ONE).say()[0]
    )


def test_letters_in_another_encoding_are_named_with_their_line():
    fault = only_fault(HEAD.encode() + b'x = "\xe9"\n')
    assert (fault.line, fault.say()[0]) == (8, "Tệp có chữ không phải UTF-8.")


def test_a_file_must_be_named_after_a_known_topic():
    fault = read(HEAD + ONE.replace("huu-tri-", "khac-"), "khac.toml").faults[0]
    assert (fault.line, fault.say()[0]) == (1, "Không có chủ đề «khac».")


def test_a_complaint_of_the_parser_without_a_place_is_put_on_the_first_line():
    assert bank._where_and_why("something else", "a\nb\n") == (1, "something else")


def test_an_id_stands_only_once_in_the_bank():
    again = ONE.replace("Từ bao nhiêu năm", "Cần bao nhiêu năm")
    (sheet,) = bank.check({"huu-tri.toml": (HEAD + ONE + again).encode()}, LAW)
    (fault,) = sheet.faults
    assert fault.say()[0] == "Mã câu hỏi «huu-tri-001» đã có ở huu-tri.toml:8."
    assert fault.line == 26 and fault.question == "huu-tri-001"


def test_a_stem_stands_only_once_in_the_bank_however_it_is_spelt():
    head = HEAD.replace('"H"', '"G"')
    other = ONE.replace("huu-tri-001", "bhxh-tu-nguyen-001").replace("Từ bao nhiêu năm đóng", "TỪ BAO NHIÊU năm, đóng")
    first, second = bank.check(
        {"huu-tri.toml": (HEAD + ONE).encode(), "bhxh-tu-nguyen.toml": (head + other).encode()}, LAW
    )
    assert first.good and first.file == "bhxh-tu-nguyen.toml"
    assert second.faults[0].say()[0] == "Câu «huu-tri-001» hỏi giống hệt câu ở bhxh-tu-nguyen.toml:8."


def test_a_fault_prints_on_one_line():
    assert str(only_fault(HEAD)) == (
        "huu-tri.toml:1: Tệp chưa có câu hỏi nào. Viết mỗi câu hỏi dưới một dòng [[question]]."
    )


# ── Numbering ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_order_in_the_file_says_nothing_about_the_numbering():
    rows = ONE.split("\n")
    moved = "\n".join([*rows[:11], rows[14], rows[12], rows[11], rows[13], *rows[15:]])
    assert read(HEAD + moved).questions == read(HEAD + ONE).questions


def test_the_numbering_follows_from_id_and_content():
    question = read(HEAD + ONE).questions[0]
    assert draft.numbered(question) == question
    orders = {
        tuple(o.vi for o in draft.numbered(make.question(id=f"huu-tri-{n:03}", key=(0,))).options) for n in range(60)
    }
    assert len(orders) > 15


def test_the_right_option_gets_every_number():
    keys = {draft.numbered(make.question(id=f"huu-tri-{n:03}", key=(0,))).key for n in range(60)}
    assert keys == {(0,), (1,), (2,), (3,)}


def test_the_numbering_never_depends_on_the_key():
    for n in range(50):
        for kind, keys in (
            ("one", [(0,), (2,)]),
            ("several", [(0, 1), (1, 3)]),
            ("order", [(0, 1, 2, 3), (3, 1, 0, 2)]),
        ):
            asked = [draft.numbered(make.question(id=f"huu-tri-{n:03}", kind=kind, key=key)) for key in keys]
            assert asked[0].options == asked[1].options
            assert asked[0].key != asked[1].key


def test_true_false_and_numbers_stay_as_they_are():
    for question in (make.question(kind="truefalse", key=(0,)), make.question(kind="number", key=(15,))):
        assert draft.numbered(question) == question


def test_the_digest_tells_whether_anything_was_changed():
    question = read(HEAD + ONE).questions[0]
    assert draft.digest(question) == draft.digest(draft.numbered(question))
    assert draft.digest(read(HEAD + ONE.replace("know", "apply")).questions[0]) != draft.digest(question)
    statement = make.question(kind="truefalse", key=(0,))
    assert draft.digest(statement) != draft.digest(make.question(kind="truefalse", key=(1,)))


LATER = (
    ONE.replace('["Điều 64 khoản 1"]', '["Nghị định 158/2025/NĐ-CP Điều 44"]')
    .replace('["H-01"]', '["M-23"]')
    .replace("Từ bao nhiêu", "Theo Nghị định 158/2025/NĐ-CP, từ 01/7/2025, từ bao nhiêu")
    .replace("How many years of", "Under Decree 158/2025/NĐ-CP, from 1 July 2025, how many years of")
)


def test_what_rests_on_a_later_document_names_it_and_its_time():
    assert read(HEAD + LATER).good
    assert (
        "158/2025/NĐ-CP"
        in only_fault(HEAD + LATER.replace("Nghị định 158/2025/NĐ-CP, từ", "một nghị định, từ")).say()[0]
    )
    assert "mốc thời gian" in only_fault(HEAD + LATER.replace("từ 01/7/2025, ", "")).say()[0]
    assert "mốc thời gian" in only_fault(HEAD + LATER.replace("from 1 July 2025, ", "")).say()[0]


def test_a_fact_about_a_later_document_needs_its_citation():
    assert "phần M" in only_fault(HEAD + ONE.replace('["H-01"]', '["M-23"]')).say()[0]


def test_only_documents_of_the_list_are_cited():
    assert "danh sách" in only_fault(HEAD + LATER.replace("158/2025/NĐ-CP Điều", "999/2025/NĐ-CP Điều")).say()[0]
