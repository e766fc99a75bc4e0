"""Who gets what over several rounds when nobody may win twice (contest-rules §10, §21.6)."""

from datetime import timedelta

from msgspec.structs import replace

from quizapp.rules import contest
from quizapp.rules.closing import closing_order, tally_book
from quizapp.rules.contest import Words
from quizapp.rules.tally import Check, Node
from tests.contests import book, person, round_book, settings, sitting, vn, week

ONE = (contest.Prize(key="nhat", name=Words("Giải Nhất")),)
TWO = (*ONE, contest.Prize(key="nhi", name=Words("Giải Nhì")))
OPENS = {"tuan-1": "02/3", "tuan-2": "09/3", "tuan-3": "16/3"}
CLOSES = {"tuan-1": "08/3", "tuan-2": "15/3", "tuan-3": "22/3"}


def ranked(key, codes):
    """What was received in a round that these people finish in this order."""
    start = vn(OPENS[key], "09:00")
    return round_book(
        key, [sitting(code, start, start + timedelta(minutes=n), 10) for n, code in enumerate(codes, start=1)]
    )


def refused(code, scope, after=0):
    return Check(code=code, scope=scope, outcome="REFUSED", reason="giấy tờ không khớp", after=after)


def awarded(orders, *, prizes=ONE, checks=(), announced=(), per="CONTEST", overall=(), weeks=None):
    """By round and prize who has it, where `orders` gives the order in which people finish each round."""
    ranking = contest.Ranking(keys=("score", "duration", "lot"), prizes=prizes)
    rounds = weeks or [week(key, OPENS[key], CLOSES[key], ranking=ranking) for key in orders]
    people = sorted({code for codes in orders.values() for code in codes})
    rules = settings(*rounds, one_prize_per=per, overall=overall)
    received = [ranked(key, codes) for key, codes in orders.items()]
    whole = book([person(code) for code in people], *received, checks=tuple(checks), announced=tuple(announced))
    result = tally_book(rules, whole)
    return {one.key: {award.code: award.prize for award in one.awards} for one in (*result.rounds, *result.overall)}


def winners(orders, **more):
    return {key: list(prizes) for key, prizes in awarded(orders, **more).items()}


# ── One prize per contest ───────────────────────────────────────────────────────────────────────────────────────


def test_who_has_a_prize_is_skipped_in_later_rounds():
    orders = {"tuan-1": ["ada", "bob", "eve"], "tuan-2": ["ada", "bob", "eve"]}
    assert winners(orders) == {"tuan-1": ["ada"], "tuan-2": ["bob"]}
    assert winners(orders, per="ROUND") == winners(orders, per="NONE") == {"tuan-1": ["ada"], "tuan-2": ["ada"]}


def test_rounds_give_their_prizes_in_the_order_of_closing():
    ranking = contest.Ranking(keys=("score", "duration", "lot"), prizes=ONE)
    month = week("tuan-1", "02/3", "30/3", ranking=ranking)
    short = week("tuan-2", "09/3", "15/3", ranking=ranking)
    assert [one.key for one in closing_order([month, short])] == ["tuan-2", "tuan-1"]
    orders = {"tuan-1": ["ada", "bob"], "tuan-2": ["ada", "bob"]}
    assert winners(orders, weeks=[month, short]) == {"tuan-2": ["ada"], "tuan-1": ["bob"]}


def test_rounds_that_close_together_stand_as_the_rulebook_names_them():
    both = [week("tuan-2", "02/3", "08/3"), week("tuan-1", "02/3", "08/3")]
    assert [one.key for one in closing_order(both)] == ["tuan-2", "tuan-1"]


