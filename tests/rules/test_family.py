import re
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.config import ROOT
from quizapp.rules import bank, draft, family, paper
from quizapp.rules.question import from_json, to_json
from quizapp.services import laws

LAW = laws.of(ROOT / "questions")

RATE = """[[question]]
id = "huu-tri-901"
kind = "one"
difficulty = "apply"
citations = ["Điều 66 khoản 1 điểm a"]
facts = ["H-01"]
stem.vi = "{who} đóng bảo hiểm xã hội bắt buộc đủ {years} năm. Tỷ lệ hưởng lương hưu là bao nhiêu?"
stem.en = "{who} paid compulsory social insurance for {years:years}. What is the pension rate?"
short.vi = "Đóng đủ {years} năm: tỷ lệ hưởng lương hưu?"
short.en = "{years:years} of contributions: pension rate?"
options = [
  { vi = "{rate:percent}", en = "{rate:percent}", right = true },
  { vi = "{slow:percent}", en = "{slow:percent}" },
  { vi = "{late:percent}", en = "{late:percent}" },
]
explanation.vi = "Lao động nữ: 15 năm được 45 %, mỗi năm thêm 2 %; {years} năm được {rate:percent} theo Điều 66."
explanation.en = "Women: 45% for 15 years, then 2% a year; {years} years give {rate:percent} under Article 66."
[question.family]
vary.who = [{ vi = "Bà Hạnh", en = "Ms Hạnh" }, { vi = "Bà Thu", en = "Ms Thu" }]
vary.years = { from = 16, to = 29 }
let.rate = "min(45 + 2 * (years - 15), 75)"
let.slow = "45 + (years - 15)"
let.late = "45 + 2 * (years - 16)"
where = "rate < 75"
variants = 10
"""

LATE = """[[question]]
id = "huu-tri-902"
kind = "truefalse"
difficulty = "understand"
citations = ["Điều 64 khoản 1"]
facts = ["H-01"]
stem.vi = "Nhận định sau đúng hay sai: ngày {start}, sau {n} tháng, là trước ngày {limit}."
stem.en = "True or false: {start}, {n} months later, is before {limit}."
short.vi = "Ngày {start} sau {n} tháng là trước ngày {limit}?"
short.en = "Is {start}, {n} months later, before {limit}?"
answer = "add_months(start, n) < limit"
explanation.vi = "Ngày {start} sau {n} tháng là ngày của tháng đó, so với ngày {limit} theo Điều 64."
explanation.en = "That many months later is the same day of that month, compared with {limit}."
[question.family]
vary.start = { from = 2025-07-15, to = 2025-12-15, step = 2 }
vary.n = [1, 2, 3]
vary.limit = [2025-11-01, 2026-01-01]
"""


def table(text, **changes):
    raw = tomllib.loads(text)["question"][0]
    for name, value in changes.items():
        if name in raw or name not in ("vary", "let", "where", "variants"):
            raw[name] = value
        else:
            raw["family"][name] = value
    return raw


def read(raw):
    return family.read(raw, "huu-tri", LAW)


def problems(raw):
    made, findings = read(raw)
    assert made == ()
    return [(finding.path, finding.problem % finding.details, finding.remedy % finding.details) for finding in findings]


def paths(raw):
    return [path for path, _, _ in problems(raw)]


def test_every_variant_has_the_figures_of_its_formulas_and_a_number():
    made, findings = read(table(RATE))
    assert findings == []
    assert [one.id for one in made] == [f"huu-tri-901.{n}" for n in range(1, 11)]
    assert {one.family for one in made} == {"huu-tri-901"}
    for one in made:
        years = int(one.stem.vi.split(" đủ ")[1].split()[0])
        right = one.options[one.key[0]]
        assert right.vi == f"{45 + 2 * (years - 15)} %"
        assert right.en == right.vi.replace(" ", "")
        assert {option.vi for option in one.options} == {
            f"{45 + 2 * (years - 15)} %",
            f"{45 + (years - 15)} %",
            f"{45 + 2 * (years - 16)} %",
        }


