"""Contests for tests of counting: short makers of what counting works on, and whole contests made by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from quizapp.rules import contest
from quizapp.rules.contest import POINT, PRESETS, Words
from quizapp.rules.tally import Book, Check, Contestant, DrawResult, Node, RoundBook, Said, Sitting
from quizapp.rules.timing import VIETNAM

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def vn(day, clock="00:00", *, year=2026):
    """An instant by Vietnamese day and clock: `vn("02/3", "09:15:12.400")`."""
    date, month = (int(part) for part in day.split("/"))
    hour, minute, *second = clock.split(":")
    whole, _, rest = (second[0] if second else "0").partition(".")
    micro = int((rest + "000000")[:6])
    return datetime(year, month, date, int(hour), int(minute), int(whole), micro, tzinfo=VIETNAM)


def us(moment):
    """Whole microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def week(key="tuan-1", opens="02/3", closes="08/3", **changes):
    """A round of rulebook A: Monday 08:00 to Sunday 22:00, ten minutes, three attempts."""
    values = {
        "key": key,
        "name": Words(key.replace("tuan-", "Tuần "), key.replace("tuan-", "Week ")),
        "opens_at": vn(opens, "08:00"),
        "closes_at": vn(closes, "22:00"),
        "max_attempts": 3,
        "paper": contest.Paper(time_limit=600),
        "prediction": contest.Prediction(),
    }
    return contest.Round(**{**values, **changes})


def settings(*rounds, **changes):
    """A contest with these rounds."""
    values = {"name": Words("Cuộc thi"), "organizer": Words("Ban Tổ chức"), "rounds": rounds or (week(),)}
    return contest.Settings(**{**values, **changes})


def sitting(code, start, end, points, no=1, *, of=10, **changes):
    """An attempt from `start` to `end` (both aware) with `points` of `of` right answers, one point each."""
    values = {
        "id": f"{code}-{no}",
        "code": code,
        "no": no,
        "started_us": us(start),
        "submitted_us": us(end),
        "score": points * POINT,
        "full": of * POINT,
        "correct": points,
        "of": of,
        "answered": of,
    }
    return Sitting(**{**values, **changes})


def said(code, value, moment, sitting=None):
    """One saving of a prediction."""
    return Said(code=code, value=value, said_us=us(moment), sitting=sitting)


def person(code, **changes):
    """Somebody who may take part."""
    return Contestant(code=code, **changes)


def book(people, *rounds, **more):
    """A book of these people and rounds."""
    return Book(contestants=tuple(people), rounds=tuple(rounds), **more)


def round_book(key="tuan-1", sittings=(), said=(), **more):
    """What was received in one round."""
    return RoundBook(key=key, sittings=tuple(sittings), said=tuple(said), **more)


# ── Whole contests made by chance ───────────────────────────────────────────────────────────────────────────────
#
# Small figures on purpose: few people, points and instants, so that ties, edges and clashes are common. Rulebooks are
# drawn by hypothesis, which makes a failing one simpler; what comes in is rolled, which is quicker and fuller.

OPENING = vn("28/2", "23:30")  # over midnight, into the day on which a birthday of 29 February is counted
LIMIT = timedelta(minutes=10)
MARK = "GHI-CHU-RIENG"  # stands in every reason that people wrote: results must never say it
LEVELS = ("tỉnh", "xã")

# of an hour that a round lasts; lengths in milliseconds. The coarse ones make people equal.
_COARSE = ([5, 5, 30], [60_000])
_FINE = ([-1, 0, 1, 5, 30, 30, 55, 59, 60], [0, 1_000, 60_000, 60_000, 61_000, 599_999, 600_000, 601_000, 650_000])

_NUMBERS = [None, 0, 1, 2, 2, 3, 5]
_rarely = st.sampled_from([False] * 14 + [True])
_sometimes = st.booleans()

UNITS = (
    Node(id="u1", name="Tỉnh A", level="tỉnh", headcount=4),
    Node(id="u2", name="Tỉnh B", level="tỉnh"),
    Node(id="u11", name="Xã A1", level="xã", parent="u1", headcount=3),
    Node(id="u12", name="Xã A2", level="xã", parent="u1", headcount=2),
    Node(id="u21", name="Xã B1", level="xã", parent="u2", headcount=1),
)
PLACES = (
    Node(id="p1", name="Bắc Ninh", level="province", code="24"),
    Node(id="p2", name="Huế", level="province", code="46"),
    Node(id="p11", name="Phường K", level="commune", parent="p1"),
)

