"""The lucky draw on air: what the wheel of a show's round may show."""

from msgspec.structs import replace

from quizapp.rules import contest as rulebook
from quizapp.services import contests, draws, players, wheels
from tests import make
from tests.services.test_draws import NOW, OUT, VALUES, codes, plan, propose, scene

LUCKY = rulebook.Prize(key="may-man", name=rulebook.Words("Giải may mắn"), slots=2, kind="LUCKY")
__all__ = ["scene"]


def held(session, scene):
    drawing = plan(session, scene)
    change = propose(session, scene, drawing)
    draws.confirm(session, change, VALUES, scene[4].id, now=OUT)
    return drawing


def offer(contest, row):
    """Let the rulebook of the round give the lucky prize."""
    rules = contests.settings(contest).round(row.key)
    ranking = replace(rules.ranking, prizes=(*rules.ranking.prizes, LUCKY))
    settings = contests.settings(contest)
    rounds = tuple(replace(one, ranking=ranking) if one.key == row.key else one for one in settings.rounds)
    contest.settings = rulebook.to_json(replace(settings, rounds=rounds))


def room(session, row):
    made = make.show(session, [make.question("vong-quay-001")], now=NOW)
    made.round_id = row.id
    session.flush()
    return made


def test_before_a_draw_was_held_there_is_no_wheel(session, scene):
    plan(session, scene)
    assert wheels.of_show(session, room(session, scene[1])) is None


def test_a_free_room_has_no_wheel(session):
    assert wheels.of_show(session, make.show(session, 1, now=NOW)) is None


def test_the_wheel_shows_the_drawn_under_the_names_they_play_under(session, scene):
    contest, row, known, *_ = scene
    drawing = held(session, scene)
    offer(contest, row)
    show = room(session, row)
    player = make.player(session, show, "Chị Bích", now=NOW)
    player.contestant_id = known["B"].id
    session.flush()
    found = wheels.of_show(session, show)
    order = [known[letter].code for letter in "BCDE"]
    shown = {code: "Chị Bích" if code == known["B"].code else f"{code[:4]}…" for code in order}
    assert found.names == tuple(shown[code] for code in codes(known, "BCDE"))
    result = draws.result_of(drawing)
    assert [found.names[place] for place in found.winners] == [shown[code] for code in result.winners]
    assert [found.names[place] for place in found.reserves] == [shown[code] for code in result.reserves]
    assert (found.of, found.prize) == (4, LUCKY.name)
    players.remove(session, show, player.id, now=NOW)
    assert "Chị Bích" not in wheels.of_show(session, show).names


def test_lots_between_equals_are_not_a_wheel(session, scene):
    contest, row, *_ = scene
    offer(contest, row)
    drawing = held(session, scene)
    drawing.plan = {**drawing.plan, "prize_key": ""}
    session.flush()
    assert wheels.of_show(session, room(session, row)) is None
