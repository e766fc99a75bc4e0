"""Entering the room of a contest's live round: by registration, by badge, by card."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate
from quizapp.models import Attempt, Consent, Contestant, Delegate, Invitation, Participation
from quizapp.rules import display_names
from quizapp.rules.contest import Who
from quizapp.services import entering, player_names, players, shows, tokens, turns
from tests import make

START = make.OPENS + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def contest(session, hana):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    return make.contest(session, [make.live_rules()], owner=hana)


@pytest.fixture
def show(session, contest, hana):
    return make.contest_room(session, contest, hana)


@pytest.fixture
def ada(session, contest):
    who = make.contestant(session, contest, make.person(session, "ada"), "Nguyễn Thị Hoa")
    make.consent(session, who)
    return who


def enter(session, show, who, now=START):
    return entering.enter(session, make.VAULT, show, who.person_id, now=now)


def badge(session, show, typed, now=START, **how):
    how = {"agreed": ("take_part",), **how}
    return entering.enter_by_badge(session, make.VAULT, show, typed, now=now, **how)


def delegate(session, contest, code="DB-01", name="Trần Văn Khải", team="Đoàn Sở Y tế", **changes):
    made = Delegate(contest_id=contest.id, code=code, name=name, team=team, **changes)
    session.add(made)
    session.flush()
    return made


def test_a_registered_person_gets_one_attempt_of_the_round(session, contest, show, ada):
    unit = make.unit(session, contest, "Trường THPT Kim Liên")
    ada.unit_id = unit.id
    seat, token = enter(session, show, ada)
    assert (seat.mode, seat.show_id, seat.round_id, seat.contestant_id) == ("live", show.id, show.round_id, ada.id)
    assert (seat.no, seat.person_id, seat.unit_id, seat.started_at) == (1, ada.person_id, unit.id, START)
    assert (seat.name, seat.team) == ("Nguyễn Thị Hoa", "Trường THPT Kim Liên")
    assert seat.token_hash == tokens.token_hash(token)
    assert session.scalars(select(Participation.started)).all() == [1]
    assert session.info["news"][-1] == players.PlayerJoined(show.id, "Nguyễn Thị Hoa")


def test_a_second_device_gets_the_same_attempt_and_the_first_ones_token_ends(session, show, ada):
    first, old = enter(session, show, ada)
    again, new = enter(session, show, ada, START + SECOND)
    assert again.id == first.id and new != old
    assert again.started_at == START
    with pytest.raises(NotFound):
        players.identify(session, tokens.Mint(["s"]), show, old)
    assert players.identify(session, tokens.Mint(["s"]), show, new).attempt_id == first.id
    assert session.scalars(select(Participation.started)).all() == [1]


def test_somebody_who_is_not_registered_is_told_so(session, show):
    mallory = make.person(session, "mallory")
    for person_id in (mallory.id, None):
        with pytest.raises(entering.NotRegistered):
            entering.enter(session, make.VAULT, show, person_id, now=START)
    assert entering.objection(session, make.VAULT, show, None, now=START) == ""


@pytest.mark.parametrize(("status", "enters"), [("ELIGIBLE", True), ("HORS_CONCOURS", True), ("EXCLUDED", False)])
def test_people_enter_as_they_would_sit_a_round(session, show, ada, status, enters):
    ada.status = status
    if enters:
        assert enter(session, show, ada)[0].no == 1
    else:
        with pytest.raises(NotAllowed, match="không thuộc diện"):
            enter(session, show, ada)
        assert "không thuộc diện" in entering.objection(session, make.VAULT, show, ada, now=START)


def test_a_final_takes_only_who_is_invited(session, hana):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    contest = make.contest(session, [make.live_rules(kind="final")], owner=hana)
    show = make.contest_room(session, contest, hana)
    ada = make.contestant(session, contest, make.person(session, "ada"))
    with pytest.raises(NotAllowed, match="được mời"):
        enter(session, show, ada)
    session.add(Invitation(round_id=show.round_id, contestant_id=ada.id))
    session.flush()
    assert enter(session, show, ada)[0].contestant_id == ada.id


def test_a_round_takes_people_while_it_is_open(session, show, ada):
    for moment, refused, words in (
        (make.OPENS - SECOND, TooEarly, "chưa mở"),
        (make.CLOSES, TooLate, "đã đóng"),
    ):
        with pytest.raises(refused, match=words):
            enter(session, show, ada, moment)
        assert words in entering.objection(session, make.VAULT, show, ada, now=moment)
    seat, _ = enter(session, show, ada, make.OPENS)
    assert enter(session, show, ada, make.CLOSES)[0].id == seat.id
    assert entering.objection(session, make.VAULT, show, ada, now=make.CLOSES) == ""


def test_late_ones_follow_as_viewers_but_who_was_inside_comes_back(session, contest, show, ada):
    bob = make.contestant(session, contest, make.person(session, "bob"))
    enter(session, show, ada)
    for press in ("next", "open"):
        shows.press(session, show, press, {}, now=START)
    turns.lock_due(session, now=START + 60 * SECOND)
    with pytest.raises(Conflict, match="theo dõi"):
        enter(session, show, bob, START + 61 * SECOND)
    assert enter(session, show, ada, START + 61 * SECOND)[0].no == 1


def test_a_locked_room_keeps_newcomers_out_and_lets_its_people_back_in(session, contest, show, ada):
    bob = make.contestant(session, contest, make.person(session, "bob"))
    enter(session, show, ada)
    players.lock_room(session, show, True, now=START)
    with pytest.raises(Conflict, match="đóng cửa"):
        enter(session, show, bob)
    assert enter(session, show, ada)[0].no == 1


def test_who_was_sent_out_stays_out(session, show, ada):
    seat, _ = enter(session, show, ada)
    players.remove(session, show, seat.id, now=START)
    with pytest.raises(NotAllowed, match="mời ra"):
        enter(session, show, ada, START + SECOND)
    assert "mời ra" in entering.objection(session, make.VAULT, show, ada, now=START)


def test_an_attempt_of_another_room_of_the_round_is_not_gone_on_with_here(session, show, ada):
    make.sat(session, entering.round_of(session, show), ada, [1] * 4, mode="live")
    with pytest.raises(Conflict, match="phòng khác"):
        enter(session, show, ada)


def test_an_attempt_that_was_given_back_never_happened(session, show, ada):
    enter(session, show, ada)[0].given_back_at = START
    session.flush()
    assert enter(session, show, ada, START + SECOND)[0].no == 2
    assert session.scalars(select(Participation.started)).all() == [2]


def test_free_rooms_and_rehearsals_belong_to_no_round(session, show, ada):
    free = make.show(session, [make.question("x-1")])
    rehearsal = make.show(session, [make.question("x-2")])
    rehearsal.round_id, rehearsal.rehearses_id = show.round_id, show.id
    for room in (free, rehearsal):
        assert entering.round_of(session, room) is None
        with pytest.raises(NotFound):
            enter(session, room, ada)


# ── What is shown ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_shown_only_where_its_owner_agreed_and_it_can_be(session, contest, show, ada):
    bob = make.contestant(session, contest, make.person(session, "bob"), "Lê Văn Bình")
    name = enter(session, show, bob)[0].name
    assert name != "Lê Văn Bình" and display_names.flaw(name) == ""
    otto = make.contestant(session, contest, make.person(session, "otto"), "Admin Hệ Thống")
    make.consent(session, otto)
    assert enter(session, show, otto)[0].name != "Admin Hệ Thống"


def test_where_the_room_gives_names_nobody_shows_their_own(session, contest, hana, ada):
    show = make.contest_room(session, contest, hana, names="generated")
    assert player_names.are_given(show)
    assert enter(session, show, ada)[0].name != "Nguyễn Thị Hoa"


@pytest.mark.parametrize(("born", "shown"), [(date(2010, 3, 3), "Hoa"), (date(2010, 3, 2), "Nguyễn Thị Hoa")])
def test_on_a_public_stream_children_show_their_given_name_alone(session, show, ada, born, shown):
    ada.birth_sealed = make.VAULT.seal(born.isoformat(), table="contestant", column="birth", row=ada.code)
    ada.birth_known = "day"
    show.stream = {"provider": "youtube", "id": "abc", "latency_ms": 10_000}
    assert enter(session, show, ada)[0].name == shown


def test_beside_the_name_stands_the_team_or_the_unit_that_counts_or_the_commune(session, contest, show, ada):
    commune = make.unit(session, contest, "Xã A", tree="place")
    kept = make.unit(session, contest, "Tổng công ty May 10")
    merged = make.unit(session, contest, "Cty May 10", merged_into_id=kept.id)
    people = []
    for who, changes in (
        ("bob", {"place_id": commune.id}),
        ("otto", {"place_id": commune.id, "unit_id": merged.id}),
        ("mallory", {"team": "Đoàn Bảo hiểm xã hội cơ sở huyện Thanh Oai số 1", "unit_id": kept.id}),
    ):
        people.append(make.contestant(session, contest, make.person(session, who), **changes))
    shown = [enter(session, show, one)[0].team for one in (ada, *people)]
    assert shown == [None, "Xã A", "Tổng công ty May 10", "Đoàn Bảo hiểm xã hội cơ sở…hanh Oai số 1"]


# ── By the badge ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delegate_enters_by_the_code_on_the_badge_and_the_list_makes_them_a_contestant(session, contest, show):
    khai = delegate(session, contest)
    seat, token = badge(session, show, " db-01 ", agreed=("take_part", "publish", "news"))
    who = session.get(Contestant, seat.contestant_id)
    assert (who.name, who.team, who.delegate_code, who.person_id) == ("Trần Văn Khải", "Đoàn Sở Y tế", "DB-01", None)
    assert khai.contestant_id == who.id
    assert (seat.name, seat.team, seat.no) == ("Trần Văn Khải", "Đoàn Sở Y tế", 1)
    assert players.identify(session, tokens.Mint(["s"]), show, token).attempt_id == seat.id
    kept = session.execute(select(Consent.purpose, Consent.how).order_by(Consent.purpose)).all()
    assert [tuple(one) for one in kept] == [("publish", "badge"), ("take_part", "badge")]


def test_nobody_takes_part_without_having_agreed_once(session, contest, show):
    delegate(session, contest)
    with pytest.raises(entering.ConsentMissing):
        badge(session, show, "DB-01", agreed=("publish",))
    first, _ = badge(session, show, "DB-01")
    assert badge(session, show, "DB-01", agreed=(), held=first.id)[0].id == first.id


def test_an_unknown_code_is_refused(session, contest, show):
    for typed in ("DB-99", "", "x" * 90):
        with pytest.raises(NotFound, match="trên thẻ"):
            badge(session, show, typed)


def test_a_code_in_use_on_another_device_is_taken_over_only_after_saying_so(session, contest, show):
    delegate(session, contest)
    first, old = badge(session, show, "DB-01")
    with pytest.raises(entering.HeldElsewhere, match="máy khác"):
        badge(session, show, "DB-01")
    again, new = badge(session, show, "DB-01", take_over=True)
    assert again.id == first.id and new != old
    assert badge(session, show, "DB-01", held=first.id)[0].id == first.id


def test_a_delegate_sent_out_stays_out(session, contest, show):
    delegate(session, contest)
    players.remove(session, show, badge(session, show, "DB-01")[0].id, now=START)
    with pytest.raises(NotAllowed, match="mời ra"):
        badge(session, show, "DB-01")


def test_of_two_who_type_a_code_at_once_both_are_the_same_contestant(session, contest, show):
    khai = delegate(session, contest)
    made = entering.listed(session, make.VAULT, contest, khai, now=START)
    session.refresh(khai)
    khai.contestant_id = None  # as the second one read it, before the first was kept
    real = session.refresh

    def refresh(row, *args, **how):
        real(row, *args, **how)
        if row is khai:
            khai.contestant_id = made.id

    session.refresh = refresh
    with session.no_autoflush:
        assert entering.listed(session, make.VAULT, contest, khai, now=START).id == made.id


def test_a_number_that_leads_to_nobody_is_not_taken_for_a_delegate(session, contest, show):
    khai = delegate(session, contest)
    entering.listed(session, make.VAULT, contest, khai, now=START)
    khai.contestant_id = None
    session.flush()
    with pytest.raises(Conflict):
        entering.listed(session, make.VAULT, contest, khai, now=START)


def test_a_delegate_without_a_phone_has_a_seat_that_says_so(session, contest, show):
    khai = delegate(session, contest, by_card=True)
    seat = entering.seat_by_card(session, make.VAULT, show, khai, now=START)
    assert seat.proxy and seat.name == "Trần Văn Khải"
    hashed = seat.token_hash
    assert entering.seat_by_card(session, make.VAULT, show, khai, now=START).id == seat.id
    assert seat.token_hash == hashed
    assert session.query(Attempt).count() == 1


# ── Which room ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_way_leads_to_the_room_of_the_round_that_is_on(session, hana):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    day = timedelta(days=1)
    first = make.live_rules("sang", closes_at=make.OPENS + day)
    second = make.live_rules("chieu", opens_at=make.OPENS + day, closes_at=make.OPENS + 2 * day)
    contest = make.contest(session, [first, second], owner=hana, who=Who(on_list_only=True))
    assert entering.room_now(session, contest, now=make.OPENS) is None
    room = make.contest_room(session, contest, hana)
    assert entering.room_now(session, contest, now=make.OPENS - day) is room
    assert entering.room_now(session, contest, now=make.OPENS + day) is None
    assert entering.rooms_of(session, contest) == {contest.rounds[0].id: room}
    shows.press(session, room, "end", {}, now=START)
    session.flush()
    assert entering.room_now(session, contest, now=START) is None
    assert not entering.takes_badges(session, contest)
    delegate(session, contest)
    assert entering.takes_badges(session, contest)
