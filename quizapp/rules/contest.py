"""The rulebook as values: what an organizer may choose for a contest, each with its default (contest-rules §2–15).

The names are those of the rules. The same values print the rulebook (`rules.rulebook`), run the rounds and compute the
results, so that what is printed and what is done cannot differ. Whether a choice makes sense beside the others is said
by `rules.rulebook_check`; here only the shape is held.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from quizapp.rules.question import Difficulty, Text
from quizapp.rules.timing import Window

POINT = 60  # points are kept exactly, as whole sixtieths of a point (contest-rules §7)

RoundKind = Literal["self_paced", "live", "essay", "final"]
ClosePolicy = Literal["CUT", "FINISH"]
CountingAttempt = Literal["BEST", "FIRST", "LAST"]
Marking = Literal["ALL_OR_NOTHING", "PARTIAL"]
TargetCode = Literal["P_ALLCORRECT", "P_PEOPLE", "P_ATTEMPTS", "P_PERCENT", "P_LIVE"]
PredictionScope = Literal["PER_ROUND_LAST", "PER_ROUND_FIRST", "PER_ATTEMPT"]
RankingKey = Literal[
    "score",
    "correct",
    "prediction_distance",
    "duration",
    "submitted_at",
    "response_time",
    "essay_score",
    "rounds_entered",
    "lot",
]
TiePolicy = Literal["LOT", "SHARE"]
GateFallback = Literal["LEAVE_EMPTY", "RELAX"]
OnePrizePer = Literal["ROUND", "CONTEST", "NONE"]
Measure = Literal["C_COUNT", "C_RATE", "C_MEAN_TOP", "C_TOTAL", "C_WINNERS", "C_COMPOSITE"]
Field = Literal["off", "optional", "required"]
Involved = Literal["BLOCK", "HORS_CONCOURS"]
LiveScoring = Literal["FLAT", "ACCURACY_FIRST", "HALF_DECAY", "SURVIVAL", "NEAREST"]
TeamPolicy = Literal["MISSING_ZERO", "MEAN_PRESENT"]
Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=100_000_000)]
Positive = Annotated[int, Meta(ge=1, le=100_000_000)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]

PRESETS: dict[str, tuple[RankingKey, ...]] = {  # contest-rules §9
    "PREDICTION_DURATION": ("score", "prediction_distance", "duration", "submitted_at", "lot"),
    "PREDICTION_EARLIEST": ("score", "prediction_distance", "submitted_at", "lot"),
    "SPEED": ("score", "duration", "submitted_at", "lot"),
    "LIVE_FAIR": ("correct", "prediction_distance", "response_time", "lot"),
    "LIVE_POINTS": ("score", "correct", "response_time", "lot"),
    "TOTAL": ("score", "rounds_entered", "duration", "lot"),
}


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in both languages; English may be missing, then Vietnamese stands."""

    vi: str
    en: str = ""

    def of(self, language: str) -> str:
        """The words in `language`."""
        return Text(self.vi, self.en).of(language)


# ── Who may enter ───────────────────────────────────────────────────────────────────────────────────────────────


class Fields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What registration asks for (§5): each field off, optional or required. `phone_confirmed` asks for a code."""

    full_name: Field = "required"
    birth_date: Field = "required"
    sex: Field = "off"
    phone: Field = "required"
    phone_confirmed: bool = False
    identity_number: Field = "off"
    other_paper: Field = "off"
    email: Field = "off"
    address: Field = "required"
    unit: Field = "optional"
    occupation: Field = "off"
    insurance_group: Field = "off"
    delegate_code: Field = "off"


class Division(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group (bảng) with a ranking and prizes of its own; everybody belongs to exactly one (§4)."""

    key: Slug
    name: Words