def test_contest_wide_prizes_go_past_who_won_a_round_and_count_themselves():
    lists = (
        contest.Overall(key="chung", ranking=contest.Ranking(keys=("score", "duration", "lot"), prizes=ONE)),
        contest.Overall(key="cham-chi", ranking=contest.Ranking(keys=("score", "duration", "lot"), prizes=ONE)),
    )
    orders = {"tuan-1": ["ada", "bob", "eve", "otto"], "tuan-2": ["ada", "bob", "eve", "otto"]}
    found = winners(orders, overall=lists)
    assert found == {"tuan-1": ["ada"], "tuan-2": ["bob"], "chung": ["eve"], "cham-chi": ["otto"]}
    assert winners(orders, overall=lists, per="ROUND")["chung"] == ["ada"]


def test_rounds_not_in_the_book_are_not_in_the_result():
    rules = settings(week(), week("tuan-2", "09/3", "15/3"))
    result = tally_book(rules, book([person("ada")], ranked("tuan-1", ["ada"])))
    assert [one.key for one in result.rounds] == ["tuan-1"]
    assert result.figures.people == result.figures.people_of_rounds == 1


# ── Passing down ────────────────────────────────────────────────────────────────────────────────────────────────

ORDERS = {"tuan-1": ["ada", "bob", "eve"], "tuan-2": ["ada", "bob", "otto"]}


def test_before_the_later_round_is_announced_a_prize_passes_down_by_rank():
    checks = [refused("ada", "tuan-1", after=1)]
    found = winners(ORDERS, checks=checks, announced=["tuan-1"])
    assert found == {"tuan-1": ["bob"], "tuan-2": ["ada"]}


def test_a_pass_down_takes_no_prize_back_from_a_round_announced_later():
    # bob won week 2, which is announced, when ada is turned down in week 1
    checks = [refused("ada", "tuan-1", after=2)]
    found = winners(ORDERS, checks=checks, announced=["tuan-1", "tuan-2"])
    assert found == {"tuan-1": ["eve"], "tuan-2": ["bob"]}


def test_what_was_known_before_an_announcement_is_in_it():
    # ada was turned down before week 2 was announced: bob has the prize of week 1, ada that of week 2
    checks = [refused("ada", "tuan-1", after=1)]
    found = winners(ORDERS, checks=checks, announced=["tuan-1", "tuan-2"])
    assert found == {"tuan-1": ["bob"], "tuan-2": ["ada"]}


def test_who_was_left_out_of_an_announced_round_does_not_come_back_into_it():
    # ada, first in both weeks, is turned down in week 1 when week 2 is announced; bob keeps the prize of week 2
    orders = {"tuan-1": ["ada", "eve"], "tuan-2": ["ada", "bob"]}
    checks = [refused("ada", "tuan-1", after=2)]
    assert winners(orders, checks=checks, announced=["tuan-1", "tuan-2"]) == {"tuan-1": ["eve"], "tuan-2": ["bob"]}
    # and where bob in turn is turned down, the prize goes past ada still
    checks.append(refused("bob", "tuan-2", after=2))
    assert winners(orders, checks=checks, announced=["tuan-1", "tuan-2"]) == {"tuan-1": ["eve"], "tuan-2": []}


def test_somebody_turned_down_in_a_later_round_is_free_for_an_earlier_one():
    # bob loses week 2 and ada week 1, both after the announcements: nothing keeps bob from the prize of week 1
    checks = [refused("ada", "tuan-1", after=2), refused("bob", "tuan-2", after=2)]
    found = winners(ORDERS, checks=checks, announced=["tuan-1", "tuan-2"])
    assert found == {"tuan-1": ["bob"], "tuan-2": ["otto"]}


def test_a_pass_down_goes_past_who_won_an_earlier_round_meanwhile():
    # eve moves up in week 1, so week 2, where bob is turned down later, goes past her
    orders = {"tuan-1": ["ada", "eve", "otto"], "tuan-2": ["bob", "eve", "otto"], "tuan-3": ["hana"]}
    checks = [refused("ada", "tuan-1", after=2), refused("bob", "tuan-2", after=3)]
    found = winners(orders, checks=checks, announced=["tuan-1", "tuan-2", "tuan-3"])
    assert found == {"tuan-1": ["eve"], "tuan-2": ["otto"], "tuan-3": ["hana"]}


