"""Questions, attempts and everything said in them, taken in from an archive.

An attempt comes with answers, and is marked by the keys of the archive, or with its score alone. A live attempt whose
turns are in the archive is counted from them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from quizapp.errors import Unreadable
from quizapp.models import (
    Answer,
    Attempt,
    Essay,
    EssayMark,
    Lag,
    Participation,
    Round,
    RoundQuestion,
    Saying,
    Show,
    Shown,
    Turn,
)
from quizapp.rules import archive as written
from quizapp.rules import contest as rulebook
from quizapp.rules import essay, rulebook_reading, scoring, show
from quizapp.rules.archive import Misshapen
from quizapp.rules.contest import POINT
from quizapp.rules.draw import pack, sha256
from quizapp.rules.marks import Asked
from quizapp.rules.question import FALSE, TRUE, Kind, Question, Text, from_json, to_json
from quizapp.rules.timing import GRACE, microseconds
from quizapp.rules.voids import Void, admits
from quizapp.services import live_totals, totals
from quizapp.services.archive_intake import AT_ONCE, Intake, Place, reading
from quizapp.services.totals import Marker

_MS = timedelta(milliseconds=1)
_BETWEEN = timedelta(minutes=1)  # between turns that say no time of their own


@dataclass
class _Paper:
    """The questions of one round, in order, and what marks them."""

    asked: dict[str, Asked] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)  # without reserves: the paper of whoever names none
    reserves: set[str] = field(default_factory=set)
    row_ids: dict[str, int] = field(default_factory=dict)
    marker: Marker = field(default_factory=lambda: Marker({}, "ALL_OR_NOTHING"))


@dataclass
class _Room:
    """The live room of one round: its turns by number."""

    show: Show
    turns: dict[int, Turn]


@dataclass
class _Begun:
    """An attempt whose round and times are known."""

    n: int  # where it stands in the archive
    said: written.Attempt
    place: Place
    started_at: datetime
    submitted_at: datetime
    deadline_at: datetime | None
    no: int = 0
    deal_no: int = 0
    id: str = ""

    @property
    def own(self) -> tuple[str, str, int]:
        """What tells it from every other: whose it is, the round, its number."""
        return self.said.code, self.place.row.key, self.no


def take(intake: Intake) -> int:
    """Take in all of it; gives the number of attempts."""
    papers = {key: _paper(intake, place) for key, place in intake.places.items() if place.rules is not None}
    rooms = {key: room for key, place in intake.places.items() if (room := _room(intake, place, papers))}
    begun = _begun(intake)
    _attempts(intake, begun, papers, rooms)
    _predictions(intake, begun)
    _essays(intake)
    _participations(intake, begun, rooms)
    return len(begun)


# ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────


def _paper(intake: Intake, place: Place) -> _Paper:
    assert place.rules is not None
    key, rules = place.row.key, place.rules
    found = _Paper()
    voids = _voids(intake, place)
    position = 0
    for n, one in enumerate(intake.archive.questions):
        if one.round is not None and rulebook_reading.key(one.round) != key:
            continue
        with intake.at(f"$.questions[{n}]"):
            if one.id in found.asked:
                raise Misshapen(".id", f"Câu “{one.id}” có hai lần trong vòng “{key}”.")
            asked = _question(one, rules)
            voided = voids.pop(one.id, None) or (one.void and (one.void, one.also))
            void = _void(asked, rules, *voided) if voided else None
            position += 1
            row = RoundQuestion(
                round_id=place.row.id,
                question_id=one.id,
                version=one.version,
                position=position,
                points=one.points,
                content=to_json(asked),
                salt=bytes.fromhex(one.salt) if one.salt else secrets.token_bytes(16),
                reserve=one.reserve,
                void=void and void.policy,
                also=list(void.also) if void and void.also else None,
            )
            intake.session.add(row)
            intake.session.flush()
            found.asked[one.id] = Asked(asked, one.points, void)
            found.versions[one.id] = one.version
            found.row_ids[one.id] = row.id
            if one.reserve:
                found.reserves.add(one.id)
            else:
                found.listed.append(one.id)
    for id in voids:
        intake.fault("$.voids", Unreadable(f"Câu “{id}” bị hủy nhưng không có trong questions của vòng “{key}”."))
    if found.asked:
        place.row.paper_set_at = intake.contest.published_at
    found.marker = Marker(found.asked, rules.paper.marking)
    return found


def _question(said: written.Question, rules: rulebook.Round) -> Question:
    if said.content is not None:
        try:
            return from_json({**said.content, "id": said.id})
        except (KeyError, TypeError, ValueError) as fault:
            raise Misshapen(".content", f"Nội dung câu hỏi thiếu hoặc sai: {fault}") from fault
    kind = said.kind or _kind(said.key)
    options = _options(said, kind)
    key = reading("key", lambda value: written.choice(value, kind), said.key)
    asked = Question(
        id=said.id,
        topic="",
        kind=kind,
        difficulty="know",
        stem=_text(said.stem or said.id),
        short=_text(said.stem or said.id),
        options=options,
        key=tuple(key or ()),
        explanation=Text("", ""),
        citations=(),
        facts=(),
    )
    if not asked.admits(list(asked.key)):
        raise Misshapen(".key", "Đáp án đúng không khớp với loại câu hỏi hoặc số phương án.")
    return asked


def _kind(key: written.Choice) -> Kind:
    if isinstance(key, bool):
        return "truefalse"
    chosen = written.choice(key, "one")
    return "several" if chosen is not None and len(chosen) > 1 else "one"


def _options(said: written.Question, kind: Kind) -> tuple[Text, ...]:
    if kind == "number":
        return ()
    if kind == "truefalse":
        return (TRUE, FALSE)
    if isinstance(said.options, int):
        return tuple(Text(letter, letter) for letter in "ABCDEF"[: said.options])
    return tuple(_text(one) for one in said.options)


def _text(said: str | dict[str, str]) -> Text:
    return Text(said, "") if isinstance(said, str) else Text(said.get("vi", ""), said.get("en", ""))


def _voids(intake: Intake, place: Place) -> dict[str, tuple[Any, written.Choice]]:
    """The decisions on questions of this round; the last one on a question stands."""
    found: dict[str, tuple[Any, written.Choice]] = {}
    for n, one in enumerate(intake.archive.voids):
        with intake.at(f"$.voids[{n}]"):
            if intake.round(one.round) is place:
                found[one.question] = (one.policy, one.also)
    return found


def _void(asked: Question, rules: rulebook.Round, policy: Any, also: written.Choice) -> Void:
    if not rules.is_live and not admits(policy, rules.paper.kind):
        raise Misshapen(".void", "REMOVE chỉ dùng cho đề cố định; đề rút thăm dùng GIVE_ALL.")
    chosen = reading("also", lambda value: written.choice(value, asked.kind), also)
    if policy == "ACCEPT_ALSO" and not chosen:
        raise Misshapen(".also", "ACCEPT_ALSO cần ghi phương án được công nhận thêm (also).")
    return Void(policy, tuple(chosen or ()) if policy == "ACCEPT_ALSO" else ())


# ── Live turns ──────────────────────────────────────────────────────────────────────────────────────────────────


def _room(intake: Intake, place: Place, papers: Mapping[str, _Paper]) -> _Room | None:
    """The room in which the turns of a round were played, if the archive has any."""
    said = []
    for n, one in enumerate(intake.archive.turns):
        with intake.at(f"$.turns[{n}]"):
            if intake.round(one.round, live=True) is place:
                said.append((n, one))
    if not said:
        return None
    assert place.rules is not None
    rules = place.rules
    if rules.live is None or not rules.is_live:
        intake.fault(f"$.turns[{said[0][0]}].round", Unreadable("Vòng này không thi trực tiếp (kind phải là live)."))
        return None
    part = rules.live
    made = Show(
        code=_room_code(intake),
        title=intake.settings.name.of("vi"),
        round_id=place.row.id,
        settings=show.settings_to_json(show.of_part(part, predicts=rules.prediction is not None)),
        seed=secrets.token_bytes(32),
        made_at=intake.contest.made_at,
    )
    intake.session.add(made)
    intake.session.flush()
    turns: dict[int, Turn] = {}
    for place_in_list, (n, one) in enumerate(said, 1):
        with intake.at(f"$.turns[{n}]"):
            number = one.n or place_in_list
            if number in turns:
                raise Misshapen(".n", f"Lượt câu hỏi số {number} có hai lần.")
            turns[number] = _turn(intake, place, papers[place.row.key], made, number, one, part)
    made.position = max(turns, default=0)
    made.ended_at = max((one.closes_at for one in turns.values() if one.closes_at), default=None)
    intake.session.flush()
    return _Room(made, turns)


def _room_code(intake: Intake) -> str:
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        if intake.session.scalar(select(Show.id).where(Show.code == code)) is None:
            return code


def _turn(
    intake: Intake, place: Place, paper: _Paper, room: Show, number: int, said: written.Turn, part: rulebook.LivePart
) -> Turn:
    id = said.question or f"{place.row.key}-{number}"
    if id not in paper.asked:
        if said.key is None:
            raise Misshapen(".question", f"Không có câu “{id}” trong questions; ghi thêm câu hỏi hoặc đáp án (key).")
        _inline(intake, place, paper, id, said)
    elif said.key is not None and written.choice(said.key, paper.asked[id].question.kind) != list(
        paper.asked[id].question.key
    ):
        raise Misshapen(".key", f"Đáp án khác với đáp án của câu “{id}” trong questions.")
    opens_at = (place.row.opens_at or intake.now) + number * (timedelta(seconds=part.seconds) + _BETWEEN)
    if said.opened_at is not None:
        opens_at = reading("opened_at", written.moment, said.opened_at)
    closes_at = opens_at + timedelta(seconds=part.seconds)
    if said.closed_at is not None:
        closes_at = reading("closed_at", written.moment, said.closed_at)
    options = len(paper.asked[id].question.options)
    made = Turn(
        show_id=room.id,
        n=number,
        round_question_id=paper.row_ids[id],
        option_order=said.option_order or list(range(options)),
        reserve=said.reserve or id in paper.reserves,
        reading_at=opens_at,
        opens_at=opens_at,
        closes_at=closes_at,
        open_told=True,
        lock_told=True,
        outages=said.outages,
        revealed_at=closes_at,
        voided_at=closes_at if said.voided else None,
        void_reason=said.void_reason,
    )
    intake.session.add(made)
    intake.session.flush()
    return made


def _inline(intake: Intake, place: Place, paper: _Paper, id: str, said: written.Turn) -> None:
    """The question of a turn that tells its key only."""
    assert place.rules is not None
    asked = _question(written.Question(id=id, key=said.key, kind=said.kind, options=said.options or 4), place.rules)
    row = RoundQuestion(
        round_id=place.row.id,
        question_id=id,
        version=1,
        position=len(paper.asked) + 1,
        content=to_json(asked),
        salt=secrets.token_bytes(16),
        reserve=said.reserve,
    )
    intake.session.add(row)
    intake.session.flush()
    paper.asked[id] = Asked(asked)
    paper.versions[id] = 1
    paper.row_ids[id] = row.id


# ── Attempts ────────────────────────────────────────────────────────────────────────────────────────────────────


def _begun(intake: Intake) -> list[_Begun]:
    """The attempts with their times and numbers, in the order of the archive."""
    found = []
    for n, said in enumerate(intake.archive.attempts):
        with intake.at(f"$.attempts[{n}]"):
            intake.person(said.code)
            found.append(_times(intake, n, said, intake.round(said.round)))
    found += _written_only(intake, found)
    _number(found)
    seen = Counter(one.own for one in found)
    for one in found:
        if seen[one.own] > 1:
            sentence = f"{one.said.code} có hai lượt số {one.no} trong một vòng."
            intake.fault(f"$.attempts[{one.n}].no", Unreadable(sentence))
    _name(intake, found)
    return found


def _written_only(intake: Intake, begun: Sequence[_Begun]) -> list[_Begun]:
    """In a round that is nothing but an essay, handing it in is the attempt, whether the archive lists one or not."""
    have = {(one.said.code, one.place.row.key) for one in begun}
    found = []
    for n, said in enumerate(intake.archive.essays, len(intake.archive.attempts)):
        place = intake.places.get(rulebook_reading.key(said.round or "")) if said.round else _only_round(intake)
        if place is None or place.rules is None or place.rules.kind != "essay" or said.code not in intake.people:
            continue  # what is wrong with it, the essay itself will say
        if (said.code, place.row.key) not in have:
            have.add((said.code, place.row.key))
            with intake.at(f"$.essays[{n - len(intake.archive.attempts)}]"):
                attempt = written.Attempt(code=said.code, submitted_at=said.handed_in_at, by="self", answered=1)
                found.append(_times(intake, n, attempt, place))
    return found


def _only_round(intake: Intake) -> Place | None:
    rounds = [one for one in intake.places.values() if one.rules is not None]
    return rounds[0] if len(rounds) == 1 else None


def _number(begun: Sequence[_Begun]) -> None:
    """Number everybody's attempts in the order in which they began, where the archive does not."""
    in_round: Counter[tuple[str, str]] = Counter()
    in_contest: Counter[str] = Counter()
    taken = {(one.said.code, one.place.row.key, one.said.no) for one in begun if one.said.no is not None}
    for one in sorted(begun, key=lambda each: (each.started_at, each.n)):
        code, key = one.said.code, one.place.row.key
        in_contest[code] += 1
        one.deal_no = in_contest[code]
        one.no = one.said.no or 0
        while not one.no:
            in_round[code, key] += 1
            if (code, key, in_round[code, key]) not in taken:
                one.no = in_round[code, key]


