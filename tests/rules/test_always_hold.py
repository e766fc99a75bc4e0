"""What must always hold (contest-rules §19), over whole contests made by chance; one of it is that a second, slow way
to count agrees. `QUIZ_LONG=1` makes many more contests.
"""

import os
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from quizapp.rules import overall
from quizapp.rules.closing import tally_book
from quizapp.rules.contest import POINT
from quizapp.rules.snapshot import canonical, parse
from quizapp.rules.tally import Check, Result
from quizapp.rules.timing import VIETNAM
from tests.contests import EPOCH, LIMIT, MARK, us, whole_contests

LONG = bool(os.environ.get("QUIZ_LONG"))
often = settings(max_examples=10_000 if LONG else 500, deadline=None, suppress_health_check=list(HealthCheck))
ALWAYS = []


def always(holds):
    """Something that must hold for every contest, whatever was received."""
    ALWAYS.append(holds)
    return holds


@often
@given(whole_contests())
def test_what_must_always_hold(made):
    rules, book = made
    result = tally_book(rules, book)
    chance = Random(canonical(result))
    for holds in ALWAYS:
        holds(rules, book, result, chance)


# ── A second way to count, slow and by the letter ───────────────────────────────────────────────────────────────


def moment(instant_us):
    return EPOCH + timedelta(microseconds=instant_us)


def is_barred(person, sitting, rules, one):
    """Whether an attempt of this person does not count, whatever it is like (§4)."""
    if person.status == "EXCLUDED" or person.barred or one.key in person.barred_rounds:
        return True
    home = {"p11": "24", "p2": "46"}.get(person.place)
    if rules.who.provinces and home and home not in rules.who.provinces and person.unit is None:
        return True
    if rules.who.min_age is None or person.birth_date is None:
        return False
    opening = min(each.opens_at for each in rules.rounds)
    day = (opening if rules.who.age_on == "OPENING" else moment(sitting.started_us)).astimezone(VIETNAM)
    born = person.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < rules.who.min_age


def end_of(person, sitting, one):
    """When an attempt ended at the latest (§3)."""
    ends = [moment(sitting.submitted_us)]
    if one.kind != "live":
        if not person.accommodated:
            ends.append(moment(sitting.started_us) + LIMIT)
        if one.close_policy == "CUT":
            ends.append(one.closes_at)
    return min(ends)


def happened_of(person, received):
    return [each for each in received.sittings if each.code == person.code and not each.given_back]


def valid_of(person, rules, one, received):
    """The valid attempts of one person with their ends (§12)."""
    found = []
    for n, each in enumerate(happened_of(person, received)):
        in_window = one.kind == "live" or one.opens_at <= moment(each.started_us) < one.closes_at
        allowed = one.max_attempts is None or n < one.max_attempts
        if in_window and allowed and each.answered and not each.invalid and not is_barred(person, each, rules, one):
            found.append((each, end_of(person, each, one)))
    return found


def milliseconds(length):
    return length // timedelta(milliseconds=1)


def counting_of(valid, one):
    """The counting attempt (§6)."""
    if one.counting_attempt == "FIRST":
        return valid[0]
    if one.counting_attempt == "LAST":
        return valid[-1]
    best = valid[0]
    for other in valid[1:]:
        (a, a_end), (b, b_end) = best, other
        figures = [(b.score, a.score)]
        for key in one.ranking.keys:
            if key == "duration":
                figures.append((milliseconds(a_end - moment(a.started_us)), milliseconds(b_end - moment(b.started_us))))
            if key == "submitted_at":
                figures.append((milliseconds(a_end - EPOCH), milliseconds(b_end - EPOCH)))
            if key == "response_time":
                figures.append((a.response_ms, b.response_ms))
        figures.append((a_end, b_end))
        if next((mine > best_one for mine, best_one in figures if mine != best_one), False):
            best = other
    return best


