"""Whatever the host presses and whenever, whoever answers, however the server stumbles: never a broken state, never a
key before its reveal, always a sentence why not (contest-rules §14.1, §19.1, §19.3).

`QUIZ_LONG=1` plays many more and longer shows.
"""

import json
import os
import unicodedata
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import Phase as Part
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quizapp import db
from quizapp.errors import Refusal
from quizapp.live import host_state, wire
from quizapp.models import Answer, HostPress, Turn
from quizapp.rules import contest as rulebook
from quizapp.rules.question import LANGUAGES
from quizapp.rules.show import Settings
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import PRESSES, Phase, allowed, leading, phase
from quizapp.services import (
    autopilots,
    contest_roles,
    entering,
    guards,
    guesses,
    lags,
    live_totals,
    players,
    results,
    rundown,
    shows,
    sight,
    turn_sheets,
    turns,
)
from quizapp.services.guesses import Guess
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from tests import make

LONG = bool(os.environ.get("QUIZ_LONG"))
START = make.OPENS + timedelta(hours=1)
SECOND = timedelta(seconds=1)
STREAM = {"provider": "hls", "id": "https://video.example.vn/live.m3u8", "latency_ms": 8_000}
LAGS = {"ada": 3_100, "bob": 14_000}
CAST = ("ada", "bob")
BUTTONS = (*PRESSES, "scene", "auto", "order", "offset", "dance", "next", "open", "lock", "reveal", "board", "next")


def secret(n):
    """What nobody may read before the reveal of question `n`."""
    return f"Vì lý do riêng số {n}."


def questions():
    said = make.Text
    return [make.question(f"huu-tri-{n:03}", key=(n % 4,), explanation=said(secret(n), secret(n))) for n in range(1, 7)]