def _times(intake: Intake, n: int, said: written.Attempt, place: Place) -> _Begun:
    """When it began and ended. What is not said follows from the rest; without any time it took no time."""
    assert place.rules is not None
    rules = place.rules
    length = None if said.duration_ms is None else said.duration_ms * _MS
    started = None if said.started_at is None else reading("started_at", written.moment, said.started_at)
    ended = None if said.submitted_at is None else reading("submitted_at", written.moment, said.submitted_at)
    if started is None:
        started = rules.opens_at if ended is None else ended - length if length is not None else ended
    accommodation = intake.accommodations.get(said.code, 100)
    deadline = _deadline(rules, started, accommodation)
    if ended is None:
        ended = started + length if length is not None else started
        if length is None and said.by == "auto" and deadline is not None:
            ended = deadline
    elif length is not None and ended - started != length:
        raise Misshapen(".duration_ms", "Thời gian làm bài khác với thời điểm bắt đầu và thời điểm nộp.")
    if accommodation != 100 and deadline is not None:
        ended = min(ended, deadline)  # counting knows the time limit of the round only, not somebody's own
    return _Begun(n, said, place, started, ended, deadline)


def _deadline(rules: rulebook.Round, started_at: datetime, accommodation: int) -> datetime | None:
    """Where an attempt ends at the latest. A live one has no end of its own, an essay that of its round."""
    if rules.is_live:
        return None
    closes_at = rules.closes_at if rules.close_policy == "CUT" else None
    own = None if not accommodation or rules.kind == "essay" else started_at + rules.limit * accommodation / 100
    known = [moment for moment in (own, closes_at) if moment is not None]
    return min(known) if known else None