def prediction_of(person, one, received, counting):
    """The prediction that counts (§8.3)."""
    back = {each.id for each in received.sittings if each.given_back}
    last_moment = datetime(9999, 1, 1, tzinfo=UTC) if one.kind == "live" else one.closes_at + timedelta(seconds=2)
    theirs = [
        each
        for each in received.said
        if each.code == person.code
        and each.sitting not in back
        and (each.sitting or moment(each.said_us) < last_moment)
    ]
    if one.prediction.prediction_scope == "PER_ROUND_FIRST":
        first = happened_of(person, received)[0]
        theirs = [
            each
            for each in theirs
            if each.sitting == first.id or (not each.sitting and each.said_us <= first.submitted_us)
        ]
    if one.prediction.prediction_scope == "PER_ATTEMPT":
        begins, ends = counting[0].started_us, us(counting[1])
        theirs = [
            each
            for each in theirs
            if each.sitting == counting[0].id or (not each.sitting and begins <= each.said_us <= ends)
        ]
    theirs = sorted(theirs, key=lambda each: each.said_us)
    return theirs[-1].value if theirs else None


def target_of(one, rows, connected):
    """The number predicted (§8.1)."""
    perfect = sum(row["all_correct"] for row in rows)
    counts = {
        "P_ALLCORRECT": perfect,
        "P_PEOPLE": len(rows),
        "P_ATTEMPTS": sum(row["attempts"] for row in rows),
        "P_LIVE": connected,
    }
    if one.prediction.target != "P_PERCENT":
        return counts[one.prediction.target]
    share = Fraction(100 * perfect, len(rows)) if rows else Fraction(0)
    return int(share * 100 + Fraction(1, 2))


def row_of(person, rules, one, received):
    valid = valid_of(person, rules, one, received)
    if not valid or person.status != "ELIGIBLE":
        return None
    counting = counting_of(valid, one)
    sitting, end = counting
    divisions = [each.key for each in rules.who.divisions]
    return {
        "code": person.code,
        "sitting": sitting.id,
        "attempts": len(valid),
        "division": person.division if person.division in divisions else None,
        "all_correct": sitting.score == sitting.full,
        "score": sitting.score,
        "correct": sitting.correct,
        "duration": milliseconds(end - moment(sitting.started_us)),
        "submitted_at": milliseconds(end - EPOCH),
        "response_time": sitting.response_ms // 100,
        "rounds_entered": 1,
        "essay_score": 0,
        "prediction": prediction_of(person, one, received, counting) if one.prediction else None,
        "more_time": person.accommodated,
    }


def is_better(a, b, one, target):
    """Whether row `a` stands above row `b` by the keys before lots (§9)."""
    for key in one.ranking.keys:
        if key == "lot":
            return False
        if key == "prediction_distance":
            mine, other = (distance_of(row["prediction"], one.prediction, target) for row in (a, b))
        elif key in ("duration", "response_time"):
            mine, other = ((row["more_time"], row[key]) for row in (a, b))
        elif key == "submitted_at":
            mine, other = a[key], b[key]
        else:
            mine, other = -a[key], -b[key]
        if mine != other:
            return mine < other
    return False


def distance_of(guess, asked, target):
    """Better is less: without a number last, under NOT_OVER above the target behind, then the distance (§8.5)."""
    if guess is None or asked is None:
        return (2, 0, 0)
    over = guess > target
    return (int(asked.not_over and over), abs(guess - target), int(asked.lower_first and over))


def counted_slowly(rules, book, one, received):
    """Rows by code with their rank and whether they wait for lots, and the target."""
    rows = [row for row in (row_of(person, rules, one, received) for person in book.contestants) if row]
    connected = sum(
        person.status == "ELIGIBLE"
        and any(is_there(person, each, n, rules, one) for n, each in enumerate(happened_of(person, received)))
        for person in book.contestants
    )
    target = None
    if one.prediction:
        target = received.target if received.target is not None else target_of(one, rows, connected)
    lots = [draw.codes for draw in book.draws if draw.scope == one.key and draw.prize == "lot"]
    for row in rows:
        among = [other for other in rows if other["division"] == row["division"]]
        better = [other for other in among if is_better(other, row, one, target)]
        equal = [other for other in among if other not in better and not is_better(row, other, one, target)]
        row["rank"], row["waits"] = 1 + len(better), False
        if len(equal) > 1 and one.ranking.tie_policy == "LOT":
            drawn = [codes for codes in lots if all(other["code"] in codes for other in equal)]
            row["waits"] = not drawn
            if drawn:
                places = [drawn[-1].index(other["code"]) for other in equal]
                row["rank"] += sorted(places).index(drawn[-1].index(row["code"]))
    return {row["code"]: row for row in rows}, target


