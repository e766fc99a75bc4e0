import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from quizapp import db, models
from quizapp.errors import Conflict, NotAllowed, NotFound, TooLate
from quizapp.models import Consent, Contestant, ContestRole, Delegate, Person, Unit
from quizapp.rules import consent
from quizapp.rules.contest import Division, Fields, Who, Words
from quizapp.rules.registration import Birth, Said
from quizapp.services import accounts, contests, corrections, entries, exclusions, places, registrations, units
from quizapp.services.entries import EnteredAlready, Faulty, NumberTaken
from quizapp.services.registrations import Involved
from tests import make
from tests.make import PHONES, VAULT
from tests.programs import postgres, postgres_url  # noqa: F401 - fixtures

THREADS = 16
NOW = make.OPENS - timedelta(hours=20)  # 1 March 2026, after publication
BEFORE = make.MADE
ALL = frozenset({"take_part", "publish", "news"})
NUMBER = "044190012345"  # a woman born in 1990
HOA = Said(
    full_name="Nguyễn Thị Hoa",
    birth_date="8/3/1990",
    sex="f",
    phone="0901 234 567",
    identity_number=NUMBER,
    province="44",
    commune="Xã Gio Linh",
    consents=frozenset({"take_part"}),
)
MOTHER = {
    "guardian_name": "Trần Thị Lan",
    "guardian_phone": "0987654321",
    "guardian_consents": frozenset({"take_part", "publish"}),
}
WITH_NUMBER = Fields(identity_number="required", sex="optional")


def said(**changes):
    return replace(HOA, **changes)


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def ada(session):
    return make.person(session, "ada")


@pytest.fixture
def bob(session):
    return make.person(session, "bob")


@pytest.fixture
def contest(session, hana):
    return make.contest(session, owner=hana, now=BEFORE)


def held(session, hana, slug="khac", fields=None, **who):
    """Another contest with its own rules of who may enter."""
    return make.contest(session, slug=slug, owner=hana, who=Who(fields=fields or Fields(), **who), now=BEFORE)


def enter(session, contest, person, wish=HOA, now=NOW, **more):
    return registrations.register(session, VAULT, contest, person, wish, now=now, **more)


def problems(session, contest, person, wish):
    with pytest.raises(Faulty) as refused:
        enter(session, contest, person, wish)
    return {name: one.sentence % one.details for name, one in refused.value.problems.items()}


# ── What is kept ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_registration_keeps_names_plain_numbers_as_tags_and_the_rest_sealed(session, hana, ada):
    contest = held(session, hana, fields=Fields(identity_number="required", email="optional", unit="optional"))
    made = enter(session, contest, ada, said(email="Hoa@gmail.com", street="12 Lê Lợi", unit="Cty May 10"))
    assert (made.name, made.search, made.person_id, made.status) == (
        "Nguyễn Thị Hoa",
        "nguyen thi hoa",
        ada.id,
        "ELIGIBLE",
    )
    assert made.identity_tag == VAULT.tag("identity", NUMBER) and made.identity_sealed is None
    assert made.phone_tag == VAULT.tag("phone", "0901234567")
    assert entries.birth(VAULT, made) == Birth(date(1990, 3, 8))
    opened = [entries.opened(VAULT, made, name) for name in ("phone", "email", "address", "guardian_phone")]
    assert opened == ["0901234567", "hoa@gmail.com", "12 Lê Lợi", ""]
    unit, place = session.get(Unit, made.unit_id), session.get(Unit, made.place_id)
    assert (unit.name, unit.typed, place.name, place.level) == ("Cty May 10", True, "Xã Gio Linh", "commune")


def test_no_column_holds_a_number_in_any_readable_form(session, hana, ada):
    contest = held(session, hana, fields=Fields(identity_number="required", other_paper="optional"))
    made = enter(session, contest, ada, said(other_paper="C1234567"))
    columns = [getattr(made, column.key) for column in Contestant.__table__.columns]
    kept = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in columns)
    for secret in (NUMBER, "0901234567", "1990-03-08", "C1234567"):
        assert secret.encode() not in kept


def test_the_code_follows_from_the_account_and_an_invite_code_is_given(session, contest, ada):
    made = enter(session, contest, ada)
    assert made.code == contests.code(b"P" * 32, contest.slug, ada.id)
    assert len(made.invite_code) == 8