class Show(RuleBasedStateMachine):
    """One show, from the lobby to the end and beyond."""

    def __init__(self):
        super().__init__()
        self.session = db._maker()
        self.now = START
        self.numbers = {}  # of the turns that were reached
        self.seated = {}
        self.told = 0
        self.sent = 0

    def teardown(self):
        self.session.rollback()
        self.session.close()
        for kept in (turn_sheets._kept_sheets, results._kept_boards, live_totals._kept_totals):
            kept.clear()  # the next show has the same numbers

    # ── A room ──

    @initialize(
        what=st.sampled_from(["free", "contest", "stream", "survival", "first"]),
        settings=st.booleans(),
        planned=st.integers(2, 3),
        early=st.sampled_from([True, True, False]),
    )
    def open_a_room(self, what, settings, planned, early):
        session = self.session
        self.people = {who: make.person(session, who) for who in ("hana", "otto", *CAST)}
        if what == "contest":
            self.show = self._contest(planned, 0 if settings else 1)
        else:
            rules = {
                "free": Settings(join_until=9),
                "stream": Settings(join_until=9, scoring="FLAT"),
                "survival": Settings(join_until=9, scoring="SURVIVAL", rescues=(rulebook.Rescue(after=1),)),
                "first": Settings(join_until=1, may_change=False, scoring="HALF_DECAY"),
            }[what]
            self.show = make.show(session, questions()[: planned + 1], rules, now=START)
            self.show.turns[-1].reserve = self.show.turns[-1].standby = True
            self.show.stream = STREAM if what == "stream" else None
        session.flush()
        session.expire_all()
        self.planned = rundown.planned(self.show)
        for who in CAST if early else ():
            self.join(who)

    def _contest(self, planned, after):
        session = self.session
        make.bank(session, *questions())
        asked = rulebook.Prediction(target="P_LIVE")
        rules = make.live_rules(
            questions=planned, prediction=asked, part={"prediction_after": after, "join_until": 9, "reserves": 1}
        )
        made = make.contest(session, [rules], owner=self.people["hana"])
        contest_roles.give(session, make.VAULT, made, make.PHONES["otto"], "host", None, now=make.MADE)
        for who in CAST:
            make.consent(session, make.contestant(session, made, self.people[who], who.title()))
        return make.contest_room(session, made, self.people["hana"])

    # ── What happens ──

    @rule(
        do=st.sampled_from(BUTTONS),
        who=st.sampled_from(["hana", "hana", "otto", None]),
        said=st.sampled_from([{}, {"reason": "Đáp án chưa rõ"}, {"scene": "break", "text": "Nghỉ"}, {"on": True}]),
        shuffled=st.booleans(),
    )
    def press(self, do, who, said, shuffled):
        details = dict(said)
        if do == "order":
            to_come = [turn.id for turn in self.show.turns if turn.n > self.show.position and not turn.standby]
            details = {"turns": to_come[::-1] if shuffled else to_come[1:]}
        by = who and self.people[who].id
        before = self._rows()
        can = allowed(sight.position(self.show), self.now, guards.guard(self.session, self.show, now=self.now))
        step = self.session.begin_nested()
        try:
            shows.press(self.session, self.show, do, details, now=self.now, person_id=by)
            step.commit()
            assert do in can or do not in PRESSES
        except Refusal as refusal:
            step.rollback()
            self._is_a_sentence(refusal.sentence)
            self.session.expire_all()
            assert self._rows() == before
            assert do not in can or do in {"void", "confirm"}  # these also ask who presses
            shows.log_press(self.session, self.show, do, details, refusal.sentence, now=self.now, person_id=by)
        last = self.session.query(HostPress).order_by(HostPress.id.desc()).first()
        assert (last.press, last.person_id) == (do, by)

    @rule(who=st.sampled_from(["hana", "otto"]), steps=st.integers(1, 5), option=st.integers(0, 4))
    def go_on(self, who, steps, option):
        """The large button again and again, and what the clock makes of it; people answer what is open."""
        for _ in range(steps):
            guard = guards.guard(self.session, self.show, now=self.now)
            step = leading(sight.position(self.show), self.now, guard)
            if step not in {"", "end", "lock"}:
                self.press(step, who, {}, shuffled=False)
            self.wait({"next": 0.1, "open": 0.6}.get(step, 30))
            self.answer(option, 0)

    @rule(seconds=st.sampled_from([0.1, 0.6, 2, 6, 25, 60]))
    def wait(self, seconds):
        until = self.now + seconds * SECOND
        seen = set()  # what is due is done at once
        while True:
            moments = turns.next_due(self.session), autopilots.next_due(self.session, now=self.now)
            due = min([moment for moment in moments if moment is not None], default=None)
            if due is None or due > until:
                break
            assert due not in seen, (moments, sight.position(self.show), self.show.autopilot_since)
            seen.add(due)
            self.now = max(self.now, due)
            self._tick()
        self.now = until
        self._tick()

    @rule(seconds=st.sampled_from([0.3, 1.5, 2.5, 40]))
    def restart(self, seconds):
        turns.beat(self.session, now=self.now)
        self.session.expire_all()
        self.now += seconds * SECOND
        turns.recover(self.session, now=self.now)
        self._tick()

    @rule(who=st.sampled_from(CAST))
    def join(self, who):
        if who in self.seated:
            return
        try:
            if self.show.round_id is None:
                entered, _ = players.join(self.session, self.show, who.title(), now=self.now)
            else:
                entered, _ = entering.enter(self.session, make.VAULT, self.show, self.people[who].id, now=self.now)
        except Refusal as refusal:
            return self._is_a_sentence(refusal.sentence)
        self.seated[who] = entered.id
        lags.measured(self.session, self.show, entered.id, "pdt", LAGS[who])

    @rule(option=st.integers(0, 4), away=st.sampled_from([0, 0, 0, 1, -1]))
    def answer(self, option, away):
        for who in self.seated:
            self._answer(who, option, away)

    def _answer(self, who, option, away):
        wanted = self.show.position + away
        turn = next((turn for turn in self.show.turns if turn.n == wanted), None)
        if turn is None:
            return
        sent = Sent(self.seated[who], turn.id, self._m(), (option,), self.now)
        (reply,) = players.take(self.session, [sent], now=self.now)
        if reply.verdict == "kept":
            behind = LAGS[who] if self.show.stream else 0
            assert turn.opens_at <= self.now
            assert self.now < turn.closes_at + GRACE + behind * timedelta(milliseconds=1)
            assert turn.revealed_at is None and turn.voided_at is None

    @rule(who=st.sampled_from(CAST), value=st.integers(0, 50))
    def guess(self, who, value):
        if who in self.seated:
            reply = guesses.keep(self.session, Guess(self.seated[who], self._m(), value, self.now))
            taken = phase(sight.position(self.show), self.now) is Phase.PREDICTION
            assert taken or reply.verdict != "kept" or self.show.predicting_until + GRACE > self.now

    @rule(who=st.sampled_from(CAST), sure=st.sampled_from([False, False, False, True]))
    def send_out(self, who, sure):
        if who in self.seated and sure:
            players.remove(self.session, self.show, self.seated.pop(who), now=self.now)

    # ── What always holds ──

    @invariant()
    def everybody_can_be_told_where_the_show_is_and_nobody_reads_a_key_early(self):
        at = phase(sight.position(self.show), self.now)
        bearers = [Bearer("viewer", self.show.id)]
        bearers += [Bearer("player", self.show.id, attempt_id) for attempt_id in self.seated.values()]
        for bearer in bearers:
            state = sight.state(self.session, self.show, bearer, "vi", now=self.now)
            assert state["phase"] in set(Phase)
            if bearer.part != "player" or self.show.stream is None:
                assert state["phase"] == at.value
            self._keeps_secrets(state, bearer)
        for item in self.session.info.get("news", [])[self.told :]:
            for language in LANGUAGES:
                for name, body in wire.told(item, self.session, self.show, language, self.now):
                    assert name in wire.SERVER
                    self._keeps_secrets(body, bearers[0])
        self.told = len(self.session.info.get("news", []))
        body = host_state.body(self.session, self.show, online=0, away={}, now=self.now)
        assert body["phase"] == at.value and (body["next"] in body["can"] or body["next"] in {"reveal", ""})
        self._keeps_secrets(host_state.own(self.session, body, ""), bearers[0])

    @invariant()
    def turns_are_played_in_order_and_keep_their_numbers(self):
        rows = self.session.query(Turn).filter_by(show_id=self.show.id).order_by(Turn.n).all()
        assert [row.n for row in rows] == list(range(1, len(rows) + 1))
        assert [row.standby for row in rows] == sorted(row.standby for row in rows)
        assert 0 <= self.show.position <= rundown.of(self.show) and rundown.planned(self.show) == self.planned
        for row in rows:
            assert (row.reading_at is not None) == (row.n <= self.show.position)
            if row.n <= self.show.position:
                assert self.numbers.setdefault(row.id, row.n) == row.n
            if row.n < self.show.position:
                assert row.lock_told
            assert row.revealed_at is None or (row.lock_told and row.closes_at + GRACE <= row.revealed_at)
            assert row.opens_at is None or row.opens_at <= row.closes_at

    @invariant()
    def nobody_answers_twice_and_no_more_answer_than_were_let_in(self):
        for row in self.show.turns:
            counting = self.session.query(Answer.attempt_id).filter_by(turn_id=row.id, verdict="ok", n=1).all()
            assert len(counting) == len(set(counting)) <= sight.joined(self.session, self.show) + 2 * len(CAST)
            assert sight.answered(self.session, row) <= sight.joined(self.session, self.show)

    # ── Helpers ──

    def _tick(self):
        turns.open_due(self.session, now=self.now)
        turns.lock_due(self.session, now=self.now)
        turns.close_due(self.session, now=self.now)
        autopilots.press_due(self.session, now=self.now)
        self.session.expire_all()

    def _rows(self):
        self.session.flush()
        tables = [self.show, *self.show.turns]
        return [{column.key: getattr(row, column.key) for column in row.__table__.columns} for row in tables]

    def _keeps_secrets(self, body, bearer):
        said = json.dumps(body, ensure_ascii=False)
        if bearer.part == "player" and self.show.stream is not None:
            who = next(who for who, id in self.seated.items() if id == bearer.attempt_id)
            least = min(LAGS[who], STREAM["latency_ms"]) * timedelta(milliseconds=1)
        else:
            least = timedelta(0)
        open_to = {turn.n for turn in self.show.turns if turn.revealed_at and turn.revealed_at + least <= self.now}
        for turn in self.show.turns:
            if turn.n not in open_to:
                assert turn.content["explanation"]["vi"] not in said
        assert '"key"' not in said or open_to

    def _m(self):
        self.sent += 1
        return f"{self.sent:032x}"

    @staticmethod
    def _is_a_sentence(said):
        assert said.endswith((".", "?", "!")) and len(said) > 10
        assert any("LATIN" in unicodedata.name(letter, "") and ord(letter) > 127 for letter in said), said


def test_no_press_at_any_moment_breaks_a_show_or_tells_a_key(app):
    with app.app_context():
        run_state_machine_as_test(
            Show,
            settings=settings(
                max_examples=600 if LONG else 10,
                stateful_step_count=80 if LONG else 30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize=not LONG,
                phases=[Part.generate, Part.shrink] if LONG else [Part.generate],
            ),
        )