def test_no_two_variants_have_the_same_figures_whatever_the_name_in_them():
    made, _ = read(table(RATE, variants=60))
    years = [one.stem.vi.split(" đủ ")[1].split()[0] for one in made]
    assert sorted(map(int, years)) == [16, *range(18, 30)]  # at 17 two wrong options are equal


def test_the_same_file_makes_the_same_variants_and_another_id_makes_others():
    assert read(table(RATE)) == read(table(RATE))
    there, _ = read(table(RATE, id="huu-tri-903"))
    assert [one.stem for one in there] != [one.stem for one in read(table(RATE))[0]]


def test_the_position_of_the_right_option_differs_between_variants():
    assert len({one.key for one in read(table(RATE))[0]}) == 3


def test_an_answer_may_be_a_formula():
    made, findings = read(table(LATE))
    assert findings == []
    assert {one.key for one in made} == {(0,), (1,)}
    assert made[0].stem.vi.count("/2025") >= 1
    number = table(LATE, kind="number", answer="n * 10", unit={"vi": "ngày", "en": "days"})
    assert {one.key for one in read(number)[0]} == {(10,), (20,), (30,)}


def test_which_options_are_right_may_follow_from_the_figures():
    raw = table(RATE, where="years != 20")
    raw["options"][0]["right"], raw["options"][1]["right"] = "years > 0", "years > 100"
    made, findings = read(raw)
    assert findings == []
    assert all(one.options[one.key[0]].vi.endswith("%") for one in made)


def test_two_variants_never_ask_the_same():
    raw = table(RATE)
    raw["stem"]["vi"] = "{who}: tỷ lệ hưởng lương hưu của lao động nữ là bao nhiêu?"
    raw["family"]["vary"]["who"] = [{"vi": f"Bà Số {n}", "en": f"Ms No {n}"} for n in range(5)]
    made, _ = read(raw)
    assert len({one.stem.vi for one in made}) == len(made) <= 5


def test_a_combination_with_equal_options_is_not_made():
    made, findings = read(
        table(RATE.replace("45 + 2 * (years - 16)", "45 + 2 * (years - 16) + (2 if years > 20 else 0)"))
    )
    assert findings == []
    assert all(int(one.stem.vi.split(" đủ ")[1].split()[0]) <= 20 for one in made)


def test_too_few_variants_are_a_fault_with_the_reason():
    said = problems(table(RATE.replace('"45 + (years - 15)"', '"rate"')))
    assert [path for path, _, _ in said] == [("family",), ("options", 1, "vi"), ("options", 1, "en")]
    assert "0 biến thể" in said[0][1]
    assert problems(table(RATE, where="years > 26"))[0][0] == ("family",)


def test_what_no_figures_can_mend_is_said_alone_and_once():
    assert paths(table(RATE, citations=["Điều 66 khoản 9"])) == [("citations", 0)]
    raw = table(RATE)
    del raw["explanation"]
    assert paths(raw) == [()]
    assert paths(table(RATE, kind="odd")) == [("kind",)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"family": 3}, ("family",)),
        ({"family": {}}, ("family",)),
        ({"family": {"vary": {}}}, ("family",)),
        ({"let": 3}, ("family", "let")),
        ({"where": "years"}, ("family", "where")),
        ({"where": "yearz > 3"}, ("family", "where")),
        ({"where": "1 // (years - years) == 1"}, ("family", "where")),
        ({"variants": 3}, ("family", "variants")),
        ({"variants": 61}, ("family", "variants")),
        ({"variants": True}, ("family", "variants")),
    ],
)
def test_a_fault_in_the_table_names_its_place(changes, path):
    raw = table(RATE)
    for name, value in changes.items():
        if name == "family":
            raw["family"] = value
        else:
            raw["family"][name] = value
    assert path in paths(raw)