def test_a_code_that_somebody_has_gets_a_counter(session, contest, ada):
    taken = contests.code(b"P" * 32, contest.slug, ada.id)
    session.add(Contestant(contest_id=contest.id, code=taken, name="Khác", registered_at=NOW))
    session.flush()
    assert enter(session, contest, ada).code == contests.code(b"P" * 32, contest.slug, ada.id, 1)


def test_an_incomplete_birth_date_is_marked(session, contest, ada):
    made = enter(session, contest, ada, said(birth_date="1990"))
    assert made.birth_known == "year" and entries.birth(VAULT, made) == Birth(date(1990, 1, 1), "year")
    assert made.age_from == 35  # all that statistics know of an age


def test_each_ticked_box_is_kept_with_the_words_it_stood_for(session, contest, ada):
    made = enter(session, contest, ada, said(consents=ALL))
    rows = session.scalars(select(Consent).where(Consent.contestant_id == made.id).order_by(Consent.purpose)).all()
    assert [(one.purpose, one.by, one.given_at, one.how) for one in rows] == [
        ("news", "self", NOW, "form"),
        ("publish", "self", NOW, "form"),
        ("take_part", "self", NOW, "form"),
    ]
    assert rows[0].wording == consent.wording(contests.settings(contest), "self", "news")


# ── When ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_register_from_publication_until_the_last_round_closes(session, hana, ada, bob):
    contest = make.contest(session, rounds=2, slug="hai-tuan", owner=hana, now=BEFORE)
    last = make.CLOSES + timedelta(days=7)
    for moment in (BEFORE - timedelta(seconds=1), last):
        with pytest.raises(TooLate, match="không nhận đăng ký"):
            enter(session, contest, ada, now=moment)
    assert enter(session, contest, ada, now=last - timedelta(seconds=1))
    draft = make.contest(session, slug="nhap", owner=hana, published=False)
    assert not registrations.is_open(draft, now=NOW)


def test_everything_wrong_is_said_at_once(session, contest, ada):
    assert set(problems(session, contest, ada, Said())) == {
        "full_name",
        "birth_date",
        "phone",
        "province",
        "commune",
        "consents",
    }
    assert session.scalar(select(func.count()).select_from(Contestant)) == 0


# ── One person, one entry ───────────────────────────────────────────────────────────────────────────────────────


def test_an_account_enters_once(session, contest, ada):
    enter(session, contest, ada)
    with pytest.raises(EnteredAlready):
        enter(session, contest, ada, said(phone="0907654321", full_name="Trần Văn An"))


def test_a_second_account_with_the_same_phone_is_told_how_to_come_back(session, contest, ada, bob):
    enter(session, contest, ada)
    with pytest.raises(NumberTaken, match="đăng nhập lại") as refused:
        enter(session, contest, bob, said(full_name="Trần Văn An", phone="+84901234567"))
    assert "0901" not in refused.value.sentence and "567" not in refused.value.sentence


def test_the_identity_number_is_the_key_where_it_is_collected(session, hana, ada, bob):
    contest = held(session, hana, fields=WITH_NUMBER)
    enter(session, contest, ada)
    with pytest.raises(NumberTaken):
        enter(session, contest, bob, said(phone="0907654321"))
    other = "044190054321"
    assert enter(session, contest, bob, said(phone="0907654321", identity_number=other))


def test_a_foreigner_is_known_by_the_passport(session, hana, ada, bob):
    contest = held(session, hana, fields=Fields(identity_number="required", other_paper="optional"))
    wish = said(identity_number="", other_paper="c1234567")
    enter(session, contest, ada, wish)
    with pytest.raises(NumberTaken):
        enter(session, contest, bob, replace(wish, phone="0907654321", other_paper="C 1234567"))


def test_a_phone_is_shared_by_as_many_as_the_rulebook_says(session, hana, ada, bob):
    contest = held(session, hana, phone_shared_max=2)
    first = enter(session, contest, ada)
    second = enter(session, contest, bob, said(full_name="Trần Văn An"))
    assert {first.phone_slot, second.phone_slot} == {1, 2} and first.key_tag != second.key_tag
    with pytest.raises(NumberTaken):
        enter(session, contest, make.person(session, "otto"), said(full_name="Lê Văn Bình"))


def test_one_name_with_one_phone_is_one_person(session, hana, ada, bob):
    contest = held(session, hana, phone_shared_max=5)
    enter(session, contest, ada)
    with pytest.raises(NumberTaken):
        enter(session, contest, bob, said(full_name="NGUYỄN THỊ HOÀ"))