def _name(intake: Intake, begun: Sequence[_Begun]) -> None:
    """Give every attempt an id: its own where that is free, else one that follows from whose it is."""
    slug = intake.contest.slug
    given = [one.said.id for one in begun if one.said.id is not None]
    taken = {id for id, times in Counter(given).items() if times > 1}
    for begin in range(0, len(given), AT_ONCE):
        some = given[begin : begin + AT_ONCE]
        taken.update(intake.session.scalars(select(Attempt.id).where(Attempt.id.in_(some))))
    for one in begun:
        own = one.said.id
        made = sha256(pack("quiz-archive-1", slug, one.said.code, one.place.row.key, one.no)).hex()[:32]
        one.id = own if own is not None and len(own) <= 32 and own not in taken else made


def _attempts(
    intake: Intake, begun: Sequence[_Begun], papers: Mapping[str, _Paper], rooms: Mapping[str, _Room]
) -> None:
    for begin in range(0, len(begun), AT_ONCE):
        rows: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        shown: list[dict[str, Any]] = []
        behind: list[dict[str, Any]] = []
        for one in begun[begin : begin + AT_ONCE]:
            try:
                row = _row(intake, one)
                room = rooms.get(one.place.row.key)
                if room is not None and one.said.answers is not None:
                    row |= _live(one, room, papers[one.place.row.key], answers, shown, behind)
                else:
                    row |= _marked(intake, one, papers[one.place.row.key], answers)
                rows.append(row)
            except (Unreadable, Misshapen) as refusal:
                intake.fault(f"$.attempts[{one.n}]", refusal)
        intake.insert(Attempt, rows)
        intake.insert(Answer, answers)
        intake.insert(Shown, shown)
        intake.insert(Lag, behind)
    for key, room in rooms.items():
        rules = intake.places[key].rules
        assert rules is not None and rules.live is not None
        if intake.is_sound:
            intake.session.refresh(room.show)
            live_totals.keep(intake.session, intake.places[key].row, rules.live)