def is_there(person, sitting, n, rules, one):
    in_window = one.kind == "live" or one.opens_at <= moment(sitting.started_us) < one.closes_at
    allowed = one.max_attempts is None or n < one.max_attempts
    return (
        sitting.connected
        and in_window
        and allowed
        and not sitting.invalid
        and not is_barred(person, sitting, rules, one)
    )


@always
def both_ways_to_count_agree(rules, book, result, chance):
    for counted in result.rounds:
        one = rules.round(counted.key)
        received = next(each for each in book.rounds if each.key == counted.key)
        rows, target = counted_slowly(rules, book, one, received)
        assert counted.target == target
        assert {line.code for line in counted.lines} == set(rows)
        waiting = {code for tie in counted.ties for code in tie}
        for line in counted.lines:
            row = rows[line.code]
            assert (line.rank, line.waits) == (row["rank"], row["waits"] and line.code in waiting)
            assert (line.sitting, line.score, line.duration_ms) == (row["sitting"], row["score"], row["duration"])
            assert (line.prediction, line.division) == (row["prediction"], row["division"])
        assert counted.figures.people == len(rows)
        assert counted.figures.started == sum(
            not is_barred(person, each, rules, one)
            for person in book.contestants
            if person.status == "ELIGIBLE"
            for each in happened_of(person, received)
        )
        assert counted.figures.attempts == sum(row["attempts"] for row in rows.values())
        assert counted.figures.all_correct == sum(row["all_correct"] for row in rows.values())


# ── §19 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@always
def attempts_add_up_and_people_are_distinct(rules, book, result, chance):
    """§19.2."""
    whole = result.figures
    assert whole.attempts == sum(one.figures.attempts for one in result.rounds)
    assert whole.people == len({line.code for one in result.rounds for line in one.lines})
    assert whole.people <= whole.people_of_rounds == sum(one.figures.people for one in result.rounds)
    for one in result.rounds:
        figures = one.figures
        assert figures.all_correct <= figures.people <= figures.attempts <= figures.started
        assert figures.people == len(one.lines)


@always
def nobody_has_more_valid_attempts_than_allowed_and_more_are_a_fault(rules, book, result, chance):
    """§19.4."""
    for counted in result.rounds:
        most = rules.round(counted.key).max_attempts
        received = next(each for each in book.rounds if each.key == counted.key)
        used = {}
        for each in received.sittings:
            if not each.given_back:
                used.setdefault(each.code, []).append(each)
        for theirs in used.values():
            valid = [each for each in theirs if each.id not in counted.invalid]
            assert most is None or len(valid) <= most
            for each in theirs[most:] if most is not None else []:
                assert each.id in counted.invalid
        assert counted.faults.keys() <= {each.id for each in received.sittings if not each.given_back}


@always
def every_duration_is_within_the_limit_and_cut_ends_at_closing(rules, book, result, chance):
    """§19.5."""
    more_time = {one.code for one in book.contestants if one.accommodated}
    for counted in tally_book(rules, book).rounds:
        one = rules.round(counted.key)
        for line in counted.lines:
            assert line.duration_ms >= 0
            if one.is_live:
                continue
            if line.code not in more_time:
                assert line.duration_ms <= one.paper.time_limit * 1000
            if one.close_policy == "CUT":
                assert moment(line.submitted_us) <= one.closes_at


@always
def the_same_data_gives_the_same_bytes_in_whatever_order_they_come(rules, book, result, chance):
    """§19.6."""

    def mixed(values):
        values = list(values)
        chance.shuffle(values)
        return tuple(values)

    def in_order(said):
        """Savings at the same instant keep their order; nothing else does."""
        return tuple(sorted(mixed(said), key=lambda one: (one.said_us, said.index(one))))

    first = canonical(result)
    other = replace(
        book,
        contestants=mixed(book.contestants),
        rounds=mixed(replace(one, sittings=mixed(one.sittings), said=in_order(one.said)) for one in book.rounds),
        units=mixed(book.units),
        checks=mixed(book.checks),
    )
    assert canonical(tally_book(rules, other)) == first
    assert canonical(parse(first, Result)) == first


@always
def freezing_the_target_changes_nothing_and_then_it_stays(rules, book, result, chance):
    """§19.6, §19.8."""
    targets = {one.key: one.target for one in result.rounds}
    frozen = replace(book, rounds=tuple(replace(one, target=targets[one.key]) for one in book.rounds))
    assert canonical(tally_book(rules, frozen)) == canonical(result)
    gone = replace(frozen, contestants=tuple(replace(one, barred=MARK) for one in frozen.contestants))
    assert {one.key: one.target for one in tally_book(rules, gone).rounds} == targets


