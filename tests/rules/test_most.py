from quizapp.rules import most
from quizapp.rules.most import Share
from quizapp.rules.tally import Book, Contestant, Figures, Node, RoundBook, RoundResult, Sitting

PLACES = (
    Node(id="1", name="Tỉnh P", level="province"),
    Node(id="2", name="Tỉnh Q", level="province"),
    Node(id="3", name="Tỉnh S", level="province"),
    Node(id="11", name="Xã A", level="commune", parent="1"),
    Node(id="12", name="Xã B", level="commune", parent="1"),
    Node(id="21", name="Xã C", level="commune", parent="2"),
)
UNITS = (Node(id="u", name="Công ty May", level="organisation"), Node(id="v", name="Tổ 1", level="team", parent="u"))


def sitting(id, code, **changes):
    values = dict(no=1, started_us=0, submitted_us=1, score=0, full=60, correct=0, of=1, answered=1)
    return Sitting(id=id, code=code, **{**values, **changes})


def book(*sittings, key="tuan-1"):
    people = (
        Contestant(code="AN", place="11", unit="v"),
        Contestant(code="BÌNH", place="12"),
        Contestant(code="CHI", place="21", unit="u"),
        Contestant(code="DŨNG"),
        Contestant(code="PHÚC", place="21", status="HORS_CONCOURS"),
    )
    return Book(contestants=people, rounds=(RoundBook(key=key, sittings=sittings),), units=UNITS, places=PLACES)


def result(key="tuan-1", **invalid):
    return RoundResult(key=key, target=None, target_rows=0, figures=Figures(), lines=(), invalid=invalid)


def test_people_count_once_and_attempts_each_time_for_the_place_they_roll_up_to():
    found = most.most(
        book(*[sitting(*one) for one in [("a", "AN"), ("b", "AN"), ("c", "BÌNH"), ("d", "CHI"), ("e", "DŨNG")]]),
        [result()],
        "province",
    )
    assert found == (Share("1", "Tỉnh P", 2, 3), Share("2", "Tỉnh Q", 1, 1))


def test_people_hors_concours_and_attempts_that_do_not_count_are_left_out():
    sittings = [sitting("a", "PHÚC"), sitting("b", "AN", given_back=True), sitting("c", "CHI"), sitting("d", "AN")]
    assert most.most(book(*sittings), [result(c="void")], "commune") == (Share("11", "Xã A", 1, 1),)


def test_units_are_counted_by_their_own_tree():
    sittings = [sitting("a", "AN"), sitting("b", "CHI"), sitting("c", "BÌNH")]
    assert most.most(book(*sittings), [result()], "organisation") == (Share("u", "Công ty May", 2, 2),)


def test_rounds_without_a_result_are_left_out():
    assert most.most(book(sitting("a", "AN")), [result("tuan-2")], "province") == ()


def test_equal_numbers_of_people_go_by_attempts_then_by_name_and_only_the_first_are_named():
    sittings = [sitting("a", "AN"), sitting("b", "BÌNH"), sitting("c", "CHI"), sitting("d", "CHI")]
    found = most.most(book(*sittings), [result()], "commune", count=2)
    assert [one.name for one in found] == ["Xã C", "Xã A"]


def test_the_highest_units_stand_under_nobody():
    assert most.top_level(UNITS) == "organisation"
    assert most.top_level(()) is None