def test_the_same_person_enters_every_contest(session, contest, hana, ada):
    other = held(session, hana)
    assert enter(session, contest, ada).code != enter(session, other, ada).code


def test_where_neither_number_nor_phone_is_collected_only_the_account_counts(session, hana, ada, bob):
    contest = held(session, hana, fields=Fields(phone="off"))
    first, second = enter(session, contest, ada), enter(session, contest, bob)
    assert first.key_tag is None and second.key_tag is None


def register_two_hundred(fields, wish_of):
    """A contest, 200 accounts, and all of them registering at the same moment; gives what each was told."""
    with db.begin() as session:
        hana = make.person(session, "hana")
        make.contest(session, slug="dua", owner=hana, who=Who(fields=fields), now=BEFORE)
        people = [Person(name=f"Người {n}", password_hash=make.PASSWORD_HASH, made_at=BEFORE) for n in range(200)]
        session.add_all(people)
        session.flush()
        ids = [person.id for person in people]
    start = threading.Barrier(THREADS)

    def some(mine):
        start.wait(timeout=30)
        return [one(n) for n in mine]

    def one(n):
        try:
            with db.begin() as session:
                contest = contests.find(session, "dua")
                enter(session, contest, session.get(Person, ids[n]), wish_of(n))
        except NumberTaken:
            return "taken"
        return "entered"

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        told = pool.map(some, [range(first, 200, THREADS) for first in range(THREADS)])
    return [one for part in told for one in part]


def name_of(n):
    letters = "abcdefghij"
    return "Nguyễn Thị " + letters[n // 100] + letters[n // 10 % 10] + letters[n % 10]


def by_number(n):
    return said(full_name=name_of(n), phone=f"0901{n:06}")


def by_phone(n):
    return said(full_name=name_of(n), identity_number="")


@pytest.mark.parametrize(("fields", "wishes"), [(WITH_NUMBER, by_number), (Fields(), by_phone)])
def test_two_hundred_at_once_with_one_number_make_one_entry(engine, fields, wishes):
    outcomes = register_two_hundred(fields, wishes)
    assert outcomes.count("entered") == 1 and outcomes.count("taken") == 199
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Contestant)) == 1


@pytest.fixture
def scaled(postgres_url):  # noqa: F811
    """The other database: there many write at the same time."""
    made = db.connect(postgres_url)
    models.Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(("fields", "wishes"), [(WITH_NUMBER, by_number), (Fields(), by_phone)])
def test_two_hundred_at_once_make_one_entry_on_postgresql(scaled, fields, wishes):
    outcomes = register_two_hundred(fields, wishes)
    assert outcomes.count("entered") == 1 and outcomes.count("taken") == 199
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Contestant)) == 1
        assert session.scalar(select(func.count()).select_from(Unit).where(Unit.level == "commune")) == 1
        assert session.scalar(select(func.count()).select_from(Unit).where(Unit.level == "province")) == 1


def at_once(*steps):
    """Do all steps at the same moment, each in a transaction of its own; gives the refusals."""
    start = threading.Barrier(len(steps))

    def one(step):
        with db.begin() as session:
            start.wait(timeout=30)
            try:
                step(session)
            except Conflict as refusal:
                return type(refusal)
        return None

    with ThreadPoolExecutor(max_workers=len(steps)) as pool:
        return [told for told in pool.map(one, steps) if told is not None]


def test_pressing_twice_enters_once_on_postgresql(scaled):
    with db.begin() as session:
        make.contest(session, slug="dua", owner=make.person(session, "hana"), now=BEFORE)
        ada_id = make.person(session, "ada").id

    def press(session):
        enter(session, contests.find(session, "dua"), session.get(Person, ada_id))

    assert at_once(*[press] * 8) == [EnteredAlready] * 7


def test_pressing_twice_without_any_number_enters_once_on_postgresql(scaled):
    with db.begin() as session:
        who = Who(fields=Fields(phone="off"))
        make.contest(session, slug="dua", owner=make.person(session, "hana"), who=who, now=BEFORE)
        ada_id = make.person(session, "ada").id

    def press(session):
        enter(session, contests.find(session, "dua"), session.get(Person, ada_id))

    assert at_once(*[press] * 8) == [EnteredAlready] * 7