def _row(intake: Intake, one: _Begun) -> dict[str, Any]:
    """Everything about an attempt but what it came to."""
    said, rules = one.said, one.place.rules
    assert rules is not None
    unit, place = intake.homes[said.code].at(microseconds(one.started_at))
    given_back = None
    if said.given_back is True:
        given_back = one.submitted_at
    elif said.given_back is not False:
        given_back = reading("given_back", written.moment, said.given_back)
    return {
        "id": one.id,
        "mode": "live" if rules.is_live else "contest",
        "token_hash": secrets.token_hex(32),  # of no token: nobody can go on with it
        "started_at": one.started_at,
        "paper": [],
        "limit_seconds": None if rules.is_live else rules.paper.time_limit,
        "deadline_at": one.deadline_at,
        "handed_in_at": one.submitted_at,
        "handed_in_by": said.by,
        "round_id": one.place.row.id,
        "contestant_id": intake.people[said.code],
        "no": one.no,
        "deal_no": one.deal_no,
        "score": None,
        "points": None,
        "full": None,
        "asked": None,
        "answered": None,
        "last_answers": None,
        "response_ms": said.response_ms,
        "connected": said.connected,
        "proxy": said.proxy,
        "invalid_reason": said.invalid,
        "given_back_at": given_back,
        "unit_id": intake.node("unit", said.unit, "unit") if said.unit is not None else unit,
        "place_id": intake.node("place", said.place, "place") if said.place is not None else place,
        "show_id": None,
        "name": None,
        "name_key": None,
        "team": None,
    }