class Who(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may enter and what they are asked (§4–5).

    `min_age` in whole years, checked on the day of each attempt or on the contest's opening day. `provinces` are codes
    of the list of provinces; none means everywhere. `involved` says what happens to people who work on the contest.
    """

    min_age: Annotated[int, Meta(ge=0, le=120)] | None = None
    age_on: Literal["ATTEMPT", "OPENING"] = "ATTEMPT"
    provinces: tuple[str, ...] = ()
    status: Words = Words("Công dân Việt Nam ở trong nước và nước ngoài", "Vietnamese citizens at home and abroad")
    involved: Involved = "BLOCK"
    families_involved: bool = False  # the rule covers families of the people involved too
    fields: Fields = Fields()
    phone_shared_max: Annotated[int, Meta(ge=1, le=50)] = 1
    guardians: bool = False  # a guardian's phone or identity number may stand for people without their own
    divisions: tuple[Division, ...] = ()
    must_take_part: Words | None = None  # a group asked to take part whole: changes reports, never scores
    on_list_only: bool = False  # only people on an imported list, by their delegate code
    time_accommodation: bool = True  # the secretariat may grant ×1.5, ×2 or no limit before the first attempt


# ── Rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────


class BlueprintLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many questions of one topic and, where named, one difficulty, each worth `points`."""

    topic: str
    count: Positive
    difficulty: Difficulty | None = None
    points: Positive = 1


class Paper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everybody is dealt (§2): the same `questions` for all, or a draw by `blueprint` from the approved bank.

    `time_limit` in seconds. `points` of one question of a fixed paper, where `question_points` does not say otherwise.
    `bank` is how many approved questions a draw needs at least; 0 is five times the paper (§2).
    """

    kind: Literal["fixed", "drawn"] = "drawn"
    blueprint: tuple[BlueprintLine, ...] = ()
    questions: tuple[str, ...] = ()
    question_points: dict[str, Positive] = {}
    points: Positive = 1
    bank: Count = 0
    time_limit: Annotated[int, Meta(ge=30, le=86_400)] = 600
    marking: Marking = "ALL_OR_NOTHING"
    shuffle_questions: bool = True
    shuffle_options: bool = True

    @property
    def size(self) -> int:
        """How many questions one paper has."""
        return len(self.questions) if self.kind == "fixed" else sum(line.count for line in self.blueprint)


class Prediction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The prediction question (§8); its wording follows from `target`, so that the two cannot differ.

    `not_over` ranks predictions above the target after all others; `lower_first` prefers the lower of two at the same
    distance. `decimals` for `P_PERCENT`. `public_step`: a public counter of the predicted quantity is rounded down to
    it while the round is open (0 hides it).
    """

    target: TargetCode = "P_ALLCORRECT"
    prediction_scope: PredictionScope = "PER_ROUND_LAST"
    not_over: bool = False
    lower_first: bool = False
    decimals: Annotated[int, Meta(ge=2, le=5)] = 2
    public_step: Count = 1000


class PrizeGate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be reached to be considered for a prize (§9); people below it are still ranked."""

    kind: Literal["NONE", "ALL_CORRECT", "MIN_SCORE", "MIN_CORRECT"] = "NONE"
    least: Count = 0  # points or right answers


class Prize(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prize list (§10). `RANKED` prizes are filled from the top of the ranking in the order of the lists.

    `LUCKY` is drawn among people with at least `least_correct` right answers (who hold no other prize, unless
    `among_winners`); `SPREADING` goes to who brought most people in, at most `per_day_cap` of a day counting.
    `division` limits it to one division, `per_division` gives so many to each. `value` in đồng, `gift` in words.
    """

    key: Slug
    name: Words
    slots: Positive = 1
    value: Count = 0
    gift: Words | None = None
    kind: Literal["RANKED", "LUCKY", "SPREADING", "YOUNGEST", "OLDEST", "FARTHEST"] = "RANKED"
    per_division: bool = False
    division: str | None = None
    least_correct: Count = 0
    among_winners: bool = False
    per_day_cap: Count = 0


class Ranking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In what order people stand, and what a prize needs (§9–10)."""

    keys: tuple[RankingKey, ...] = PRESETS["PREDICTION_DURATION"]
    tie_policy: TiePolicy = "LOT"
    prize_gate: PrizeGate = PrizeGate()
    gate_fallback: GateFallback = "LEAVE_EMPTY"
    prizes: tuple[Prize, ...] = ()
    pass_down: bool = True


class Rescue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After question `after` those who are out return: all, or the `best` with most right so far (§14.3)."""

    after: Positive
    best: Positive | None = None


class Teams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team's score: the mean of its best `best`; fewer present count by `policy` (§14.6).

    The first `slots` teams of the ranking receive a prize.
    """

    best: Positive = 5
    policy: TeamPolicy = "MISSING_ZERO"
    least: Positive = 1
    slots: Count = 0


class LivePart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a live round is played (§14): seconds for each answer, free start, which answer counts, who may still join.

    `watch_word` is a condition for prizes when `watch_word_until` is set; the word itself is kept apart from the
    rulebook. `registration_until` closes the registration of people with a prize chance.
    """

    questions: Positive = 10
    seconds: Annotated[int, Meta(ge=5, le=120)] = 20
    free_ms: Count = 1_000
    scoring: LiveScoring = "FLAT"
    change_in_window: bool = True
    join_until: Positive = 1
    response_step_ms: Positive = 100
    prediction_after: Count = 0  # the question after which the prediction is asked; 0 asks it before the first
    watch_word_until: Moment | None = None
    registration_until: Moment | None = None
    rescues: tuple[Rescue, ...] = ()
    reserves: Count = 2
    teams: Teams | None = None


class EssayPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An essay (§13): one question, limits in words, marks from 0 to `max_points`.

    `essay_gate`: least score in the multiple-choice part to be marked. `combine` adds the mark to the score, or keeps
    it as the key `essay_score` only.
    """

    prompt: Words
    min_words: Count = 300
    max_words: Positive = 1_000
    max_points: Positive = 5
    essay_gate: Count | None = None
    combine: Literal["ADD", "TIE_BREAK"] = "TIE_BREAK"


class Invited(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is invited to a final: the first `top_each` of every earlier round and `top_total` more by total (§2)."""

    rounds: tuple[str, ...] = ()
    top_each: Count = 0
    top_total: Count = 0


class Round(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One round. `max_attempts` None is unlimited; `cooldown` in seconds from hand-in to the next start (§6).

    `board` while the round is open: hidden, one's own score only, or the first `board_top` (§3, §6 and §8.6 still
    hold). `closes_phrase` is the rulebook's own wording of the end, shown beside the exact second.
    """

    key: Slug
    name: Words
    kind: RoundKind = "self_paced"
    opens_at: Moment
    closes_at: Moment
    closes_phrase: str = ""
    close_policy: ClosePolicy = "CUT"
    paper: Paper = Paper()
    max_attempts: Annotated[int, Meta(ge=1, le=100)] | None = 2
    counting_attempt: CountingAttempt = "BEST"
    cooldown: Annotated[int, Meta(ge=0, le=86_400)] = 0
    practice: bool = True
    show_after: Literal["SCORE_ONLY", "NOTHING"] = "SCORE_ONLY"
    full_after_close: bool = True
    change_answers: bool = True
    resume: bool = True
    prediction: Prediction | None = None
    ranking: Ranking = Ranking()
    board: Literal["HIDDEN", "SCORE_ONLY", "TOP"] = "SCORE_ONLY"
    board_top: Annotated[int, Meta(ge=1, le=100)] = 10
    live: LivePart | None = None
    essay: EssayPart | None = None
    invited: Invited | None = None

    @property
    def window(self) -> Window:
        """When attempts may start."""
        return Window(self.opens_at, self.closes_at)

    @property
    def limit(self) -> timedelta:
        """The time of one attempt, without accommodation."""
        return timedelta(seconds=self.paper.time_limit)

    @property
    def is_live(self) -> bool:
        """Whether everybody answers the same question together; a final is live where it has a live part."""
        return self.kind == "live" or (self.kind == "final" and self.live is not None)

    @property
    def is_sat(self) -> bool:
        """Whether each person sits it alone, when they like."""
        return self.kind == "self_paced" or (self.kind == "final" and self.live is None)


# ── Lists over several rounds ───────────────────────────────────────────────────────────────────────────────────


class Overall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list over rounds (§2, §21.2): sums over `rounds` entered (all where none is named), or the best single one."""

    key: Slug = "chung"
    name: Words = Words("Toàn cuộc thi", "The whole contest")
    overall_rule: Literal["BEST_ROUND", "TOTAL", "ROUNDS_ENTERED", "FINAL"] = "TOTAL"
    rounds: tuple[str, ...] = ()
    ranking: Ranking = Ranking(keys=PRESETS["TOTAL"])
    teams: Teams | None = None


class Collective(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One list of collective prizes (§11).

    `level`: `province` or `commune` (the contestants' address), or the name of a level of the unit tree. `rate_per` is
    how the rate is printed (100 or 1 000). `second` is the other measure of `C_COMPOSITE`. `bands` are upper bounds of
    size groups, each ranked apart. `rounds` in scope; none named means all.
    """

    key: Slug
    name: Words
    measure: Measure
    level: str
    slots: Count = 3
    value: Count = 0
    min_headcount: Count = 50
    rate_per: Literal[100, 1000] = 100
    top_n: Positive = 5
    second: Measure | None = None
    weights: dict[str, Count] = {}  # of prizes by their key, for C_WINNERS; 1 where none is named
    bands: tuple[Positive, ...] = ()
    unit_at: Literal["CLOSE", "FIRST_ATTEMPT"] = "CLOSE"
    rounds: tuple[str, ...] = ()


# ── The contest ─────────────────────────────────────────────────────────────────────────────────────────────────


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the rulebook of a contest says. `results_days` are calendar days, `complaint_days` working days."""

    name: Words
    organizer: Words
    superior: Words | None = None  # the agency above the organizer, for the heading of papers
    place: str = ""  # where papers are signed
    purpose: Words | None = None
    address_form: Literal["", "bạn", "bà con", "anh chị", "quý vị"] = ""
    who: Who = Who()
    rounds: tuple[Round, ...] = ()
    one_prize_per: OnePrizePer = "ROUND"
    overall: tuple[Overall, ...] = ()
    collective: tuple[Collective, ...] = ()
    unit_levels: tuple[str, ...] = ()  # names of the levels of the unit tree, from the top
    results_days: Annotated[int, Meta(ge=0, le=90)] = 7
    complaint_days: Annotated[int, Meta(ge=0, le=60)] = 5
    answer_days: Annotated[int, Meta(ge=1, le=60)] = 5  # working days until a complaint is answered
    winner_days: Annotated[int, Meta(ge=1, le=60)] = 7  # days a winner has to answer the winner check
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 90  # after closing the file
    contact: Words | None = None
    decides: Words = Words("Quyết định của Ban Tổ chức là quyết định cuối cùng.", "The organizing committee decides.")
    certificate_least: Count = 0  # percent of the full score that the certificate of participation needs
    witnesses: tuple[str, ...] = ()  # mail addresses that receive the seals

    def round(self, key: str) -> Round:
        """The round of this key."""
        return next(one for one in self.rounds if one.key == key)


def to_json(settings: Settings) -> dict[str, Any]:
    """The settings as plain values, for keeping; `from_json` gives them back."""
    kept = msgspec.to_builtins(settings)
    assert isinstance(kept, dict)
    return kept


def from_json(kept: object) -> Settings:
    """The settings that `to_json` kept, or that an archive brings under the names of the rules.

    Raises `msgspec.ValidationError`, naming the place, where a name is unknown or a value has the wrong shape.
    """
    return msgspec.convert(kept, Settings)


def preset_of(keys: tuple[RankingKey, ...]) -> str | None:
    """The name of the preset with these keys, or `None` where the organizer made an order of their own."""
    return next((name for name, preset in PRESETS.items() if preset == keys), None)
