"""Live rounds of contests played by script: a stage whose host presses, whose clock steps, and whose people answer."""

from __future__ import annotations

from datetime import date, timedelta

from quizapp import models
from quizapp.rules.scoring import points
from quizapp.rules.timing import GRACE
from quizapp.services import (
    contest_rooms,
    contests,
    entering,
    guesses,
    live_totals,
    results,
    shows,
    sight,
    stages,
    tallies,
    turns,
)
from quizapp.services.players import Sent, take
from tests import make

MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
LETTERS = "ABCD"


def contest(session, rules, slug="thi-truc-tiep"):
    """A published contest under a ready rulebook; hana and otto are its hosts and its secretariat."""
    hana = make.person(session, "hana", roles=("organizer",))
    otto = make.person(session, "otto")
    changes = {name: getattr(rules, name) for name in rules.__struct_fields__ if name != "rounds"}
    made = make.contest(session, rules.rounds, slug=slug, owner=hana, **changes)
    for role in ("host", "secretariat"):
        session.add(models.ContestRole(contest_id=made.id, person_id=otto.id, role=role, given_at=make.MADE))
    session.flush()
    return made, hana, otto


def registered(session, contest, name, **changes):
    """Somebody with an account who registered and agreed to their name being shown; an adult."""
    account = models.Person(name=name, password_hash="", made_at=make.MADE)
    session.add(account)
    session.flush()
    made = born(make.contestant(session, contest, account, name=name, **changes))
    make.consent(session, made)
    return made


def born(contestant, day=date(1985, 5, 5)):
    """Give a contestant a date of birth."""
    sealed = make.VAULT.seal(day.isoformat(), table="contestant", column="birth", row=contestant.code)
    contestant.birth_sealed, contestant.birth_known = sealed, "day"
    return contestant


class Stage:
    """One room of a contest's round. `inside` are the ids of its players by name, `away` those without a connection."""

    def __init__(self, session, contest, row, hosts, keys, reserves=0, begins=None):
        self.session, self.row, self.hosts = session, row, hosts
        self.inside: dict[str, str] = {}
        self.away: set[str] = set()
        self.now = begins or row.opens_at
        self._sent = 0
        asked = [make.question(f"{row.key}-{n}", key=(LETTERS.index(key),)) for n, key in enumerate(keys, 1)]
        for place, kept in enumerate(make.committed(session, row, *asked)):
            kept.reserve = place >= len(asked) - reserves
        self.show = contest_rooms.make(
            session, make.VAULT, contest, row, contest_rooms.Wish(), hosts[0].id, now=make.MADE
        )
        self.part = contests.settings(contest).round(row.key).live
        stages.advance(session, row.id, now=row.opens_at)

    def enter(self, name, contestant, at=None):
        """Somebody comes in by their registration."""
        made, _ = entering.enter(self.session, make.VAULT, self.show, contestant.person_id, now=at or self.now)
        self.inside[name] = made.id

    def enter_by_badge(self, name, code):
        """A delegate comes in by the code on the badge."""
        agreed = ("take_part",)
        made, _ = entering.enter_by_badge(self.session, make.VAULT, self.show, code, now=self.now, agreed=agreed)
        self.inside[name] = made.id

    def press(self, *presses, by=0, **details):
        """The host presses, one after the other."""
        for do in presses:
            shows.press(self.session, self.show, do, details, now=self.now, person_id=self.hosts[by].id)

    def ask(self, answers):
        """One whole question, from reading to the board; `answers` hold by name an option and the seconds it took."""
        self.press("next", "open")
        turn = sight.present_turn(self.show)
        sent = []
        for name, answer in answers.items():
            if answer is not None:
                option, seconds = answer
                chosen = (LETTERS.index(option) if isinstance(option, str) else option,)
                at = turn.opens_at + round(seconds * 1000) * MS
                self._sent += 1
                sent.append(Sent(self.inside[name], turn.id, f"{self._sent:032x}", chosen, at))
        replies = take(self.session, sent, now=turn.closes_at)
        assert {reply.verdict for reply in replies} <= {"kept"}
        self.now = turn.closes_at + GRACE
        assert turns.lock_due(self.session, now=self.now) == [self.show.id]
        connected = [id for name, id in self.inside.items() if name not in self.away]
        live_totals.note_connected(self.session, self.show, connected)
        self.press("reveal", "board")
        self.now += 5 * SECOND
        return turn

    def void(self):
        """Two people agree that the present question counts for nobody."""
        self.press("void", reason="Đáp án có sai sót.")
        self.press("confirm", by=1)
        self.now += 5 * SECOND

    def predict(self, numbers):
        """The prediction, from its question to its end."""
        self.press("next")
        for name, number in numbers.items():
            self._sent += 1
            guess = guesses.Guess(self.inside[name], f"{self._sent:032x}", number, self.now + 10 * SECOND)
            assert guesses.keep(self.session, guess).verdict == "kept"
        self.now = self.show.predicting_until + GRACE
        turns.close_due(self.session, now=self.now)
        self.session.refresh(self.show)

    def end(self):
        """The host ends the show, and the round closes by the clock."""
        self.press("end")
        stages.advance(self.session, self.row.id, now=self.row.closes_at + GRACE)
        self.session.refresh(self.row)
        assert self.row.state == "CLOSED"

    @property
    def board(self):
        return results.board(self.session, self.show)

    @property
    def bell(self):
        return results.bell(self.session, self.show)

    @property
    def left(self):
        """The names of those who are still in."""
        names = {id: name for name, id in self.inside.items()}
        return {names[id] for id in self.bell.field}

    def named(self, most=None):
        """The board as rank and name."""
        names = {id: name for name, id in self.inside.items()}
        return [(line.rank, names[line.attempt_id]) for line in self.board.standings[:most]]


def seconds_for(wanted, part):
    """Answers to the questions of a part, right as often as need be and so quick that they earn exactly `wanted`
    points under `ACCURACY_FIRST`: for each question the seconds, or `None` for a wrong one."""
    right, bonus = divmod(wanted, 1000)
    most = 999 // part.questions
    assert right <= part.questions and bonus <= right * most, f"{wanted} points cannot be earned"
    shares = [bonus // right + (n < bonus % right) for n in range(right)] if right else []
    return [_seconds(share, part) for share in shares] + [None] * (part.questions - right)


def _seconds(share, part):
    full = part.seconds * 1000
    return next(
        ms / 1000
        for ms in range(part.free_ms, full + 1)
        if points("ACCURACY_FIRST", ms, full_ms=full, planned=part.questions, free_ms=part.free_ms) == 1000 + share
    )


def result_of(session, contest, key):
    """What the desk would compute for a closed round or list."""
    row = next(one for one in contest.rounds if one.key == key)
    return tallies.count(session, make.VAULT, contest, row).result