def test_two_people_who_take_one_phone_at_once_are_told_apart_on_postgresql(scaled):
    with db.begin() as session:
        contest = make.contest(session, slug="dua", owner=make.person(session, "hana"), now=BEFORE)
        ids = [
            enter(session, contest, make.person(session, who), said(full_name=name, phone=phone)).id
            for who, name, phone in (("ada", "Lê An", "0901000001"), ("bob", "Lê Bình", "0901000002"))
        ]

    def change(id, name):
        def step(session):
            contest, contestant = contests.find(session, "dua"), session.get(Contestant, id)
            wish = said(full_name=name, phone="0901000009")
            corrections.edit(session, VAULT, contest, contestant, wish, now=NOW)

        return step

    assert at_once(change(ids[0], "Lê An"), change(ids[1], "Lê Bình")) == [NumberTaken]


# ── Guardians, households, children ─────────────────────────────────────────────────────────────────────────────


def test_a_guardian_enters_several_children_and_themselves_with_one_phone(session, hana, ada):
    contest = held(session, hana, guardians=True)
    own = enter(session, contest, ada, said(phone="0987654321", full_name="Trần Thị Lan"))
    made = []
    for name, born in (("Lê An", "1/6/2015"), ("Lê Bình", "1/6/2017")):
        child = accounts.add_member(session, ada, name, now=NOW)
        wish = said(full_name=name, birth_date=born, phone="", guardian=True, **MOTHER)
        made.append(enter(session, contest, child, wish))
    assert all(one.guardian and one.phone_tag is None and one.guardian_name == "Trần Thị Lan" for one in made)
    assert len({one.key_tag for one in (own, *made)}) == 3
    assert [one.name for one in registrations.household(session, contest, ada.id)] == ["Lê An", "Lê Bình"]
    again = accounts.add_member(session, ada, "Lê An", now=NOW)
    with pytest.raises(NumberTaken):
        enter(
            session, contest, again, said(full_name="lê an", birth_date="01/06/2015", phone="", guardian=True, **MOTHER)
        )


def test_a_guardians_identity_number_never_meets_the_guardians_own_entry(session, hana, ada):
    contest = held(session, hana, fields=Fields(identity_number="required"), guardians=True)
    number = "044180012345"
    enter(session, contest, ada, said(identity_number=number, birth_date="1/1/1980", full_name="Trần Thị Lan"))
    elder = accounts.add_member(session, ada, "Trần Văn Cụ", now=NOW)
    wish = said(
        full_name="Trần Văn Cụ",
        birth_date="1940",
        sex="m",
        phone="",
        identity_number="",
        guardian=True,
        guardian_identity=number,
        **MOTHER,
    )
    made = enter(session, contest, elder, wish)
    assert made.guardian and made.identity_tag is None and made.birth_known == "year"


def test_consents_of_a_child_and_its_guardian_are_kept_apart(session, hana, ada):
    contest = held(session, hana, guardians=True)
    child = accounts.add_member(session, ada, "Lê An", now=NOW)
    wish = said(full_name="Lê An", birth_date="1/6/2015", phone="", guardian=True, consents=ALL, **MOTHER)
    made = enter(session, contest, child, wish)
    rows = session.execute(select(Consent.by, Consent.purpose).where(Consent.contestant_id == made.id))
    assert sorted(map(tuple, rows)) == [
        ("guardian", "publish"),
        ("guardian", "take_part"),
        ("self", "publish"),
        ("self", "take_part"),
    ]
    assert made.guardian_at == NOW


def test_a_household_has_its_end(session, ada):
    for n in range(accounts.MOST_MEMBERS):
        member = accounts.add_member(session, ada, f"Người {n}", now=NOW)
    with pytest.raises(Conflict):
        accounts.add_member(session, ada, "Thêm nữa", now=NOW)
    with pytest.raises(Conflict):
        accounts.add_member(session, member, "Của người nhà", now=NOW)
    assert accounts.find_member(session, ada.id, member.id) is member
    with pytest.raises(NotFound):
        accounts.find_member(session, member.id, ada.id)


def test_only_some_contests_take_households(session):
    assert not registrations.takes_households(make.contest_rules())
    assert registrations.takes_households(make.contest_rules(who=Who(guardians=True)))
    assert registrations.takes_households(make.contest_rules(who=Who(phone_shared_max=2)))


# ── People who work on it ───────────────────────────────────────────────────────────────────────────────────────


def test_who_holds_a_role_in_the_contest_cannot_enter_it(session, contest, hana):
    with pytest.raises(Involved, match="tham gia tổ chức"):
        enter(session, contest, hana)


