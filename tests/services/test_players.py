"""Players: entering, being found again, answering, being sent out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.models import Answer, Shown, SignIn
from quizapp.rules import display_names
from quizapp.rules.show import Settings
from quizapp.services import player_names, players, shows, sight, turns
from quizapp.services.players import Reply, Sent
from quizapp.services.tokens import Bearer, Mint
from tests import make

SECOND = timedelta(seconds=1)
MINT = Mint(["geheim", "older"])


@pytest.fixture
def show(session, now):
    return make.show(session, 3, now=now)


@pytest.fixture
def turn(session, show, now):
    shows.press(session, show, "next", {}, now=now)
    shows.press(session, show, "open", {}, now=now)
    return sight.present_turn(show)


def sent(player, turn, chosen=(1,), m="a" * 32, at=5, **changes):
    return Sent(player.id, turn.id, m, chosen, turn.opens_at + at * SECOND, **changes)


def take(session, now, *messages):
    replies = players.take(session, messages, now=now)
    return [reply.verdict for reply in replies]


def kept(session):
    return list(session.execute(select(Answer.n, Answer.verdict, Answer.chosen).order_by(Answer.id)))


def test_a_player_enters_and_is_known_by_the_token(session, show, now):
    ada, token = players.join(session, show, " Chị  Hoà ", team="Tổ 3", now=now)
    assert (ada.name, ada.team) == ("Chị Hoà", "Tổ 3")
    assert players.identify(session, MINT, show, token) == Bearer("player", show.id, ada.id)
    assert players.profile(session, Bearer("player", show.id, ada.id))["name"] == "Chị Hoà"
    assert players.profile(session, Bearer("viewer", show.id)) is None


def test_the_second_of_a_name_gets_a_number(session, show, now):
    names = [make.player(session, show, name, now=now).name for name in ("Hoà", "hoá", "Hoà")]
    assert names == ["Hoà", "hoá (2)", "Hoà (3)"]


def test_a_name_that_cannot_be_shown_is_refused_with_why(session, show, now):
    for name, team, why in (
        ("x", None, "2 đến 24"),
        ("Ada", "<b>", "2 đến 24"),
        ("АDМIN", None, "dễ nhầm với chữ khác"),
        ("Ban tổ chức", None, "dễ nhầm với Ban Tổ chức"),
        ("vcl", None, "chưa phù hợp"),
        ("Ada", "vcl", "chưa phù hợp"),
    ):
        with pytest.raises(Unreadable, match=why):
            players.join(session, show, name, team=team, now=now)
    assert players.join(session, show, "Ada", team="BHXH Huế", now=now)[0].team == "BHXH Huế"


def test_a_name_that_hundreds_carry_is_refused(session, show, now, monkeypatch):
    monkeypatch.setattr(player_names, "MOST_NAMESAKES", 3)
    for _ in range(2):
        make.player(session, show, "Hoà", now=now)
    with pytest.raises(Unreadable, match="chọn tên khác"):
        make.player(session, show, "Hoà", now=now)


def test_where_names_are_given_everybody_gets_one_of_their_own(session, now):
    show = make.show(session, 1, Settings(names="generated"), now=now)
    names = [make.player(session, show, "АDМIN", now=now).name for _ in range(20)]
    assert len(set(names)) == 20
    assert all(display_names.flaw(name) == "" and name != "АDМIN" for name in names)


def test_of_two_who_take_a_name_at_once_the_second_gets_the_next(session, show, now, monkeypatch):
    make.player(session, show, "Hoà", now=now)
    real = session.scalars
    monkeypatch.setattr(session, "scalars", lambda *a, **k: [] if "name_key" in str(a[0]) else real(*a, **k))
    assert make.player(session, show, "Hoà", now=now).name == "Hoà (2)"


def test_a_player_goes_on_under_another_name(session, show, turn, now):
    ada, bob = make.player(session, show, "Ada", now=now), make.player(session, show, "Bob", now=now)
    take(session, now, sent(ada, turn))
    assert players.rename(session, show, ada.id, "Bob", now=now) == "Bob (2)"
    assert session.info["news"][-1] == players.PlayerRenamed(show.id, ada.id)
    given = players.rename(session, show, ada.id, " ", now=now)
    assert given not in {"Ada", "Bob", "Bob (2)"} and ada.name == given
    assert players.rename(session, show, bob.id, "Bob", now=now) == "Bob"
    assert sight.answered(session, turn) == 1
    with pytest.raises(Unreadable):
        players.rename(session, show, ada.id, "Admin", now=now)
    with pytest.raises(NotFound):
        players.rename(session, show, "nobody", "Ada", now=now)


def test_capital_letters_make_no_other_team_but_accents_do(session, show, now):
    typed = (("Ada", "Tổ Hoa"), ("Bob", "tổ  hoa"), ("Lan", "TỔ HOA"), ("Minh", "Tổ Hòa"), ("Hana", " "))
    found = [players.join(session, show, name, team=team, now=now)[0].team for name, team in typed]
    assert found == ["Tổ Hoa", "Tổ Hoa", "Tổ Hoa", "Tổ Hòa", None]


def test_the_teams_of_those_inside_are_known_once_each_in_alphabetical_order(session, show, now):
    assert players.teams(session, show) == []
    for name, team in (("Ada", "Tổ 2"), ("Bob", "Tổ 1"), ("Lan", "Tổ 2"), ("Minh", None)):
        make.player(session, show, name, now=now, team=team)
    gone = make.player(session, show, "Mallory", now=now, team="Tổ 3")
    players.remove(session, show, gone.id, now=now)
    assert players.teams(session, show) == ["Tổ 1", "Tổ 2"]


def test_a_locked_room_lets_nobody_new_in_until_it_is_opened(session, show, now):
    players.lock_room(session, show, True, now=now)
    with pytest.raises(Conflict, match="đóng cửa"):
        make.player(session, show, "Ada", now=now)
    players.lock_room(session, show, False, now=now)
    assert make.player(session, show, "Ada", now=now).name == "Ada"


def test_newcomers_are_let_in_until_the_first_question_is_locked(session, show, turn, now):
    make.player(session, show, "Ada", now=turn.opens_at)
    turns.lock_due(session, now=turn.closes_at + 10 * SECOND)
    with pytest.raises(Conflict, match="theo dõi"):
        make.player(session, show, "Bob", now=turn.closes_at + 10 * SECOND)


def test_newcomers_are_let_in_later_where_the_room_says_so(session, now):
    show = make.show(session, 3, Settings(join_until=2), now=now)
    shows.press(session, show, "next", {}, now=now)
    shows.press(session, show, "skip", {}, now=now)
    make.player(session, show, "Ada", now=now)
    shows.press(session, show, "next", {}, now=now)
    make.player(session, show, "Bob", now=now)
    shows.press(session, show, "skip", {}, now=now)
    with pytest.raises(Conflict):
        make.player(session, show, "Hana", now=now)


def test_nobody_enters_a_locked_or_finished_room(session, show, now):
    show.locked = True
    with pytest.raises(Conflict, match="đóng cửa"):
        make.player(session, show, "Ada", now=now)
    show.locked = False
    shows.press(session, show, "end", {}, now=now)
    with pytest.raises(Conflict, match="kết thúc"):
        make.player(session, show, "Ada", now=now)


def test_a_strangers_token_is_nobody(session, show, now):
    other = make.show(session, [make.question("x-1")], now=now)
    _, elsewhere = players.join(session, other, "Ada", now=now)
    for token in (
        "",
        "nonsense",
        elsewhere,
        MINT.room_token("host", other.id),
        Mint(["mallory"]).room_token("host", 1),
    ):
        with pytest.raises(NotFound):
            players.identify(session, MINT, show, token)


def test_a_host_token_dies_with_the_sign_in_it_names(session, show, now):
    hana = make.person(session, "hana")
    row = SignIn(id="s1", person_id=hana.id, token_hash="h", made_at=now, seen_at=now)
    session.add(row)
    session.flush()
    token = MINT.room_token("host", show.id, "s1")
    assert players.identify(session, MINT, show, token).part == "host"
    row.ended_at = now
    session.flush()
    with pytest.raises(NotFound):
        players.identify(session, MINT, show, token)


def test_tokens_signed_with_an_older_secret_are_still_read(session, show):
    assert players.identify(session, MINT, show, Mint(["older"]).room_token("viewer", show.id)).part == "viewer"


def test_an_answer_is_kept_and_counted_once(session, show, turn, now):
    ada = make.player(session, show, now=now)
    assert take(session, now, sent(ada, turn)) == ["kept"]
    assert take(session, now, sent(ada, turn)) == ["kept"]
    assert kept(session) == [(1, "ok", [1])]
    assert sight.answered(session, turn) == 1


def test_answers_of_one_group_are_judged_in_the_order_they_came(session, show, turn, now):
    ada = make.player(session, show, now=now)
    group = [sent(ada, turn, m="a" * 32), sent(ada, turn, (2,), "b" * 32), sent(ada, turn, (2,), "a" * 32)]
    assert take(session, now, *group) == ["kept", "kept", "reused"]
    assert kept(session) == [(1, "ok", [1]), (2, "ok", [2]), (-1, "bad", [2])]


def test_an_id_used_for_another_question_is_reused_and_spoils_nobody_elses_answer(session, show, turn, now):
    ada, bob = make.player(session, show, "Ada", now=now), make.player(session, show, "Bob", now=now)
    take(session, now, sent(ada, turn))
    turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
    for press in ("reveal", "next", "open"):
        shows.press(session, show, press, {}, now=turn.closes_at + 3 * SECOND)
    second = sight.present_turn(show)
    group = [sent(ada, second, m="a" * 32), sent(bob, second, m="a" * 32), sent(ada, second, m="b" * 32)]
    assert take(session, now, *group) == ["reused", "kept", "kept"]
    assert sight.answered(session, second) == 2


def test_where_the_first_counts_a_second_is_told_what_stands(session, now):
    show = make.show(session, 1, Settings(may_change=False), now=now)
    shows.press(session, show, "next", {}, now=now)
    shows.press(session, show, "open", {}, now=now)
    turn = sight.present_turn(show)
    ada = make.player(session, show, now=now)
    take(session, now, sent(ada, turn))
    replies = players.take(session, [sent(ada, turn, (2,), "b" * 32)], now=now)
    assert replies == [Reply("twice", (1,))]


def test_early_and_late_answers_are_refused_and_kept_as_such(session, show, turn, now):
    ada = make.player(session, show, now=now)
    assert take(session, now, sent(ada, turn, at=-0.1), sent(ada, turn, m="b" * 32, at=22)) == ["early", "late"]
    assert [row[:2] for row in kept(session)] == [(-1, "early"), (-2, "late")]
    assert sight.answered(session, turn) == 0


def test_nothing_is_added_after_the_lock(session, show, turn, now):
    ada = make.player(session, show, now=now)
    turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
    assert take(session, now, sent(ada, turn, at=19)) == ["late"]


@pytest.mark.parametrize("chosen", [(), (4,), (-1,), (0, 1), (1, 0)])
def test_a_choice_that_is_none_is_refused_and_leaves_nothing(session, show, turn, now, chosen):
    ada = make.player(session, show, now=now)
    assert take(session, now, sent(ada, turn, chosen)) == ["refused"]
    assert kept(session) == []


def test_strangers_unknown_turns_and_turns_to_come_are_refused_alike(session, show, turn, now):
    ada = make.player(session, show, now=now)
    other = make.show(session, [make.question("x-1")], now=now)
    mallory = make.player(session, other, "Mallory", now=now)
    to_come = show.turns[1]
    messages = [
        sent(mallory, turn),
        Sent("nobody", turn.id, "b" * 32, (1,), now),
        Sent(ada.id, 999, "c" * 32, (1,), now),
        Sent(ada.id, to_come.id, "d" * 32, (1,), now),
    ]
    assert take(session, now, *messages) == ["refused"] * 4
    assert kept(session) == []


def test_somebody_sent_out_answers_no_more_and_stands_nowhere(session, show, turn, now):
    ada, token = players.join(session, show, "Ada", now=now)
    players.remove(session, show, ada.id, now=now)
    session.flush()
    assert take(session, now, sent(ada, turn)) == ["refused"]
    assert players.present(session, show) == []
    with pytest.raises(NotFound):
        players.identify(session, MINT, show, token)
    with pytest.raises(NotFound):
        players.remove(session, show, "nobody", now=now)


def test_the_page_says_once_that_the_options_are_on_screen(session, show, turn, now):
    ada = make.player(session, show, now=now)
    players.note_shown(session, ada.id, turn.id, now=turn.opens_at + SECOND)
    players.note_shown(session, ada.id, turn.id, now=turn.opens_at + 3 * SECOND)
    players.note_shown(session, "nobody", turn.id, now=now)
    players.note_shown(session, ada.id, 999, now=now)
    assert list(session.scalars(select(Shown.received_at))) == [turn.opens_at + SECOND]


def test_a_ticket_opens_one_socket_within_a_minute(now):
    bearer = Bearer("player", 7, "ada")
    ticket = MINT.ticket(bearer, "en", now=now)
    assert MINT.redeem(ticket, now=now + 59 * SECOND) == (bearer, "en")
    with pytest.raises(NotAllowed, match="đã dùng"):
        MINT.redeem(ticket, now=now)
    with pytest.raises(NotAllowed, match="hết hạn"):
        MINT.redeem(MINT.ticket(bearer, "en", now=now), now=now + 62 * SECOND)


@pytest.mark.parametrize("ticket", [None, 5, "", "x", "t.x.y", "x" * 5000, Mint(["geheim"]).room_token("viewer", 1)])
def test_what_is_no_ticket_opens_nothing(ticket, now):
    with pytest.raises(NotAllowed):
        MINT.redeem(ticket, now=now)


def test_used_tickets_are_remembered_as_long_as_they_could_be_shown_again(now):
    mint = Mint(["s"])
    first = mint.ticket(Bearer("viewer", 1), "vi", now=now)
    mint.redeem(first, now=now)
    for seconds in (30, 59, 60):
        mint.redeem(mint.ticket(Bearer("viewer", 1), "vi", now=now), now=now + seconds * SECOND)
        with pytest.raises(NotAllowed):
            mint.redeem(first, now=now + seconds * SECOND)
    for minute in range(2, 6):
        later = now + minute * 60 * SECOND
        mint.redeem(mint.ticket(Bearer("viewer", 1), "vi", now=later), now=later)
    assert len(mint._used) + len(mint._used_before) == 2


def test_a_ticket_is_no_room_token(now):
    assert MINT.read_room_token(MINT.ticket(Bearer("viewer", 1), "vi", now=now)) is None