@always
def excluded_people_and_those_hors_concours_leave_no_trace(rules, book, result, chance):
    """§19.7: without them everything but their own line of figures is the same."""
    out = {one.code for one in book.contestants if one.status != "ELIGIBLE"}
    without = replace(
        book,
        contestants=tuple(one for one in book.contestants if one.code not in out),
        rounds=tuple(
            replace(
                one,
                sittings=tuple(each for each in one.sittings if each.code not in out),
                said=tuple(each for each in one.said if each.code not in out),
            )
            for one in book.rounds
        ),
    )
    result = tally_book(rules, book)
    assert out.isdisjoint(line.code for one in (*result.rounds, *result.overall) for line in one.lines)
    assert out.isdisjoint(award.code for one in (*result.rounds, *result.overall) for award in one.awards)
    assert canonical(plain(result)) == canonical(plain(tally_book(rules, without)))


def plain(result):
    """A result without what is said about people hors concours and about attempts that do not count."""

    def bare(one):
        figures = replace(one.figures, hors_people=0, hors_attempts=0)
        return replace(one, figures=figures, invalid={}, faults={})

    return replace(
        result,
        rounds=tuple(map(bare, result.rounds)),
        overall=tuple(map(bare, result.overall)),
        figures=replace(result.figures, hors_people=0, hors_attempts=0),
    )


@always
def an_attempt_that_was_given_back_never_happened(rules, book, result, chance):
    """§21.8."""
    back = {each.id for one in book.rounds for each in one.sittings if each.given_back}
    without = replace(
        book,
        rounds=tuple(
            replace(
                one,
                sittings=tuple(each for each in one.sittings if each.id not in back),
                said=tuple(each for each in one.said if each.sitting not in back),
            )
            for one in book.rounds
        ),
    )
    assert canonical(tally_book(rules, without)) == canonical(result)


@always
def results_hold_codes_and_never_what_people_wrote_or_a_birth_date(rules, book, result, chance):
    """§19.10."""
    body = canonical(result).decode()
    assert MARK not in body
    assert not any(str(one.birth_date) in body for one in book.contestants if one.birth_date)


@always
def with_correct_first_nobody_stands_above_somebody_with_more_right_answers(rules, book, result, chance):
    """§19.11, for whatever has right answers as its first key."""
    keys = {one.key: one.ranking.keys for one in rules.rounds}
    keys |= {one.key: overall.keys_of(rules, one) for one in rules.overall}
    for one in (*result.rounds, *result.overall):
        if keys[one.key][0] == "correct":
            for lines in by_division(one.lines).values():
                rights = [line.correct for line in lines]
                assert rights == sorted(rights, reverse=True)


def by_division(lines):
    divisions = {}
    for line in lines:
        divisions.setdefault(line.division, []).append(line)
    return divisions


# ── Ranking and prizes ──────────────────────────────────────────────────────────────────────────────────────────


@always
def places_follow_each_other_and_ties_share_one(rules, book, result, chance):
    """§9, §21.7."""
    kinds = {one.key: one.ranking.prizes for one in (*rules.rounds, *rules.overall)}
    policies = {one.key: one.ranking.tie_policy for one in (*rules.rounds, *rules.overall)}
    for one in (*result.rounds, *result.overall):
        for lines in by_division(one.lines).values():
            for n, line in enumerate(lines):
                shares = [other for other in lines if other.rank == line.rank]
                assert line.rank == lines.index(shares[0]) + 1
                assert not line.waits or (len(shares) > 1 and policies[one.key] == "LOT")
                assert line.waits == shares[0].waits
                assert (line.decided_by == "") == (n == 0 or lines[n - 1].rank == line.rank)
        waiting = {line.code for line in one.lines if line.waits}
        assert waiting <= {code for tie in one.ties for code in tie}
        assert policies[one.key] == "LOT" or one.ties == ()
        ranked = {prize.key for prize in kinds[one.key] if prize.kind == "RANKED"}
        held = {award.code for award in one.awards if award.state == "HELD" and award.prize in ranked}
        assert held <= {code for tie in one.ties for code in tie}  # whatever a prize hangs on is drawn
        assert all(held & set(tie) for tie in one.ties)  # and nothing else


