import tomllib

import pytest

from quizapp.config import ROOT
from quizapp.rules.lines import scan

TEXT = '''# a comment with [brackets] and "quotes"
[topic]
letter = "H"
name.vi = "Một # hai"

[[question]]
id = "a-001"
stem.vi = """
Dòng một "hai" \\"""
dòng ba"""
"stem".en = 'x = [1, 2'
facts = ["A-01",
  "A-02", # here ] too
  "A-03"]
options = [
  { vi = "một, hai }", en = "a" },

  # between
  { vi = \'\'\'b
c\'\'\', en = "d", right = true },
]
when = 2025-07-01
answer = 15

[[question]]
id = "a-002"
[[question.options]]
vi = "một"
[[question.options]]
vi = "hai"
[question.unit]
vi = "năm"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("topic",), 2),
        (("topic", "letter"), 3),
        (("topic", "name", "vi"), 4),
        (("question", 0), 6),
        (("question", 0, "id"), 7),
        (("question", 0, "stem", "vi"), 8),
        (("question", 0, "stem", "en"), 11),
        (("question", 0, "facts", 0), 12),
        (("question", 0, "facts", 1), 13),
        (("question", 0, "facts", 2), 14),
        (("question", 0, "options"), 15),
        (("question", 0, "options", 0), 16),
        (("question", 0, "options", 1), 19),
        (("question", 0, "options", 1, "en"), 20),
        (("question", 0, "when"), 22),
        (("question", 0, "answer"), 23),
        (("question", 1, "id"), 26),
        (("question", 1, "options", 1, "vi"), 30),
        (("question", 1, "unit", "vi"), 32),
    ],
)
def test_every_value_has_the_line_where_it_begins(path, line):
    tomllib.loads(TEXT)
    assert scan(TEXT).of(*path) == line


def test_a_missing_value_has_the_line_of_what_is_around_it():
    lines = scan(TEXT)
    assert lines.of("question", 1, "short", "vi") == 25
    assert lines.of("question", 0, "stem", "fr") == 8
    assert lines.of("question", 9) == 6
    assert lines.of("nothing") == 1


def test_quotes_at_the_end_of_a_long_string_belong_to_it():
    text = 'a = """x"""""\nb = 1\nc = \'\'\'y\'\'\'\'\'\nd = 2\ne = """\\\n  z"""\nf = []\ng = {}\n'
    tomllib.loads(text)
    assert [scan(text).of(key) for key in "abcdefg"] == [1, 2, 3, 4, 5, 7, 8]


def test_windows_line_ends_count_once():
    assert scan("a = 1\r\nb = [\r\n 1\r\n]\r\nc = 2\r\n").of("c") == 5


@pytest.mark.parametrize("text", ["a = 'x", "= 1"])
def test_text_that_is_not_toml_is_refused(text):
    with pytest.raises(ValueError):
        scan(text)


def test_each_question_file_of_the_product_has_every_stem_on_its_own_line():
    for file in (ROOT / "questions").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        rows, lines = text.split("\n"), scan(text)
        for n, question in enumerate(tomllib.loads(text)["question"]):
            assert rows[lines.of("question", n, "id") - 1].startswith(f'id = "{question["id"]}"')
            assert question["stem"]["en"][:20] in rows[lines.of("question", n, "stem", "en") - 1]
            for i, option in enumerate(question.get("options", ())):
                assert option["vi"][:20] in rows[lines.of("question", n, "options", i) - 1]