def _marked(intake: Intake, one: _Begun, paper: _Paper, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What an attempt came to: by its answers where it has them, else as it is said."""
    said = one.said
    if said.answers is None and one.place.rules is not None and one.place.rules.kind == "essay":
        return {"points": 0, "full": 0, "score": 0, "asked": 0, "answered": 1}  # its mark stands beside it
    if said.answers is None:
        return _stated(one, paper)
    dealt = _dealt(said, paper)
    ids = [place["q"] for place in dealt]
    given = dict(_given(said.answers, ids, paper))
    total = paper.marker.total(one.id, ids, [given[id][0] if id in given else None for id in ids])
    if said.score is not None and reading("score", written.points, said.score) != total.points:
        intake.notes.append(f"$.attempts[{one.n}].score: điểm ghi khác với đáp án đã chọn; lấy theo đáp án.")
    for id, (chosen, answer) in given.items():
        if chosen is not None and answer is not None and answer.at is not None:
            at = reading("answers", written.moment, answer.at)
            rows.append(_answer(one.id, id, None, 1, list(chosen), at, "ok"))
    return {
        "paper": dealt,
        "points": total.points,
        "full": total.full,
        "score": total.score,
        "asked": total.asked,
        "answered": total.answered,
        "last_answers": [list(chosen) if (chosen := given.get(id, (None, None))[0]) else None for id in ids],
    }


def _stated(one: _Begun, paper: _Paper) -> dict[str, Any]:
    """An attempt that comes with its result alone; what is not said follows from the round's paper."""
    said, rules = one.said, one.place.rules
    assert rules is not None
    points = None if said.score is None else reading("score", written.points, said.score)
    if points is None and said.correct is None:
        raise Misshapen(".score", "Cần ghi điểm (score), số câu đúng (correct) hoặc các câu trả lời (answers).")
    of, full = _size(rules, paper)
    if said.full is not None:
        full = reading("full", written.points, said.full)
    elif said.of is not None and (not of or rules.live is not None):
        full = said.of * _worth(rules)
    of = said.of or of or full // _worth(rules)
    if not full or not of:
        raise Misshapen(".full", "Cần ghi điểm tối đa (full) hoặc số câu của đề (of), vì thể lệ không nêu đề thi.")
    correct = said.correct
    if correct is None:
        correct = _guessed(rules, points or 0, full, of)
    return {
        "points": correct * full // of if points is None else points,
        "full": full,
        "score": correct,
        "asked": of,
        "answered": of if said.answered is None else said.answered,
    }


def _size(rules: rulebook.Round, paper: _Paper) -> tuple[int, int]:
    """How many questions the paper of a round has, and its full score; nothing where the rulebook does not say."""
    if rules.live is not None and rules.is_live:
        return rules.live.questions, rules.live.questions * _worth(rules)
    if paper.listed and rules.paper.kind == "fixed":
        return len(paper.listed), sum(paper.asked[id].points for id in paper.listed) * POINT
    lines = rules.paper.blueprint
    if lines:
        return sum(line.count for line in lines), sum(line.count * line.points for line in lines) * POINT
    each = [rules.paper.question_points.get(id, rules.paper.points) for id in rules.paper.questions]
    return len(each), sum(each) * POINT


def _worth(rules: rulebook.Round) -> int:
    """What a right answer is worth, in sixtieths; in a live round without any speed."""
    if rules.live is None or not rules.is_live:
        return rules.paper.points * POINT
    scheme = show.scheme(rules.live.scoring)
    return POINT if scheme is None else scoring.base(scheme) * POINT


def _guessed(rules: rulebook.Round, points: int, full: int, of: int) -> int:
    """How many answers were right, from the score; a score with speed in it must say so itself."""
    live = rules.live if rules.is_live else None
    if live is not None and live.scoring not in ("FLAT", "ACCURACY_FIRST"):
        raise Misshapen(".correct", f"Điểm {live.scoring} không cho biết số câu đúng; cần ghi correct.")
    if live is not None:
        return min(of, points // _worth(rules))  # all speed together is less than one right answer
    return min(of, points * of // full)


def _dealt(said: written.Attempt, paper: _Paper) -> list[dict[str, Any]]:
    """The paper of an attempt as it is kept: its own, or the one for all."""
    dealt = []
    for n, one in enumerate(paper.listed if said.paper is None else said.paper):
        place = one if isinstance(one, dict) else {"q": one}
        id = place.get("q")
        if id not in paper.asked:
            raise Misshapen(f".paper[{n}]", f"Không có câu “{id}” trong questions của vòng này.")
        options = len(paper.asked[id].question.options)
        dealt.append({"q": id, "v": place.get("v", paper.versions[id]), "o": place.get("o", list(range(options)))})
    if not dealt:
        raise Misshapen(".answers", "Vòng này chưa có questions nên không chấm được câu trả lời; có thể ghi score.")
    return dealt


def _given(
    said: str | list[Any] | dict[str, Any], ids: Sequence[str], paper: _Paper
) -> Iterator[tuple[str, tuple[tuple[int, ...] | None, written.Answer | None]]]:
    """By question id, what was chosen, and the answer as it was written where it says more."""
    for id, where, one in _paired(said, ids):
        asked = paper.asked.get(id)
        if asked is None or id not in ids:
            raise Misshapen(where, f"Câu “{id}” không có trong đề của lượt này.")
        answer = one if isinstance(one, written.Answer) else None
        said_choice = one.a if isinstance(one, written.Answer) else one
        yield id, (_chosen(asked.question, said_choice, where), answer)


def _paired(
    said: str | list[Any] | dict[str, Any], ids: Sequence[str]
) -> Iterator[tuple[str, str, written.Choice | written.Answer]]:
    if isinstance(said, dict):
        for id, one in said.items():
            yield id, f".answers.{id}", one
        return
    row: Sequence[Any] = written.letters(said) if isinstance(said, str) else said
    if len(row) > len(ids) and not all(isinstance(one, written.Answer) and one.q for one in row):
        raise Misshapen(".answers", f"Có {len(row)} câu trả lời nhưng đề có {len(ids)} câu.")
    for n, one in enumerate(row):
        own = one.q if isinstance(one, written.Answer) else None
        yield own or ids[n], f".answers[{n}]", one


def _chosen(asked: Question, said: written.Choice, where: str) -> tuple[int, ...] | None:
    try:
        chosen = written.choice(said, asked.kind)
    except Unreadable as refusal:
        raise Misshapen(where, refusal.sentence) from refusal
    if chosen is None:
        return None
    if not asked.admits(chosen):
        raise Misshapen(where, f"“{said}” không phải một đáp án của câu “{asked.id}”.")
    return tuple(chosen)


def _answer(
    attempt_id: str, question_id: str, turn_id: int | None, n: int, chosen: list[int], at: datetime, verdict: str
) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "question_id": question_id,
        "turn_id": turn_id,
        "n": n,
        "m": secrets.token_hex(16),
        "chosen": chosen,
        "given_at": at,
        "verdict": verdict,
    }


# ── Live answers ────────────────────────────────────────────────────────────────────────────────────────────────


def _live(
    one: _Begun,
    room: _Room,
    paper: _Paper,
    rows: list[dict[str, Any]],
    shown: list[dict[str, Any]],
    behind: list[dict[str, Any]],
) -> dict[str, Any]:
    """The answers of one person to the turns of a room, each with its instant; what they come to is counted later."""
    turns = [room.turns[n] for n in sorted(room.turns)]
    kept: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    told: set[int] = set()
    lags: dict[int, int] = {}  # what the first answer to a turn says of it
    for number, where, answer in _to_turns(one.said, [each.n for each in turns]):
        put = room.turns.get(number)
        if put is None or put.opens_at is None or put.closes_at is None:
            raise Misshapen(where, f"Không có lượt câu hỏi số {number} trong turns.")
        lag = timedelta(milliseconds=lags.setdefault(put.id, answer.latency_ms))
        opens_at, closes_at = put.opens_at + lag, put.closes_at + lag  # as this person saw it
        at = _instant(answer.at, answer.ms, opens_at, where) or opens_at
        seen = _instant(answer.shown_at, answer.shown_ms, opens_at, where)
        if seen is not None and put.id not in told:
            told.add(put.id)
            shown.append({"attempt_id": one.id, "turn_id": put.id, "received_at": seen})
        chosen = _chosen(paper.asked[put.question_id].question, answer.a, where)
        if chosen is None:
            continue
        verdict = "early" if at < opens_at else "late" if at >= closes_at + GRACE else "ok"
        if verdict == "ok":
            kept[put.id] += 1
        else:
            refused[put.id] += 1
        n = kept[put.id] if verdict == "ok" else -refused[put.id]
        rows.append(_answer(one.id, put.question_id, put.id, n, list(chosen), at, verdict))
    fixed = {"attempt_id": one.id, "method": "fixed"}
    behind += [fixed | {"turn_id": turn_id, "latency_ms": ms} for turn_id, ms in lags.items() if ms]
    name = one.said.name or one.said.code
    ended = (
        {"handed_in_at": room.show.ended_at} if one.said.submitted_at is None and one.said.duration_ms is None else {}
    )
    return {"show_id": room.show.id, "name": name[:40], "name_key": sha256(one.id.encode()).hex(), **ended}


def _to_turns(said: written.Attempt, numbers: Sequence[int]) -> Iterator[tuple[int, str, written.Answer]]:
    """By the number of a turn, an answer; plain ones stand for the turns in order."""
    row = said.answers
    if isinstance(row, dict):
        for number, one in row.items():
            if not number.isdigit():
                raise Misshapen(
                    f".answers.{number}", "Trong vòng trực tiếp, tên của câu trả lời là số của lượt câu hỏi."
                )
            yield int(number), f".answers.{number}", one if isinstance(one, written.Answer) else written.Answer(a=one)
        return
    plain: Sequence[Any] = written.letters(row) if isinstance(row, str) else row or []
    if said.ms is not None and len(said.ms) != len(plain):
        raise Misshapen(".ms", f"Có {len(said.ms)} thời gian cho {len(plain)} câu trả lời.")
    for n, one in enumerate(plain):
        answer = one if isinstance(one, written.Answer) else written.Answer(a=one, ms=said.ms[n] if said.ms else None)
        if answer.turn is None and n >= len(numbers):
            raise Misshapen(f".answers[{n}]", f"Có nhiều câu trả lời hơn số lượt câu hỏi ({len(numbers)}).")
        yield numbers[n] if answer.turn is None else answer.turn, f".answers[{n}]", answer


def _instant(at: written.When | None, ms: int | None, opened_at: datetime, where: str) -> datetime | None:
    if at is not None:
        try:
            return written.moment(at)
        except Unreadable as refusal:
            raise Misshapen(where, refusal.sentence) from refusal
    return None if ms is None else opened_at + ms * _MS


# ── What was said besides ───────────────────────────────────────────────────────────────────────────────────────


def _predictions(intake: Intake, begun: Sequence[_Begun]) -> None:
    """Predictions in the order of time; of two at one instant the later in the archive is the later."""
    known = {one.own: one for one in begun}
    rows: list[tuple[int, dict[str, Any]]] = []
    for one in begun:
        if one.said.prediction is not None:
            with intake.at(f"$.attempts[{one.n}]"):
                value = _predicted_number(one.place, "prediction", one.said.prediction)
                rows.append(_saying(one.place.row, intake.people[one.said.code], one.id, value, one.submitted_at))
    for n, said in enumerate(intake.archive.predictions):
        with intake.at(f"$.predictions[{n}]"):
            place, who = intake.round(said.round), intake.person(said.code)
            attempt = None
            if said.attempt is not None:
                attempt = known.get((said.code, place.row.key, said.attempt))
                if attempt is None:
                    raise Misshapen(".attempt", f"{said.code} không có lượt số {said.attempt} trong vòng này.")
            at = attempt.submitted_at if attempt is not None else place.row.opens_at or intake.now
            if said.at is not None:
                at = reading("at", written.moment, said.at)
            value = _predicted_number(place, "value", said.value)
            rows.append(_saying(place.row, who, attempt.id if attempt is not None else None, value, at))
    intake.insert(Saying, [row for _, row in sorted(rows, key=lambda each: each[0])])


def _predicted_number(place: Place, name: str, said: int | float | str | None) -> int | None:
    asked = place.rules.prediction if place.rules is not None else None
    if asked is None:
        raise Misshapen(f".{name}", "Vòng này không có câu hỏi dự đoán.")
    return reading(name, lambda value: written.predicted(value, asked), said)


def _saying(
    row: Round, contestant_id: int, attempt_id: str | None, value: int | None, at: datetime
) -> tuple[int, dict[str, Any]]:
    said = {"contestant_id": contestant_id, "attempt_id": attempt_id, "value": value, "said_at": at}
    return microseconds(at), {"round_id": row.id, **said}


def _participations(intake: Intake, begun: Sequence[_Begun], rooms: Mapping[str, _Room]) -> None:
    """What everybody has in a round, as pages read it; with when they entered the watch word."""
    words = _watch_words(intake, begun)
    if not intake.is_sound:
        return
    for key, place in intake.places.items():
        if place.rules is None:
            continue
        said = words.get(key, {})
        rows = []
        built = list(totals.participations(intake.session, intake.contest, place.row))
        known = {one["contestant_id"] for one in built}
        empty = {"round_id": place.row.id, "started": 0, "given_back": 0, "valid": 0, **_NO_BEST}
        built += [{"contestant_id": who, **empty} for who in said if who not in known]
        for one in built:
            rows.append(
                {
                    **{name: value for name, value in one.items() if name != "id"},
                    "watch_word_at": said.get(one["contestant_id"]),
                }
            )
        intake.insert(Participation, rows)
        _predicted(intake, place)


_NO_BEST = {
    "best_attempt_id": None,
    "best_points": None,
    "best_full": None,
    "best_correct": None,
    "best_duration_ms": None,
    "best_submitted_at": None,
}


def _watch_words(intake: Intake, begun: Sequence[_Begun]) -> dict[str, dict[int, datetime]]:
    """By round and contestant, when the watch word was first entered."""
    found: dict[str, dict[int, datetime]] = {}

    def keep(place: Place, who: int, at: datetime) -> None:
        words = found.setdefault(place.row.key, {})
        words[who] = min(at, words.get(who, at))

    for one in begun:
        if one.said.watch_word_at is not None:
            with intake.at(f"$.attempts[{one.n}]"):
                at = reading("watch_word_at", written.moment, one.said.watch_word_at)
                keep(one.place, intake.people[one.said.code], at)
    for n, said in enumerate(intake.archive.watch_words):
        with intake.at(f"$.watch_words[{n}]"):
            place = intake.round(said.round, live=True)
            keep(place, intake.person(said.code), reading("at", written.moment, said.at))
    return found


def _predicted(intake: Intake, place: Place) -> None:
    """The prediction that everybody said last, for pages; which one counts is decided by counting."""
    assert place.rules is not None
    if place.rules.prediction is None:
        return
    said = select(Saying.contestant_id, Saying.value, Saying.said_at).where(Saying.round_id == place.row.id)
    last = {who: (value, at) for who, value, at in intake.session.execute(said.order_by(Saying.id))}
    known = select(Participation.contestant_id, Participation.id).where(Participation.round_id == place.row.id)
    ids: dict[int, int] = {id: value for id, value in intake.session.execute(known)}
    rows = [
        {"id": ids[who], "prediction": value, "predicted_at": at} for who, (value, at) in last.items() if who in ids
    ]
    for begin in range(0, len(rows), AT_ONCE):
        intake.session.execute(update(Participation), rows[begin : begin + AT_ONCE])


# ── Essays ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _essays(intake: Intake) -> None:
    """Essays with their marks. Judges of an archive have no account here: their marks stay under the names they had."""
    shorthand = [
        (f"$.attempts[{n}]", written.Essay(code=one.code, round=one.round, mark=one.essay))
        for n, one in enumerate(intake.archive.attempts)
        if one.essay is not None
    ]
    listed = [(f"$.essays[{n}]", one) for n, one in enumerate(intake.archive.essays)]
    for where, said in shorthand + listed:
        with intake.at(where):
            place, who = intake.round(said.round), intake.person(said.code)
            _essay(intake, place, who, said)


def _essay(intake: Intake, place: Place, who: int, said: written.Essay) -> None:
    part = place.rules.essay if place.rules is not None else None
    if part is None:
        raise Misshapen(".round", "Vòng này không có phần tự luận.")
    marks = [one if isinstance(one, written.Mark) else written.Mark(mark=one) for one in said.marks]
    given = [reading(f"marks[{n}]", written.points, one.mark) for n, one in enumerate(marks)]
    thirds = [n for n, one in enumerate(marks) if one.third] or ([2] if len(marks) == 3 else [])
    if len(marks) - len(thirds) > 2 or len(thirds) > 1:
        raise Misshapen(".marks", "Mỗi bài có hai giám khảo và nhiều nhất một giám khảo thứ ba.")
    third = given[thirds[0]] if thirds else None
    mark = essay.decided([one for n, one in enumerate(given) if n not in thirds], third, part)
    if said.mark is not None:
        mark = reading("mark", written.points, said.mark)
    if any(one > part.max_points * POINT for one in [*given, mark or 0]):
        raise Misshapen(".mark", f"Điểm tự luận lớn hơn điểm tối đa {part.max_points}.")
    at = place.row.closes_at or intake.now
    if said.handed_in_at is not None:
        at = reading("handed_in_at", written.moment, said.handed_in_at)
    made = Essay(
        round_id=place.row.id,
        contestant_id=who,
        text=said.text,
        words=essay.words(said.text),
        saved_at=at,
        handed_in_at=at,
        mark=mark,
        like=[],
    )
    intake.session.add(made)
    intake.session.flush()
    for n, (one, value) in enumerate(zip(marks, given, strict=True)):
        kept = EssayMark(essay_id=made.id, mark=value, third=n in thirds, note=one.note, assigned_at=at, marked_at=at)
        kept.judge = one.judge or f"gk-{n + 1}"
        intake.session.add(kept)