@pytest.mark.parametrize(
    "values",
    [
        3,
        [1],
        [1, 1],
        [1, "a"],
        [True, False],
        ["a", "b"],
        [{"vi": "a", "en": "b"}, {"vi": "a", "en": "c"}],
        [{"vi": "a", "en": "b"}, {"vi": 3, "en": "c"}],
        [date(2026, 1, 1), 3],
        {"from": 1, "to": 501},
        {"from": 1, "to": 9, "step": 0},
        {"from": 1, "to": 9, "by": 1},
        {"from": 1, "to": date(2026, 1, 1)},
        {"from": date(2026, 1, 1), "to": 3},
        {"from": date(2026, 2, 1), "to": date(2026, 1, 1)},
    ],
)
def test_values_of_another_form_are_a_fault(values):
    raw = table(RATE)
    raw["family"]["vary"]["years"] = values
    assert paths(raw) == [("family", "vary", "years")]


@pytest.mark.parametrize("name", ["Years", "if", "năm", "a-b"])
def test_a_name_that_cannot_be_used_is_a_fault(name):
    raw = table(RATE)
    raw["family"]["vary"][name] = [1, 2]
    assert ("family", "vary", name) in paths(raw)
    raw = table(RATE)
    raw["family"]["let"][name] = "1"
    assert ("family", "let", name) in paths(raw)


def test_a_name_twice_an_idle_name_and_an_unknown_key_are_faults():
    raw = table(RATE)
    raw["family"]["let"]["years"] = "3"
    assert paths(raw) == [("family", "let", "years")]
    raw = table(RATE)
    raw["family"]["let"]["idle"] = "3"
    assert paths(raw) == [("family", "let", "idle")]
    raw = table(RATE)
    raw["family"]["wher"] = "years > 3"
    assert paths(raw) == [("family", "wher")]


def test_too_many_combinations_are_a_fault():
    raw = table(RATE)
    raw["family"]["vary"]["years"] = {"from": 1, "to": 500}
    raw["family"]["vary"]["more"] = {"from": 1, "to": 21}
    assert ("family", "vary") in paths(raw)


def test_a_formula_that_fails_is_named_and_does_not_drag_others_along():
    assert paths(table(RATE.replace("(years - 15), 75", "(yearz - 15), 75"))) == [("family", "let", "rate")]
    assert paths(table(RATE.replace('"45 + (years - 15)"', '"45 / (years - years)"'))) == [("family", "let", "slow")]
    assert paths(table(LATE, answer="start <")) == [("answer",)]


@pytest.mark.parametrize("place", ["{yearz}", "{years:furlongs}", "{", "}", "{}", "{years"])
def test_a_place_that_cannot_be_filled_is_a_fault(place):
    raw = table(RATE)
    raw["short"]["en"] += place
    assert paths(raw) == [("short", "en")]


def test_a_value_that_cannot_be_written_is_a_fault():
    assert paths(table(RATE.replace('"45 + (years - 15)"', '"years / 7"'))) == [("options", 1, "vi")]


def test_the_bank_counts_faults_of_a_family_by_line_and_knows_its_id():
    head = """[topic]
letter = "H"
name.vi = "Hưu trí"
name.en = "Pension"
lead.vi = "Ai được hưởng lương hưu."
lead.en = "Who receives a pension."

"""
    good = bank.read("huu-tri.toml", (head + RATE + LATE).encode(), LAW)
    assert good.good
    assert len(good.questions) == len(good.lines) == 10 + 12
    bad = bank.read("huu-tri.toml", (head + RATE.replace("yearz", "").replace("years < 75", "")).encode(), LAW)
    assert bad.good
    wrong = head + RATE.replace("rate < 75", "rate <")
    (fault,) = bank.read("huu-tri.toml", wrong.encode(), LAW).faults
    assert wrong.split("\n")[fault.line - 1].startswith("where")
    twice = bank.check({"huu-tri.toml": (head + RATE + RATE).encode()}, LAW)[0]
    assert twice.faults[0].say()[0].startswith("Mã câu hỏi «huu-tri-901» đã có")
    assert len(twice.faults) == 1


def test_a_variant_is_kept_with_its_family():
    one = read(table(RATE))[0][0]
    assert from_json(to_json(one)) == one
    assert "family" not in to_json(from_json({k: v for k, v in to_json(one).items() if k != "family"}))