def test_rounds_may_be_announced_out_of_order():
    # week 2 is announced first; week 1 closed before it, so its winner is left out of week 2 all the same
    orders = {"tuan-1": ["ada", "bob"], "tuan-2": ["ada", "bob"]}
    assert winners(orders, announced=["tuan-2"]) == {"tuan-1": ["ada"], "tuan-2": ["bob"]}
    checks = [refused("ada", "tuan-1", after=1)]
    found = winners(orders, checks=checks, announced=["tuan-2", "tuan-1"])
    assert found == {"tuan-1": [], "tuan-2": ["bob"]}


def test_an_announced_list_over_rounds_keeps_its_winners_too():
    lists = (contest.Overall(ranking=contest.Ranking(keys=("score", "duration", "lot"), prizes=ONE)),)
    orders = {"tuan-1": ["ada", "bob", "eve"], "tuan-2": ["otto", "bob", "eve"]}
    announced = ["tuan-1", "tuan-2", "chung"]
    before = winners(orders, overall=lists, announced=announced)
    assert before == {"tuan-1": ["ada"], "tuan-2": ["otto"], "chung": ["bob"]}
    after = winners(orders, overall=lists, announced=announced, checks=[refused("ada", "tuan-1", after=3)])
    assert after == {"tuan-1": ["eve"], "tuan-2": ["otto"], "chung": ["bob"]}
    lost = winners(orders, overall=lists, announced=announced, checks=[refused("bob", "chung", after=3)])
    assert lost == {"tuan-1": ["ada"], "tuan-2": ["otto"], "chung": ["eve"]}


def test_an_announcement_of_something_not_counted_changes_nothing():
    assert winners(ORDERS, announced=["tuan-9", "tuan-1"]) == winners(ORDERS)


def test_a_check_that_confirms_moves_nobody():
    confirmed = Check(code="ada", scope="tuan-1", outcome="CONFIRMED", after=2)
    assert winners(ORDERS, checks=[confirmed], announced=["tuan-1", "tuan-2"]) == winners(ORDERS)


def test_within_a_round_everybody_moves_up_one_prize():
    orders = {"tuan-1": ["ada", "bob", "eve"]}
    assert awarded(orders, prizes=TWO, checks=[refused("ada", "tuan-1")]) == {"tuan-1": {"bob": "nhat", "eve": "nhi"}}


# ── Collective lists ────────────────────────────────────────────────────────────────────────────────────────────


def test_collective_lists_count_prizes_of_rounds_and_of_lists():
    ranking = contest.Ranking(keys=("score", "duration", "lot"), prizes=ONE)
    rounds = [week(ranking=ranking)]
    lists = (contest.Overall(ranking=ranking),)
    collective = (
        contest.Collective(key="theo-nguoi", name=Words("Theo số người"), measure="C_COUNT", level="xã"),
        contest.Collective(key="theo-giai", name=Words("Theo số giải"), measure="C_WINNERS", level="xã"),
    )
    rules = settings(*rounds, one_prize_per="CONTEST", overall=lists, collective=collective, unit_levels=("xã",))
    people = [person("ada", unit="1"), person("bob", unit="1"), person("eve", unit="2"), person("otto", unit="2")]
    people.append(person("hana", unit="2", status="HORS_CONCOURS"))
    units = (Node(id="1", name="Xã A", level="xã"), Node(id="2", name="Xã B", level="xã"))
    received = ranked("tuan-1", ["hana", "ada", "bob", "eve"])
    result = tally_book(rules, replace(book(people, received), units=units))
    counts, prizes = result.collective
    assert [(line.node, line.value) for line in counts.lines] == [("1", 2), ("2", 1)]
    assert [(line.node, line.value) for line in prizes.lines] == [("1", 2), ("2", 0)]
