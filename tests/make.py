"""Makers of things that are right by default; a test spells out only what it is about."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

import msgspec

from quizapp import models
from quizapp.rules import contest as rulebook
from quizapp.rules import identity, tally
from quizapp.rules.draw import sha256
from quizapp.rules.question import FALSE, TRUE, Question, Text, to_json
from quizapp.rules.show import Settings
from quizapp.rules.snapshot import canonical
from quizapp.rules.words import fold
from quizapp.services import accounts, banks, contest_rooms, contests, players, shows
from quizapp.services.snapshots import Numbers
from quizapp.services.vault import Vault

MADE = datetime(2026, 3, 1, tzinfo=UTC)


def text(words="Câu hỏi"):
    return Text(words, f"{words} (en)")


def question(id="huu-tri-001", kind="one", key=(1,), options=4, **changes):
    """A right question of the bank: four options, option 1 is right."""
    shown = (
        ()
        if kind == "number"
        else (TRUE, FALSE)
        if kind == "truefalse"
        else tuple(text(f"Phương án {i}") for i in range(options))
    )
    values = {
        "id": id,
        "topic": "huu-tri",
        "kind": kind,
        "difficulty": "know",
        "stem": text(),
        "short": text(),
        "options": shown,
        "key": tuple(key),
        "explanation": text("Vì Luật quy định như vậy."),
        "citations": ("Điều 64 khoản 1",),
        "facts": ("H-01",),
        "unit": text("năm") if kind == "number" else None,
    }
    return Question(**{**values, **changes})


VAULT = Vault.of("01" * 32, "02" * 32)  # the keys of conftest's settings
PASSWORD = "con mèo đi học"  # its hash is made once: hashing takes its time
PASSWORD_HASH = "$argon2id$v=19$m=19456,t=2,p=1$ofu+q/0Wf77WEzSYLpW9ng$aYAddEu/cnV0x9dd0nRIUGj5DLfs+/P65ynCL6pAbY4"
PHONES = {"ada": "0912345671", "bob": "0912345672", "hana": "0912345673", "otto": "0912345674", "mallory": "0912345675"}


def person(session, who="ada", roles=(), now=datetime(2026, 3, 1, tzinfo=UTC), **changes):
    """One of the cast with an account: signs in with PHONES[who] and PASSWORD."""
    kind, login = identity.login(PHONES[who])
    wish = accounts.Prepared(kind, login, changes.pop("name", who.title()), PASSWORD_HASH)
    made = accounts.register(session, VAULT, wish, now=now, **changes)
    for role in roles:
        accounts.give_role(session, None, made, role, now=now)
    return made


def bank(session, *questions, topic="huu-tri"):
    """Questions kept in the bank as approved, each in its first version or its next; returned as they are dealt."""
    if session.get(models.Topic, topic) is None:
        session.add(models.Topic(slug=topic, letter="H", name_vi="Hưu trí", name_en="Pension"))
        session.flush()
    dealt = []
    for asked in questions:
        number = session.query(models.QuestionVersion).filter_by(question_id=asked.id).count() + 1
        if number == 1:
            session.add(models.Question(id=asked.id, topic_slug=topic))
        version = models.QuestionVersion(
            question_id=asked.id, version=number, content=to_json(asked), digest="", source="file", made_at=MADE
        )
        session.add(version)
        session.flush()
        dealt.append(banks.Entry(asked, number, version.id))
    return dealt


def show(session, questions=3, settings=None, now=MADE, **changes):
    """A room with so many questions, or with these; the key of each is option 1."""
    asked = [question(f"huu-tri-{n:03}") for n in range(1, questions + 1)] if isinstance(questions, int) else questions
    return shows.new(
        session, bank(session, *asked), "Thi thử", settings or Settings(), now=now, seed=b"s" * 32, **changes
    )


def player(session, room, name="Ada", now=MADE, **changes):
    """Somebody in the room."""
    return players.join(session, room, name, now=now, **changes)[0]


# ── Contests ────────────────────────────────────────────────────────────────────────────────────────────────────

OPENS = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 08:00 in Viet Nam
CLOSES = datetime(2026, 3, 8, 15, 0, tzinfo=UTC)  # Sunday 22:00


def round_rules(key="tuan-1", **changes):
    """The rules of a round of one week: ten questions of one topic drawn, ten minutes, three attempts."""
    values = {
        "key": key,
        "name": rulebook.Words("Tuần 1", "Week 1"),
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "paper": rulebook.Paper(blueprint=(rulebook.BlueprintLine(topic="huu-tri", count=10),)),
        "max_attempts": 3,
        "prediction": rulebook.Prediction(),
    }
    return rulebook.Round(**{**values, **changes})


def contest_rules(rounds=1, **changes):
    """The rulebook of a contest with so many weekly rounds, or with these."""
    if isinstance(rounds, int):
        week = timedelta(days=7)
        rounds = tuple(
            round_rules(f"tuan-{n + 1}", opens_at=OPENS + n * week, closes_at=CLOSES + n * week) for n in range(rounds)
        )
    values = {
        "name": rulebook.Words("Tìm hiểu Luật Bảo hiểm xã hội 2024", "The 2024 Social Insurance Law"),
        "organizer": rulebook.Words("Bảo hiểm xã hội tỉnh P", "Social insurance of province P"),
        "rounds": tuple(rounds),
    }
    return rulebook.Settings(**{**values, **changes})


def contest(session, rounds=1, slug="tim-hieu-luat", owner=None, published=True, now=MADE, **changes):
    """A contest, published unless told otherwise; `owner` (a person) holds secretariat and host in it."""
    rules = contest_rules(rounds, **changes)
    made = contests.create(session, VAULT, slug, rules, owner and owner.id, now=now, seed=b"S" * 32, pepper=b"P" * 32)
    if published:
        made.published_at = now
        for row in made.rounds:
            row.state = "PUBLISHED"
        session.add(models.Rulebook(contest_id=made.id, version=1, settings=made.settings, digest="", published_at=now))
    session.flush()
    return made


def contestant(session, contest, who=None, name="Nguyễn Thị Hoa", now=MADE, **changes):
    """Somebody registered in the contest; `who` is their account, if they have one."""
    number = session.query(models.Contestant).filter_by(contest_id=contest.id).count() + 1
    person_id = who.id if who is not None else f"{number:032x}"
    made = models.Contestant(
        contest_id=contest.id,
        person_id=who and who.id,
        code=changes.pop("code", None) or contests.code(b"P" * 32, contest.slug, person_id),
        name=name,
        search=fold(name),
        registered_at=now,
        **changes,
    )
    session.add(made)
    session.flush()
    return made


def committed(session, row, *questions, points=1):
    """These questions are the paper, or the bank, of a round."""
    kept = [
        models.RoundQuestion(
            round_id=row.id,
            question_id=asked.id,
            version=1,
            position=n,
            points=points,
            content=to_json(asked),
            salt=b"s" * 16,
        )
        for n, asked in enumerate(questions)
    ]
    session.add_all(kept)
    row.paper_set_at = MADE
    session.flush()
    return kept


def sat(session, row, who, answers, started=OPENS, seconds=300, no=1, questions=None, **changes):
    """An attempt handed in: `answers` holds the option chosen for each question committed (or for `questions`), `None`
    where nothing was saved. The key of each is option 1, unless its content says otherwise."""
    asked = questions or session.query(models.RoundQuestion).filter_by(round_id=row.id).order_by("position").all()
    given = [None if one is None else [one] if isinstance(one, int) else list(one) for one in answers]
    assert len(asked) == len(given)
    right = [chosen == question.content["key"] for question, chosen in zip(asked, given, strict=True)]
    points = [question.points for question in asked]
    values = {
        "id": models.new_id(),
        "mode": "contest",
        "person_id": who.person_id,
        "token_hash": models.new_id(),
        "started_at": started,
        "deadline_at": started + timedelta(seconds=600),
        "handed_in_at": started + timedelta(seconds=seconds),
        "handed_in_by": "self",
        "paper": [
            {"q": question.question_id, "v": 1, "o": list(range(len(question.content["options"])))}
            for question in asked
        ],
        "last_answers": given,
        "round_id": row.id,
        "contestant_id": who.id,
        "no": no,
        "deal_no": no,
        "points": 60 * sum(worth for worth, is_right in zip(points, right, strict=True) if is_right),
        "full": 60 * sum(points),
        "score": sum(right),
        "answered": sum(one is not None for one in given),
        "unit_id": who.unit_id,
        "place_id": who.place_id,
    }
    made = models.Attempt(**{**values, **changes})
    session.add(made)
    session.flush()
    return made


def snapshot(session, row, lines=(), awards=(), n=None, published=True, now=MADE, figures=None, **changes):
    """A stored result of a round: `lines` are (contestant, right answers of ten) from the first rank down, `awards`
    (prize, contestant) all confirmed, or whole values. `figures` count the lines unless told otherwise."""
    standings = tuple(
        tally.Line(
            rank=position,
            code=who.code,
            sitting=None,
            score=60 * right,
            full=600,
            correct=right,
            of=10,
            duration_ms=120_000 + position,
            submitted_us=1_772_413_200_000_000 + position,
            prediction=4300 + position,
            distance=position,
            all_correct=right == 10,
            decided_by="" if position == 1 else "prediction_distance",
        )
        for position, (who, right) in enumerate(lines, 1)
    )
    given = tuple(
        tally.Award(scope=row.key, prize=one[0], code=one[1].code, place=place, state="CONFIRMED")
        if isinstance(one, tuple)
        else msgspec.convert(one, tally.Award)
        for place, one in enumerate(awards, 1)
    )
    counts = {"registered": len(lines), "started": len(lines), "attempts": len(lines), "people": len(lines)}
    counted = tally.Figures(**{**counts, "all_correct": sum(right == 10 for _, right in lines), **(figures or {})})
    result = tally.RoundResult(key=row.key, target=None, target_rows=0, figures=counted, lines=standings, awards=given)
    numbers = {"round": counted, "contest": counted, **changes.pop("numbers", {})}
    lists = changes.pop("collective", ())
    body = canonical(tally.Result(rounds=(result,), collective=tuple(lists), figures=numbers["contest"]))
    values = {
        "contest_id": row.contest_id,
        "round_id": row.id,
        "n": n or session.query(models.Snapshot).filter_by(round_id=row.id).count() + 1,
        "rulebook": 1,
        "digest": sha256(body).hex(),
        "body": zlib.compress(body),
        "figures": msgspec.to_builtins(Numbers(**numbers)),
        "awards": msgspec.to_builtins(given),
        "collective": msgspec.to_builtins(tuple(lists)),
        "people": len(lines),
        "made_at": now,
        "complete_at": now,
        "published_at": now if published else None,
    }
    made = models.Snapshot(**{**values, **changes})
    session.add(made)
    session.flush()
    for position, ((who, _), line) in enumerate(zip(lines, standings, strict=True), 1):
        kept = {"snapshot_id": made.id, "position": position, "rank": position, "contestant_id": who.id}
        session.add(models.SnapshotLine(**kept, body=msgspec.to_builtins(line)))
    session.flush()
    return made


def consent(session, who, *purposes, by="self", now=MADE, **changes):
    """Consents of a contestant to these purposes."""
    for purpose in purposes or ("take_part", "publish"):
        session.add(
            models.Consent(contestant_id=who.id, purpose=purpose, by=by, wording="w" * 64, given_at=now, **changes)
        )
    session.flush()


def unit(session, contest, name, parent=None, tree="unit", level="", **changes):
    """A unit, or a place (`tree="place"`), of a contest."""
    made = models.Unit(
        contest_id=contest.id,
        tree=tree,
        parent_id=parent and parent.id,
        level=level,
        name=name,
        search=fold(name),
        made_at=MADE,
        **changes,
    )
    session.add(made)
    session.flush()
    return made


def live_rules(key="truc-tiep", questions=3, part=None, **changes):
    """The rules of a live round: so many questions of one topic, on one evening."""
    values = {
        "kind": "live",
        "live": rulebook.LivePart(**{"questions": questions, "reserves": 1, **(part or {})}),
        "paper": rulebook.Paper(blueprint=(rulebook.BlueprintLine(topic="huu-tri", count=questions),)),
        "ranking": rulebook.Ranking(keys=rulebook.PRESETS["LIVE_FAIR"]),
        "prediction": None,
        "max_attempts": 1,
    }
    return round_rules(key, **{**values, **changes})


def contest_room(session, contest, host, now=MADE, **changes):
    """The room of a contest's first round, its paper just committed."""
    row = contest.rounds[0]
    contest_rooms.set_paper(session, VAULT, contest, row, host.id, now=now)
    wish = contest_rooms.Wish(**changes)
    return contest_rooms.make(session, VAULT, contest, row, wish, host.id, now=now)