def test_a_family_is_one_item_of_a_paper_and_seeds_pick_different_variants():
    variants, _ = read(table(RATE))
    drawn = [paper.draw(variants, 5, bytes([n]) * 32, today=date(2026, 11, 22)) for n in range(40)]
    assert {len(places) for places in drawn} == {1}
    assert len({places[0].question.id for places in drawn}) > 5


@pytest.fixture(scope="module")
def sheets():
    files = {path.name: path.read_bytes() for path in (ROOT / "questions").glob("*.toml")}
    return bank.check(files, LAW), {name: tomllib.loads(raw.decode()) for name, raw in files.items()}


def test_every_variant_of_every_family_of_the_bank_passes_all_checks(sheets):
    checked, tables = sheets
    families = {
        raw["id"]: len([q for sheet in checked for q in sheet.questions if q.family == raw["id"]])
        for file in tables.values()
        for raw in file["question"]
        if "family" in raw
    }
    assert {id: count for id, count in families.items() if not family.FEWEST <= count <= family.MOST} == {}
    for sheet in checked:
        for one in sheet.questions:
            if one.family is not None:
                assert "{" not in "".join((one.stem.vi, one.stem.en, one.explanation.vi, *(o.vi for o in one.options)))
                assert draft.numbered(one) == one


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(2, 40), st.integers(4, 60))
def test_no_more_variants_than_wanted_and_all_in_the_range(first, size, wanted):
    raw = table(RATE.replace(" - 16)", " - 16) + 60").replace("min(45 + 2", "(45 + 2").replace(", 75)", ")"))
    raw["family"].update(vary={"who": raw["family"]["vary"]["who"], "years": {"from": first, "to": first + size}})
    raw["family"].update(where="years > 15", variants=wanted)
    made, findings = read(raw)
    admitted = [years for years in range(first, first + size + 1) if years > 15]
    assert len(made) == (min(wanted, len(admitted)) if len(admitted) >= 4 else 0)
    assert (findings == []) == (len(admitted) >= 4)
    assert {int(one.stem.vi.split(" đủ ")[1].split()[0]) for one in made} <= set(admitted)


def _numbers(text):
    return [int(part.replace(".", "")) for part in re.findall(r"\d[\d.]*\d|\d", text)]


def _convalescence(one):
    return int(re.search(r"sau thai sản (\d+) ngày", one.stem.vi)[1]) * 759_000


def _raised(one):
    before = int(re.search(r"6/2026 là ([\d.]+) đồng", one.stem.vi)[1].replace(".", ""))
    return before + before // 100 * 8


def _raised_again(one):
    after = int(re.search(r"là ([\d.]+) đồng", one.stem.vi)[1].replace(".", ""))
    return 3_800_000 if after > 3_500_000 else after + 300_000


RETIREMENT = {  # as the decree's table has it
    ("nam", 2025): "61 tuổi 3 tháng",
    ("nam", 2026): "61 tuổi 6 tháng",
    ("nam", 2027): "61 tuổi 9 tháng",
    ("nữ", 2025): "56 tuổi 8 tháng",
    ("nữ", 2026): "57 tuổi",
    ("nữ", 2027): "57 tuổi 4 tháng",
}


@pytest.mark.parametrize(
    ("id", "recomputed"),
    [
        ("van-ban-lien-quan-004", _convalescence),
        ("van-ban-lien-quan-006", _raised),
        ("van-ban-lien-quan-007", _raised_again),
    ],
)
def test_the_key_is_what_a_reader_works_out_from_the_stem(sheets, id, recomputed):
    variants = [one for sheet in sheets[0] for one in sheet.questions if one.family == id]
    assert len(variants) >= family.FEWEST
    for one in variants:
        assert _numbers(one.options[one.key[0]].vi) == [recomputed(one)]


def test_the_retirement_ages_are_those_of_the_decree(sheets):
    variants = [one for sheet in sheets[0] for one in sheet.questions if one.family == "van-ban-lien-quan-009"]
    for one in variants:
        who, year = re.search(r"lao động (nam|nữ) năm (\d+)", one.stem.vi).groups()
        assert one.options[one.key[0]].vi == RETIREMENT[who, int(year)]
    assert len(variants) == len(RETIREMENT)