predictions = st.builds(
    contest.Prediction,
    target=st.sampled_from(["P_ALLCORRECT", "P_PEOPLE", "P_ATTEMPTS", "P_PERCENT", "P_LIVE"]),
    prediction_scope=st.sampled_from(["PER_ROUND_LAST", "PER_ROUND_FIRST", "PER_ATTEMPT"]),
    not_over=_sometimes,
    lower_first=_sometimes,
)
gates = st.builds(
    contest.PrizeGate,
    kind=st.sampled_from(["NONE", "ALL_CORRECT", "MIN_SCORE", "MIN_CORRECT"]),
    least=st.integers(0, 3),
)
_orders = st.one_of(
    st.sampled_from(list(PRESETS.values())),
    st.permutations([key for key in contest.PRESETS["PREDICTION_DURATION"] if key != "lot"] + ["correct"]).map(
        lambda keys: (*keys[:3], "lot")
    ),
)


@st.composite
def prize_lists(draw):
    """One to three lists of ranked prizes, and perhaps one of another kind."""
    ranked = [
        contest.Prize(key=key, name=Words(key), slots=draw(st.integers(1, 2)), per_division=draw(_rarely))
        for key in ("nhat", "nhi", "ba")[: draw(st.integers(1, 3))]
    ]
    kind = draw(st.sampled_from([None, None, "LUCKY", "SPREADING", "YOUNGEST", "OLDEST"]))
    if kind is not None:
        ranked.append(contest.Prize(key="phu", name=Words("phụ"), kind=kind, least_correct=draw(st.integers(0, 1))))
    return tuple(ranked)


@st.composite
def rankings(draw, keys=_orders):
    return contest.Ranking(
        keys=draw(keys),
        tie_policy=draw(st.sampled_from(["LOT", "SHARE"])),
        prize_gate=draw(gates),
        gate_fallback=draw(st.sampled_from(["LEAVE_EMPTY", "RELAX"])),
        prizes=draw(prize_lists()),
        pass_down=not draw(_rarely),
    )


@st.composite
def rounds(draw, key, opens_at):
    """A round of one hour."""
    live = draw(_rarely)
    return contest.Round(
        key=key,
        name=Words(key),
        kind="live" if live else "self_paced",
        live=contest.LivePart(teams=contest.Teams(best=2)) if live else None,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=1),
        close_policy=draw(st.sampled_from(["CUT", "FINISH"])),
        paper=contest.Paper(time_limit=LIMIT // timedelta(seconds=1)),
        max_attempts=draw(st.sampled_from([1, 2, 3, None])),
        counting_attempt=draw(st.sampled_from(["BEST", "BEST", "FIRST", "LAST"])),
        prediction=draw(st.one_of(st.none(), predictions)),
        ranking=draw(rankings()),
    )


@st.composite
def rulebooks(draw):
    """The settings of a contest of one to three rounds, some at the same time."""
    hours = draw(st.lists(st.sampled_from([0, 0, 16, 24]), min_size=1, max_size=3))
    names = draw(st.sampled_from([(), (), (), ("hoc-sinh",), ("hoc-sinh", "nguoi-lon")]))
    measures = draw(st.lists(st.sampled_from(["C_COUNT", "C_RATE", "C_TOTAL", "C_WINNERS"]), min_size=1, max_size=2))
    rules = draw(st.sampled_from([None, None, "BEST_ROUND", "TOTAL", "ROUNDS_ENTERED"]))
    lists = contest.Overall(
        overall_rule=rules or "TOTAL",
        ranking=draw(rankings(st.sampled_from([PRESETS["TOTAL"], ("correct", "duration", "lot")]))),
    )
    return settings(
        *[draw(rounds(f"r{n}", OPENING + timedelta(hours=sum(hours[:n])))) for n in range(1, len(hours) + 1)],
        who=contest.Who(
            min_age=draw(st.sampled_from([None, 14])),
            age_on=draw(st.sampled_from(["ATTEMPT", "OPENING"])),
            provinces=("24",) if draw(_rarely) else (),
            divisions=tuple(contest.Division(key=name, name=Words(name)) for name in names),
        ),
        one_prize_per=draw(st.sampled_from(["ROUND", "CONTEST", "CONTEST", "NONE"])),
        overall=(lists,) if rules else (),
        collective=tuple(
            contest.Collective(
                key=f"tap-the-{n}",
                name=Words("Tập thể"),
                measure=measure,
                level=draw(st.sampled_from(LEVELS)),
                min_headcount=2,
                unit_at=draw(st.sampled_from(["CLOSE", "FIRST_ATTEMPT"])),
            )
            for n, measure in enumerate(measures)
        ),
        unit_levels=LEVELS,
    )