def test_where_the_rulebook_lets_them_in_they_win_nothing(session, hana):
    contest = held(session, hana, involved="HORS_CONCOURS")
    made = enter(session, contest, hana)
    assert (made.status, made.status_reason) == ("HORS_CONCOURS", "Tham gia tổ chức cuộc thi.")


def test_a_second_account_with_the_phone_of_a_role_holder_is_known(session, contest, ada):
    with pytest.raises(Involved):
        enter(session, contest, ada, said(phone=PHONES["hana"]))


def test_a_focal_point_may_take_part(session, contest, ada):
    session.add(ContestRole(contest_id=contest.id, person_id=ada.id, role="focal", given_at=NOW))
    session.flush()
    assert enter(session, contest, ada).status == "ELIGIBLE"


@pytest.mark.parametrize("known_by", [{"identity_number": NUMBER}, {"phone": "0901234567"}])
def test_people_on_the_list_are_known_by_their_numbers_whatever_their_name(session, hana, ada, known_by):
    contest = held(session, hana, fields=WITH_NUMBER)
    exclusions.add(session, VAULT, contest, hana.id, name="Tên Khác Hẳn", work="Ban Tổ chức", now=NOW, **known_by)
    with pytest.raises(Involved):
        enter(session, contest, ada)


def test_a_namesake_of_somebody_on_the_list_may_enter(session, contest, hana, ada):
    exclusions.add(session, VAULT, contest, hana.id, name=HOA.full_name, phone="0909999999", now=NOW)
    assert enter(session, contest, ada).status == "ELIGIBLE"


def test_the_child_of_somebody_on_the_list_is_kept_out_only_where_families_are(session, hana, ada):
    for slug, families in (("rieng", False), ("ca-nha", True)):
        contest = held(session, hana, slug, guardians=True, families_involved=families)
        exclusions.add(session, VAULT, contest, hana.id, name="Trần Thị Lan", phone="0987654321", now=NOW)
        child = accounts.add_member(session, ada, "Lê An", now=NOW)
        wish = said(full_name="Lê An", birth_date="1/6/2015", phone="", guardian=True, **MOTHER)
        if families:
            with pytest.raises(Involved):
                enter(session, contest, child, wish)
        else:
            assert enter(session, contest, child, wish).status == "ELIGIBLE"


def test_people_barred_by_an_earlier_contest_stay_out(session, contest, hana, ada):
    earlier = held(session, hana)
    make.contestant(session, earlier, ada, barred_rounds={"+": "Mua bài", "*": "Mua bài"})
    with pytest.raises(NotAllowed, match="quyết định"):
        enter(session, contest, ada)


# ── Divisions, delegates, provinces, invitations ────────────────────────────────────────────────────────────────

AB = (Division(key="a", name=Words("Bảng A")), Division(key="b", name=Words("Bảng B")))


def test_everybody_stands_in_one_division(session, hana, ada):
    contest = held(session, hana, divisions=AB)
    assert set(problems(session, contest, ada, HOA)) == {"division"}
    assert enter(session, contest, ada, said(division="b")).division == "b"


@pytest.fixture
def conference(session, hana):
    """Rulebook C: people on a list, by the code on their badge."""
    contest = held(
        session,
        hana,
        "hoi-nghi",
        Fields(phone="off", address="off", birth_date="off", delegate_code="required"),
        on_list_only=True,
        divisions=AB,
    )
    for code, name, division in (("DB-001", "Ông Hoàng Khải", "a"), ("DB-002", "Nguyễn Thị Hoa", None)):
        session.add(Delegate(contest_id=contest.id, code=code, name=name, team="Đoàn Sở Y tế", division=division))
    session.flush()
    return contest


def test_a_delegate_enters_by_the_badge_and_the_list_says_team_and_division(session, conference, ada):
    made = enter(session, conference, ada, said(full_name="ông hoàng khải", delegate_code=" db-001"))
    assert (made.delegate_code, made.team, made.division) == ("DB-001", "Đoàn Sở Y tế", "a")
    assert session.scalar(select(Delegate.contestant_id).where(Delegate.code == "DB-001")) == made.id


def test_a_code_of_nobody_of_another_or_taken_is_refused(session, conference, ada, bob):
    assert "không có mã" in problems(session, conference, ada, said(delegate_code="DB-009"))["delegate_code"].lower()
    assert "họ tên" in problems(session, conference, ada, said(delegate_code="DB-001"))["delegate_code"]
    assert "division" in problems(session, conference, ada, said(delegate_code="DB-002"))
    enter(session, conference, ada, said(delegate_code="DB-002", division="a"))
    assert (
        "đã được dùng"
        in problems(session, conference, bob, said(delegate_code="DB-002", division="a"))["delegate_code"]
    )
    assert set(problems(session, conference, bob, said())) >= {"delegate_code"}


