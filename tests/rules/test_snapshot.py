import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.snapshot import canonical, digest, parse, result_json
from quizapp.rules.tally import Award, Figures, GroupLine, GroupList, Line, Result, RoundResult

LINE = Line(
    rank=1,
    code="4PJB5DM5M6",
    sitting="a1",
    score=600,
    full=600,
    correct=10,
    of=10,
    duration_ms=130_900,
    submitted_us=1_772_715_730_900_000,
    prediction=4_300,
    distance=12,
    all_correct=True,
)
ROUND = RoundResult(
    key="tuan-1",
    target=4_312,
    target_rows=12_480,
    figures=Figures(people=1, attempts=1),
    lines=(LINE,),
    awards=(Award(scope="tuan-1", prize="nhat", code="4PJB5DM5M6", place=1),),
    ties=(("a", "b"),),
    invalid={"z9": "void", "b2": "too-young"},
)
GROUPS = GroupList(key="tinh", lines=(GroupLine(rank=None, node="1", people=3, headcount=None, value=3),))
WHOLE = Result(rounds=(ROUND,), collective=(GROUPS,))


def leaves(value):
    """Every value in a tree of plain values, with the names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


@pytest.mark.parametrize("result", [WHOLE, ROUND, GROUPS])
def test_a_snapshot_is_read_back_as_it_was(result):
    assert parse(canonical(result), type(result)) == result


def test_a_snapshot_has_text_and_whole_numbers_only():
    plain = result_json(WHOLE)
    assert {type(leaf) for leaf in leaves(plain)} <= {str, int, bool, type(None)}
    assert json.loads(canonical(WHOLE)) == plain


def test_names_are_sorted_and_nothing_is_wasted():
    assert canonical(GROUPS) == (
        b'{"key":"tinh","lines":[{"band":null,"headcount":null,"node":"1","over":false,"people":3,"rank":null,'
        b'"reached_us":null,"value":3,"value_of":1}],"winners":[]}'
    )


def test_the_order_in_which_things_were_found_changes_nothing():
    other = msgspec.structs.replace(ROUND, invalid={"b2": "too-young", "z9": "void"})
    assert canonical(other) == canonical(ROUND)
    assert digest(canonical(other)) == digest(canonical(ROUND))
    assert digest(canonical(ROUND)) != digest(canonical(msgspec.structs.replace(ROUND, target=4_313)))
    assert len(digest(b"")) == 64


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_written_as_canonical_json_has_it(text):
    groups = GroupList(key=text, lines=())
    assert (
        canonical(groups)
        == json.dumps(result_json(groups), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def test_what_is_no_snapshot_is_refused():
    with pytest.raises(msgspec.ValidationError):
        parse(b'{"rounds":[{"key":1}]}', Result)