def contestants(chance, number):
    """So many people; some may not take part, some not win."""
    codes = [f"C{n}" for n in range(number)]
    days = [date(1990, 1, 1), date(2012, 2, 28), date(2012, 2, 29), date(2012, 3, 1), date(2012, 3, 2)]
    return [
        Contestant(
            code=code,
            status=chance.choice(["ELIGIBLE"] * 10 + ["HORS_CONCOURS", "EXCLUDED"]),
            birth_date=chance.choice([None, None, None, *days]),
            division=chance.choice([None, "hoc-sinh", "nguoi-lon"]),
            unit=chance.choice([None, "u1", "u11", "u12", "u21"]),
            place=chance.choice([None, "p11", "p2"]),
            team=chance.choice([None, "Đoàn 1", "Đoàn 2"]),
            invited_by=chance.choice([None, *codes]),
            withdrawn=_once_in(chance, 15),
            barred=MARK if _once_in(chance, 25) else "",
            barred_rounds={"r1": MARK} if _once_in(chance, 25) else {},
            accommodated=_once_in(chance, 10),
        )
        for code in codes
    ]


def received(chance, one, people):
    """What comes in in one round: up to four attempts of each, and what they say with them or outside of them."""
    minutes, lengths = chance.choice([_COARSE, _FINE])
    sittings, guesses = [], []
    for who in people:
        starts = sorted(chance.choices(minutes, k=chance.choice([0, 1, 1, 1, 2, 2, 3, 4])))
        for no, minute in enumerate(starts, start=1):
            start = one.opens_at + timedelta(minutes=minute)
            sittings.append(
                sitting(
                    who.code,
                    start,
                    start + timedelta(milliseconds=chance.choice(lengths), microseconds=chance.choice([0, 0, 400])),
                    chance.choice([1, 2, 3, 3, 3]),
                    no,
                    of=3,
                    id=f"{one.key}-{who.code}-{no}",
                    answered=0 if _once_in(chance, 12) else 3,
                    invalid=MARK if _once_in(chance, 12) else "",
                    given_back=_once_in(chance, 12),
                    unit=chance.choice([who.unit, "u12"]),
                    response_ms=chance.choice([1_000, 1_050, 1_100]),
                    connected=not _once_in(chance, 8),
                )
            )
            for second in chance.choice([[], [], [1], [1], [1, 2], [1, 1]]):
                moment = start + timedelta(seconds=second)
                guesses.append(said(who.code, chance.choice(_NUMBERS), moment, sittings[-1].id))
        if _once_in(chance, 8):
            guesses.append(
                said(who.code, chance.choice(_NUMBERS), one.opens_at + timedelta(minutes=chance.choice(minutes)))
            )
    return RoundBook(
        key=one.key, sittings=tuple(sittings), said=tuple(guesses), target=chance.choice([None, None, None, 2])
    )


@st.composite
def whole_contests(draw):
    """A rulebook and everything that was received under it: people, attempts, predictions, checks, draws."""
    rules = draw(rulebooks())
    chance = Random(f"{draw(st.integers(0))} {rules}")
    number = chance.randint(0, 12)
    people = contestants(chance, number)
    codes = [one.code for one in people]
    scopes = [one.key for one in (*rules.rounds, *rules.overall)]
    announced = chance.sample(scopes, chance.randint(0, len(scopes)))
    outcomes = ["CONFIRMED", "REFUSED", "NO_ANSWER", "DECLINED"]
    return rules, Book(
        contestants=tuple(people),
        rounds=tuple(received(chance, one, people) for one in rules.rounds),
        units=UNITS,
        places=PLACES,
        checks=tuple(
            Check(
                code=code,
                scope=scope,
                outcome=chance.choice(outcomes),
                reason=MARK,
                after=chance.randint(0, len(announced)),
            )
            for scope in scopes
            for code in codes
            if _once_in(chance, 6)
        ),
        draws=tuple(
            DrawResult(
                scope=scope, prize=prize, codes=tuple(chance.sample(codes, max(0, number - chance.choice([0, 0, 1]))))
            )
            for scope in scopes
            for prize in ("lot", "lot", "phu")
            if _once_in(chance, 3)
        ),
        announced=tuple(announced),
    )


def _once_in(chance, times):
    return chance.randrange(times) == 0