@always
def prizes_go_to_people_who_may_win_and_never_twice(rules, book, result, chance):
    """§10, §4, §5."""
    people = {one.code: one for one in book.contestants}
    turned_down = {(check.scope, check.code) for check in book.checks if check.outcome != "CONFIRMED"}
    rankings = {one.key: one.ranking for one in (*rules.rounds, *rules.overall)}
    everybody = [award for one in (*result.rounds, *result.overall) for award in one.awards]
    for award in everybody:
        who, ranking = people[award.code], rankings[award.scope]
        assert who.status == "ELIGIBLE" and not who.withdrawn and not who.barred
        assert award.scope not in who.barred_rounds
        assert (award.scope, award.code) not in turned_down
    for one in (*result.rounds, *result.overall):
        ranking, lines = rankings[one.key], {line.code: line for line in one.lines}
        ranked = {prize.key for prize in ranking.prizes if prize.kind == "RANKED"}
        if ranking.gate_fallback == "LEAVE_EMPTY":
            assert not any(lines[award.code].below_gate for award in one.awards if award.prize in ranked)
    if rules.one_prize_per == "CONTEST":
        assert len({award.code for award in everybody}) == len(everybody)
    if rules.one_prize_per == "ROUND":
        assert len({(award.scope, award.code) for award in everybody}) == len(everybody)


@always
def no_prize_is_given_more_often_than_it_exists_but_to_people_who_share_a_place(rules, book, result, chance):
    """§10, §21.7."""
    lists = {one.key: one for one in (*rules.rounds, *rules.overall)}
    for one in (*result.rounds, *result.overall):
        for prize in lists[one.key].ranking.prizes:
            given = [award for award in one.awards if award.prize == prize.key]
            if not prize.per_division and len(given) > prize.slots:
                assert len({award.place for award in given[prize.slots - 1 :]}) == 1


@always
def somebody_turned_down_after_the_announcements_moves_prizes_in_that_round_only(rules, book, result, chance):
    """§21.6: nobody else loses a prize, here or in what was announced besides."""
    last = len(book.announced)
    book = replace(book, checks=tuple(replace(one, after=min(one.after, max(last - 1, 0))) for one in book.checks))
    before = tally_book(rules, book)
    held = [award for one in (*before.rounds, *before.overall) for award in one.awards if award.scope in book.announced]
    checked = {(check.scope, check.code) for check in book.checks}
    held = [award for award in held if (award.scope, award.code) not in checked]
    if not held:
        return
    lost = chance.choice(held)
    check = Check(code=lost.code, scope=lost.scope, outcome="REFUSED", after=last)
    after = tally_book(rules, replace(book, checks=(*book.checks, check)))
    for one, other in zip((*before.rounds, *before.overall), (*after.rounds, *after.overall), strict=True):
        if one.key == lost.scope:
            winners = {award.code for award in other.awards}
            assert {award.code for award in one.awards} - {lost.code} <= winners
            assert lost.code not in winners
        elif one.key in book.announced:
            assert one.awards == other.awards


# ── Units ───────────────────────────────────────────────────────────────────────────────────────────────────────


@always
def each_person_counts_for_one_unit_of_a_level_at_most(rules, book, result, chance):
    """§11."""
    above = {node.id: node.parent for node in book.units}
    level = {node.id: node.level for node in book.units}
    took_part = {line.code for one in result.rounds for line in one.lines}
    for one, counted in zip(rules.collective, result.collective, strict=True):
        assert {line.node for line in counted.lines} == {node.id for node in book.units if node.level == one.level}
        assert sum(line.people for line in counted.lines) <= result.figures.people
        if one.unit_at == "CLOSE":
            homes = []
            for person in book.contestants:
                at = person.unit
                while at is not None and level[at] != one.level:
                    at = above[at]
                homes += [at] if person.code in took_part else []
            assert {line.node: line.people for line in counted.lines} == {
                line.node: homes.count(line.node) for line in counted.lines
            }
        if one.measure == "C_TOTAL" and one.unit_at == "CLOSE":
            scored = sum(line.score for each in result.rounds for line in each.lines)
            assert sum(line.value for line in counted.lines) <= scored
            assert all(line.value % POINT == 0 for line in counted.lines)
