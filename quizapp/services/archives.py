"""A whole contest written out as an archive (docs/contest-archive.md), from which the same results follow anywhere.

People are in it by their codes. Names, and birth dates that no rule needs, only where they are asked for; phones,
addresses and numbers of papers never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.models import (
    Answer,
    Attempt,
    Contest,
    Contestant,
    Essay,
    EssayMark,
    Invitation,
    Lag,
    Lots,
    Move,
    Participation,
    Round,
    RoundQuestion,
    Rulebook,
    Saying,
    Show,
    Shown,
    Turn,
    Unit,
    WinnerCheck,
)
from quizapp.rules import archive as written
from quizapp.rules import contest as rulebook
from quizapp.rules.archive import Archive, written_moment
from quizapp.rules.contest import Settings
from quizapp.rules.eligibility import is_old_enough, opening_day
from quizapp.rules.question import Kind, from_json
from quizapp.rules.voids import Policy
from quizapp.services import books, contests
from quizapp.services.vault import Vault

_AT_ONCE = 2_000


def give(session: Session, vault: Vault, contest: Contest, *, with_names: bool = False) -> Archive:
    """The archive of a contest; `with_names` puts names and whole birth dates in it."""
    return _Writer(session, vault, contest, with_names).archive()


class _Writer:
    def __init__(self, session: Session, vault: Vault, contest: Contest, with_names: bool) -> None:
        self.session = session
        self.vault = vault
        self.contest = contest
        self.with_names = with_names
        self.settings: Settings = contests.settings(contest)
        self.rules = {one.key: one for one in self.settings.rounds}
        self.rounds = [row for row in contest.rounds if row.key in self.rules]
        codes = select(Contestant.id, Contestant.code).where(Contestant.contest_id == contest.id)
        self.codes: dict[int, str] = {id: value for id, value in session.execute(codes)}
        units = session.scalars(select(Unit).where(Unit.contest_id == contest.id).order_by(Unit.id)).all()
        self.units = units
        self.keys = {unit.id: unit.key or str(unit.id) for unit in units}
        self.kinds: dict[tuple[int, str], Kind] = {}  # of questions by round
        self.numbers: dict[int, int] = {}  # of turns
        self.moved: dict[int, list[Move]] = defaultdict(list)
        moves = select(Move).join(Contestant, Contestant.id == Move.contestant_id)
        for one in session.scalars(moves.where(Contestant.contest_id == contest.id).order_by(Move.at, Move.id)):
            self.moved[one.contestant_id].append(one)

    def archive(self) -> Archive:
        contest = self.contest
        questions = list(self.questions())
        turns = list(self.turns())
        return Archive(
            slug=contest.slug,
            settings=rulebook.to_json(self.settings),
            made_at=written_moment(contest.made_at),
            published_at=_moment(contest.published_at),
            versions=list(self.versions()),
            units=[self.unit(one) for one in self.units if one.tree == "unit"],
            places=[self.unit(one) for one in self.units if one.tree == "place"],
            people=list(self.people()),
            moves=list(self.moves()),
            rounds=[self.state(row) for row in contest.rounds],
            questions=questions,
            turns=turns,
            attempts=[one for row in self.rounds for one in self.attempts(row)],
            predictions=[one for row in self.rounds for one in self.predictions(row)],
            watch_words=[one for row in self.rounds for one in self.watch_words(row)],
            essays=[one for row in self.rounds for one in self.essays(row)],
            invitations=[one for row in self.rounds for one in self.invitations(row)],
            checks=list(self.checks()),
            draws=list(self.draws()),
        )

    # the contest

    def versions(self) -> Iterator[written.Version]:
        kept = select(Rulebook).where(Rulebook.contest_id == self.contest.id).order_by(Rulebook.version)
        for one in self.session.scalars(kept):
            yield written.Version(
                version=one.version,
                published_at=written_moment(one.published_at),
                reason=one.reason,
                settings=None if one.settings == self.contest.settings else one.settings,
            )

    def state(self, row: Round) -> written.State:
        asked = self.rules[row.key].prediction if row.key in self.rules else None
        frozen = row.frozen_at is not None and asked is not None
        return written.State(
            key=row.key,
            state=row.state,
            target=written.written_prediction(row.target, asked) if frozen and asked is not None else None,
            target_rows=row.target_rows if frozen else None,
            frozen_at=_moment(row.frozen_at) if frozen else None,
            announced_at=_moment(row.announced_at),
            decision_number=row.decision_number,
            decided_on=row.decided_on,
            complaints_until=_moment(row.complaints_until),
        )

    def unit(self, one: Unit) -> written.Unit:
        return written.Unit(
            id=one.id,
            key=self.keys[one.id],
            name=one.name,
            level=one.level,
            parent=self.key(one.parent_id),
            headcount=one.headcount,
            code=one.code,
            typed=one.typed,
            merged_into=self.key(one.merged_into_id),
            target_people=one.target_people,
            target_attempts=one.target_attempts,
        )

    def key(self, unit_id: int | None) -> str | None:
        return None if unit_id is None else self.keys.get(unit_id)

    # people

    def people(self) -> Iterator[written.Person]:
        wanted = select(Contestant).where(Contestant.contest_id == self.contest.id)
        rows = list(self.session.scalars(wanted.order_by(Contestant.code)))
        rows.sort(key=lambda one: one.code)  # databases order letters in their own ways
        for one in rows:
            first: Contestant | Move = self.moved[one.id][0] if one.id in self.moved else one
            named = {"name": one.name, "guardian_name": one.guardian_name} if self.with_names else {}
            yield written.Person(
                code=one.code,
                birth_date=self.birth(one),
                sex=_sex(one.sex),
                status=books.contestant_status(one.status),
                status_reason=one.status_reason,
                division=one.division,
                unit=self.key(first.unit_id),
                place=self.key(first.place_id),
                team=one.team,
                delegate_code=one.delegate_code,
                registered_at=written_moment(one.registered_at),
                invited_by=self.codes.get(one.invited_by_id or 0),
                invite_code=one.invite_code,
                withdrawn_at=_moment(one.withdrawn_at),
                barred=one.barred_rounds.get(books.WHOLE, ""),
                barred_rounds={key: why for key, why in one.barred_rounds.items() if key in self.rules},
                accommodation=one.accommodation,
                distance_m=one.distance_m,
                guardian=one.guardian,
                guardian_at=_moment(one.guardian_at),
                occupation=one.occupation,
                insurance_group=one.insurance_group,
                **named,
            )

    def moves(self) -> Iterator[written.Move]:
        """Where people went: each move says where to, so what follows it tells; the last led to today's record."""
        now = select(Contestant.id, Contestant.unit_id, Contestant.place_id).where(Contestant.id.in_(self.moved))
        last = {one.id: one for one in self.session.execute(now)}
        for who, moves in sorted(self.moved.items(), key=lambda item: self.codes[item[0]]):
            for n, one in enumerate(moves, start=1):
                to = moves[n] if n < len(moves) else last[who]
                yield written.Move(
                    code=self.codes[who],
                    at=written_moment(one.at),
                    unit=self.key(to.unit_id),
                    place=self.key(to.place_id) if to.place_id != one.place_id else None,
                    by="self" if one.own else "secretariat",
                )

    def birth(self, one: Contestant) -> str | None:
        """The date of birth, where a rule cannot do without: a prize by age needs everybody's, a least age only that of
        people who had not reached it on the opening day."""
        day = books.birth_date(self.vault, one.code, one.birth_sealed)
        if day is None or not (self.with_names or self._needs(day)):
            return None
        return written.written_birth(day, one.birth_known)

    def _needs(self, day: date) -> bool:
        rankings = [one.ranking for one in self.settings.rounds] + [one.ranking for one in self.settings.overall]
        if any(prize.kind in ("YOUNGEST", "OLDEST") for ranking in rankings for prize in ranking.prizes):
            return True
        least = self.settings.who.min_age
        return least is not None and not is_old_enough(day, least, opening_day(self.settings))

    # questions and turns

    def questions(self) -> Iterator[written.Question]:
        ids = {row.id: row.key for row in self.rounds}
        wanted = select(RoundQuestion).where(RoundQuestion.round_id.in_(ids))
        for one in self.session.scalars(
            wanted.order_by(RoundQuestion.round_id, RoundQuestion.position, RoundQuestion.id)
        ):
            asked = from_json(one.content)
            self.kinds[one.round_id, one.question_id] = asked.kind
            yield written.Question(
                round=ids[one.round_id],
                id=one.question_id,
                key=written.written_choice(asked.key, asked.kind),
                kind=asked.kind,
                points=one.points,
                reserve=one.reserve,
                void=_policy(one.void),
                also=None if one.also is None else written.written_choice(one.also, asked.kind),
                version=one.version,
                content=one.content,
                salt=one.salt.hex(),
            )

    def turns(self) -> Iterator[written.Turn]:
        ids = {row.id: row.key for row in self.rounds}
        rooms = select(Show).where(Show.round_id.in_(ids)).order_by(Show.round_id, Show.id)
        for show in self.session.scalars(rooms.options(selectinload(Show.turns).selectinload(Turn.round_question))):
            for one in show.turns:
                if not one.lock_told or one.opens_at is None:
                    continue
                self.numbers[one.id] = one.n
                yield written.Turn(
                    round=ids[show.round_id or 0],
                    n=one.n,
                    question=one.question_id,
                    reserve=one.reserve,
                    opened_at=written_moment(one.opens_at),
                    closed_at=_moment(one.closes_at),
                    voided=one.voided_at is not None,
                    void_reason=one.void_reason,
                    outages=one.outages,
                    option_order=list(one.option_order),
                )

    # attempts

    def attempts(self, row: Round) -> Iterator[written.Attempt]:
        """Everything that was begun and handed in, by code and number; a player whom the host sent out is left out."""
        wanted = select(Attempt.id, Attempt.contestant_id, Attempt.no).where(
            Attempt.round_id == row.id,
            Attempt.contestant_id.is_not(None),
            Attempt.removed_at.is_(None),
            Attempt.handed_in_at.is_not(None) | Attempt.show_id.is_not(None),
        )
        order = sorted((self.codes[one.contestant_id], one.no or 1, one.id) for one in self.session.execute(wanted))
        for begin in range(0, len(order), _AT_ONCE):
            ids = [id for _, _, id in order[begin : begin + _AT_ONCE]]
            rows = {one.id: one for one in self.session.scalars(select(Attempt).where(Attempt.id.in_(ids)))}
            answers, shown, behind = self.answers(ids), self.shown(ids), self.behind(ids)
            for id in ids:
                yield self.attempt(row, rows[id], answers.get(id, []), shown.get(id, {}), behind.get(id, {}))
            for one in rows.values():
                self.session.expunge(one)

    def answers(self, ids: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        wanted = select(
            Answer.attempt_id, Answer.question_id, Answer.turn_id, Answer.n, Answer.chosen, Answer.given_at
        ).where(Answer.attempt_id.in_(ids), Answer.verdict.in_(("ok", "early", "late", "twice")))
        for one in self.session.execute(wanted.order_by(Answer.given_at, Answer.id)):
            found[one.attempt_id].append(one)
        return found

    def shown(self, ids: list[str]) -> dict[str, dict[int, datetime]]:
        found: dict[str, dict[int, datetime]] = defaultdict(dict)
        wanted = select(Shown.attempt_id, Shown.turn_id, Shown.received_at).where(Shown.attempt_id.in_(ids))
        for one in self.session.execute(wanted):
            found[one.attempt_id][one.turn_id] = one.received_at
        return found

    def behind(self, ids: list[str]) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = defaultdict(dict)
        wanted = select(Lag.attempt_id, Lag.turn_id, Lag.latency_ms).where(Lag.attempt_id.in_(ids))
        for attempt_id, turn_id, latency_ms in self.session.execute(wanted):
            found[attempt_id][turn_id] = latency_ms
        return found

    def attempt(
        self, row: Round, one: Attempt, answers: list[Any], shown: Mapping[int, datetime], behind: Mapping[int, int]
    ) -> written.Attempt:
        played = bool(answers or shown) and one.show_id is not None
        return written.Attempt(
            id=one.id,
            round=row.key,
            code=self.codes[one.contestant_id or 0],
            no=one.no or 1,
            started_at=written_moment(one.started_at),
            submitted_at=_moment(one.handed_in_at),
            by="auto" if one.handed_in_by == "auto" else "self",
            response_ms=None if played else one.response_ms,
            connected=one.connected,
            proxy=one.proxy,
            invalid=one.invalid_reason,
            given_back=False if one.given_back_at is None else written_moment(one.given_back_at),
            unit=self.key(one.unit_id),
            place=self.key(one.place_id),
            **(self.marked(row, one, answers) if one.show_id is None else self.to_turns(row, answers, shown, behind)),
        )

    def marked(self, row: Round, one: Attempt, answers: list[Any]) -> dict[str, Any]:
        """The paper with its answers or, for what came in without, the result."""
        if not one.paper or one.last_answers is None:
            return {
                "score": written.written_points(one.points or 0),
                "full": written.written_points(one.full or 0),
                "correct": one.score or 0,
                "of": len(one.paper) if one.asked is None else one.asked,
                "answered": one.answered or 0,
            }
        when = {each.question_id: each.given_at for each in answers}
        given: list[Any] = []
        for place, chosen in zip(one.paper, one.last_answers, strict=True):
            said = written.written_choice(chosen, self.kinds[row.id, place["q"]])
            at = when.get(place["q"])
            given.append(said if at is None else written.Answer(a=said, q=place["q"], at=written_moment(at)))
        return {"paper": list(one.paper), "answers": given}

    def to_turns(
        self, row: Round, answers: list[Any], shown: Mapping[int, datetime], behind: Mapping[int, int]
    ) -> dict[str, Any]:
        """What was sent in each turn, when the options were on the screen, and how far behind the programme that was;
        nothing at all is an empty list."""
        given: list[Any] = []
        told = dict(shown)
        for each in answers:
            seen = told.pop(each.turn_id, None)
            given.append(
                written.Answer(
                    turn=self.numbers[each.turn_id],
                    a=written.written_choice(each.chosen, self.kinds[row.id, each.question_id]),
                    at=written_moment(each.given_at),
                    shown_at=_moment(seen),
                    latency_ms=behind.get(each.turn_id, 0),
                )
            )
        for turn_id, seen in told.items():
            late, at = behind.get(turn_id, 0), written_moment(seen)
            given.append(written.Answer(turn=self.numbers[turn_id], a=None, shown_at=at, latency_ms=late))
        return {"answers": given}

    # what was said besides

    def predictions(self, row: Round) -> Iterator[written.Prediction]:
        asked = self.rules[row.key].prediction
        if asked is None:
            return
        numbers = select(Attempt.id, Attempt.no).where(Attempt.round_id == row.id)
        of: dict[str, int | None] = {id: value for id, value in self.session.execute(numbers)}
        wanted = select(Saying.contestant_id, Saying.attempt_id, Saying.value, Saying.said_at)
        for one in self.session.execute(wanted.where(Saying.round_id == row.id).order_by(Saying.id)):
            yield written.Prediction(
                round=row.key,
                code=self.codes[one.contestant_id],
                value=written.written_prediction(one.value, asked),
                at=written_moment(one.said_at),
                attempt=of.get(one.attempt_id),
            )

    def watch_words(self, row: Round) -> Iterator[written.WatchWord]:
        wanted = select(Participation.contestant_id, Participation.watch_word_at).where(
            Participation.round_id == row.id, Participation.watch_word_at.is_not(None)
        )
        found = [(self.codes[one.contestant_id], one.watch_word_at) for one in self.session.execute(wanted)]
        for code, at in sorted(found):
            yield written.WatchWord(round=row.key, code=code, at=written_moment(at))

    def essays(self, row: Round) -> Iterator[written.Essay]:
        """Essays with their marks; judges are numbered, in the order of their accounts."""
        wanted = select(Essay).where(Essay.round_id == row.id, Essay.handed_in_at.is_not(None))
        essays = sorted(self.session.scalars(wanted), key=lambda one: self.codes[one.contestant_id])
        ids = {one.id for one in essays}
        marks: dict[int, list[EssayMark]] = defaultdict(list)
        kept = select(EssayMark).join(Essay, Essay.id == EssayMark.essay_id)
        for mark in self.session.scalars(kept.where(Essay.round_id == row.id).order_by(EssayMark.third, EssayMark.id)):
            if mark.essay_id in ids and mark.mark is not None:
                marks[mark.essay_id].append(mark)
        judges = sorted({mark.judge_id for each in marks.values() for mark in each if mark.judge_id})
        names = {judge: f"gk-{n}" for n, judge in enumerate(judges, 1)}
        for one in essays:
            yield written.Essay(
                round=row.key,
                code=self.codes[one.contestant_id],
                text=one.text,
                handed_in_at=_moment(one.handed_in_at),
                marks=[
                    written.Mark(
                        mark=written.written_points(each.mark or 0),
                        judge=each.judge or names.get(each.judge_id or "", ""),
                        third=each.third,
                    )
                    for each in marks[one.id]
                ],
                mark=None if one.mark is None else written.written_points(one.mark),
            )

    # after closing

    def invitations(self, row: Round) -> Iterator[written.Invitation]:
        wanted = select(Invitation.contestant_id, Invitation.why).where(Invitation.round_id == row.id)
        for code, why in sorted((self.codes[one.contestant_id], one.why) for one in self.session.execute(wanted)):
            yield written.Invitation(round=row.key, code=code, why=why)

    def checks(self) -> Iterator[written.Check]:
        for row in self.contest.rounds:
            wanted = select(WinnerCheck).where(WinnerCheck.round_id == row.id, WinnerCheck.outcome != "")
            for one in sorted(self.session.scalars(wanted), key=lambda each: self.codes[each.contestant_id]):
                yield written.Check(
                    scope=row.key,
                    code=self.codes[one.contestant_id],
                    outcome=books.check_outcome(one.outcome),
                    reason=one.reason,
                    at=_moment(one.checked_at),
                )

    def draws(self) -> Iterator[written.Draw]:
        keys = {row.id: row.key for row in self.contest.rounds}
        held = select(Lots).where(Lots.round_id.in_(keys), Lots.held_at.is_not(None), Lots.cancelled_at.is_(None))
        for one in self.session.scalars(held.order_by(Lots.id)):
            result = one.result or {}
            yield written.Draw(
                scope=keys[one.round_id],
                prize=one.prize,
                codes=books.drawn(result),
                at=_moment(one.held_at),
                sources=result["sources"],
                present=result["present"],
                plan=one.plan,
                seed=result["seed"],
                winners=len(result["winners"]),
            )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else written_moment(at)


def _sex(kept: str) -> Literal["", "m", "f"]:
    return "m" if kept == "m" else "f" if kept == "f" else ""


def _policy(kept: str | None) -> Policy | None:
    return next((known for known in get_args(Policy) if known == kept), None)