def test_without_a_list_a_delegate_code_is_only_kept(session, hana, ada, bob):
    contest = held(session, hana, fields=Fields(phone="off", delegate_code="optional"))
    assert enter(session, contest, ada, said(delegate_code="x1")).delegate_code == "X1"
    with pytest.raises(NumberTaken):
        enter(session, contest, bob, said(delegate_code="X1"))


def test_people_from_elsewhere_declare_where_they_work(session, hana, ada):
    contest = held(session, hana, provinces=("44",))
    away = said(province="01", commune="Phường Hoàn Kiếm")
    assert set(problems(session, contest, ada, away)) == {"belongs"}
    made = enter(session, contest, ada, replace(away, unit="Trường A", belongs=True))
    kept = session.scalars(select(Consent).where(Consent.purpose == "belongs")).one()
    assert kept.contestant_id == made.id and kept.wording == consent.declared(contests.settings(contest))


def test_an_invitation_is_remembered_and_an_unknown_one_said(session, contest, ada, bob):
    inviter = enter(session, contest, ada)
    assert "mã mời" in problems(session, contest, bob, said(phone="0907654321", invited_by="KHONGCO1"))["invited_by"]
    typed = f"{inviter.invite_code[:4]}-{inviter.invite_code[4:]}".lower()
    made = enter(session, contest, bob, said(full_name="Trần Văn An", phone="0907654321", invited_by=typed))
    assert made.invited_by_id == inviter.id


def test_nobody_invites_themselves(session, contest, ada):
    by_hand = enter(session, contest, None, how="paper")
    wish = said(invited_by=by_hand.invite_code)
    assert "chính mình" in problems(session, contest, ada, wish)["invited_by"]


# ── Entered by the secretariat ──────────────────────────────────────────────────────────────────────────────────


def test_an_entry_made_by_hand_is_taken_over_by_its_owner(session, contest, ada, bob):
    by_hand = enter(session, contest, None, how="paper")
    assert by_hand.person_id is None
    with pytest.raises(NumberTaken):
        enter(session, contest, bob, said(full_name="Trần Văn An"))
    code = by_hand.code
    made = enter(session, contest, ada, said(commune="Xã Cam Lộ"))
    assert made is by_hand and (made.person_id, made.code) == (ada.id, code)
    assert session.get(Unit, made.place_id).name == "Xã Cam Lộ"
    assert [one.how for one in session.scalars(select(Consent).order_by(Consent.id))] == ["paper", "form"]


# ── Units and places ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_unit_is_picked_or_named_and_one_of_several_must_be_picked(session, contest, hana, ada, bob):
    tops = [units.add(session, contest, hana.id, "unit", name, now=NOW) for name in ("P", "Q")]
    schools = [units.add(session, contest, hana.id, "unit", "Trường A", parent=top, now=NOW) for top in tops]
    assert "chọn một đơn vị" in problems(session, contest, ada, said(unit="trường a"))["unit"]
    assert enter(session, contest, ada, said(unit="Trường A – Q")).unit_id == schools[1].id
    other = said(full_name="Trần Văn An", phone="0907654321", unit_id=schools[0].id)
    assert enter(session, contest, bob, other).unit_id == schools[0].id
    with pytest.raises(NotFound):
        enter(
            session, contest, make.person(session, "otto"), said(full_name="Lê Ba", phone="0907654322", unit_id=99_999)
        )


def test_a_picked_commune_of_another_province_is_a_problem_of_its_field(session, contest, hana, ada):
    above = places.province(session, contest, "01", now=NOW)
    commune = units.add(session, contest, hana.id, "place", "Phường Hoàn Kiếm", parent=above, now=NOW)
    assert "không thuộc tỉnh" in problems(session, contest, ada, said(place_id=commune.id))["commune"]


def test_ones_own_entry_is_found_for_oneself_only(session, contest, ada, bob):
    made = enter(session, contest, ada)
    assert registrations.find_mine(session, contest, ada.id, for_change=True) is made
    with pytest.raises(NotFound):
        registrations.find_mine(session, contest, bob.id)
    assert not registrations.has_sat(session, made)
