"""The whole chain in one walk: question file → bank → paper → attempt → answer → score → standing → leaderboard."""

import shutil
from datetime import timedelta

from quizapp.config import ROOT
from quizapp.rules.show import Settings
from quizapp.services import banks, players, quizzes, results, shows, sight, turns
from quizapp.services.players import Sent
from tests import make

SECOND = timedelta(seconds=1)
PLAYER = quizzes.Player(None, "v" * 32)
FILE = """
[topic]
letter = "H"
name.vi = "Hưu trí"
name.en = "Pension"
lead.vi = "Ai được hưởng lương hưu."
lead.en = "Who receives a pension."
"""
QUESTION = """
[[question]]
id = "huu-tri-{n:03}"
kind = "one"
difficulty = "know"
citations = ["Điều 64 khoản 1"]
facts = ["H-01"]
stem.vi = "Câu hỏi số {n} về số năm đóng tối thiểu theo Điều 64 là bao nhiêu?"
stem.en = "Question {n}: how many years of contributions does Article 64 require?"
short.vi = "Câu {n}: số năm tối thiểu?"
short.en = "Question {n}: how many years?"
options = [
  {{ vi = "15 năm", en = "15 years", right = true }},
  {{ vi = "10 năm", en = "10 years" }},
  {{ vi = "20 năm", en = "20 years" }},
]
explanation.vi = "Theo khoản 1 Điều 64, cần có thời gian đóng từ đủ 15 năm trở lên."
explanation.en = "Under Article 64, clause 1, at least 15 years are needed."
"""


def question_files(folder, count):
    shutil.copytree(ROOT / "questions" / "law", folder / "law")
    (folder / "huu-tri.toml").write_text(FILE + "".join(QUESTION.format(n=n) for n in range(1, count + 1)), "utf-8")
    return folder


def test_from_a_question_file_to_a_leaderboard(session, tmp_path, now):
    report = banks.load(session, banks.read(question_files(tmp_path, 6)), now=now)
    assert report.faults == [] and len(report.added) == 6

    # live: the host's clock opens the question for everybody
    show = shows.from_bank(session, "huu-tri", 2, "", Settings(), now=now, seed=b"story")
    ada, bob = make.player(session, show, "Ada", now=now), make.player(session, show, "Bob", now=now + SECOND)
    for n, (quick, slow) in enumerate([(1.0, 10.5), (1.0, 10.5)], 1):
        shows.press(session, show, "next", {}, now=now)
        shows.press(session, show, "open", {}, now=now)
        turn = sight.present_turn(show)
        key = tuple(banks.question(session, turn.version.question_id).key)
        wrong = tuple((o + 1) % 3 for o in key)
        sent = [
            Sent(ada.id, turn.id, f"{n:032x}", key, turn.opens_at + quick * SECOND),
            Sent(bob.id, turn.id, f"{n:032x}", key if n == 1 else wrong, turn.opens_at + slow * SECOND),
        ]
        assert [reply.verdict for reply in players.take(session, sent, now=now)] == ["kept", "kept"]
        turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
        for press in ("reveal", "board"):
            shows.press(session, show, press, {}, now=turn.closes_at + 2 * SECOND)
    lines = [(line.rank, line.name, line.points) for line in results.board(session, show).standings]
    assert lines == [(1, "Ada", 1499 + 1499), (2, "Bob", 1249)]

    # at one's own pace: the same chain, opened by the person
    attempt, _ = quizzes.start(session, quizzes.Wish("huu-tri", 5, "exam"), PLAYER, now=now, seed=b"e" * 32)
    for n, place in enumerate(quizzes.places(session, attempt)):
        quizzes.answer(session, attempt, place.question.id, f"{n:032x}", place.question.key, now=now + SECOND)
    quizzes.hand_in(session, attempt, now=now + 30 * SECOND)
    done = quizzes.result(session, attempt)
    assert (done.score, done.of, done.duration_ms, done.by) == (5, 5, 30_000, "self")

    # an edited file never rewrites the past: the show keeps the versions it was dealt
    text = (tmp_path / "huu-tri.toml").read_text("utf-8").replace('"15 năm"', '"15 năm trở lên"')
    (tmp_path / "huu-tri.toml").write_text(text, "utf-8")
    assert len(banks.load(session, banks.read(tmp_path), now=now).changed) == 6
    assert [(line.rank, line.name, line.points) for line in results.board(session, show).standings] == lines
    assert quizzes.result(session, attempt) == done
