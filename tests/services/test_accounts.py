from datetime import timedelta

import pytest

from quizapp.errors import Conflict, NotAllowed, NotFound, TooMany, Unreadable
from quizapp.models import SignInFailure, StaffDeed
from quizapp.services import accounts, passwords
from quizapp.services.accounts import SignedOut
from tests import make
from tests.make import PASSWORD, PHONES, VAULT


def told(session):
    return session.info.get("news", [])


def try_to_sign_in(session, login, password, now):
    claimed = accounts.claim(session, VAULT, login, now=now)
    right = passwords.matches(claimed.password_hash, password)
    return accounts.settle(session, claimed, right, device="Chrome", now=now)


def test_an_account_is_found_by_any_way_to_type_its_phone(session, now):
    ada = make.person(session, "ada")
    assert accounts.claim(session, VAULT, "+84 912 345 671", now=now).person_id == ada.id


def test_an_account_may_have_an_email_instead(session, now):
    wish = accounts.prepare("Ada@Example.vn", "Ada Lê", "con mèo đi học")
    ada = accounts.register(session, VAULT, wish, appears=True, language="en", now=now)
    assert accounts.contacts(VAULT, ada) == ["ada@example.vn"]
    assert accounts.masked_contacts(VAULT, ada) == ["ad***@example.vn"]
    assert (ada.phone_tag, ada.phone_sealed, ada.appears, ada.language) == (None, None, True, "en")
    assert try_to_sign_in(session, "ADA@example.vn", "con mèo đi học", now)


def test_nothing_readable_of_phone_or_password_is_kept(session, now):
    ada = make.person(session, "ada")
    kept = " ".join(str(value) for value in vars(ada).values())
    assert PHONES["ada"] not in kept
    assert PASSWORD not in kept


def test_a_phone_has_one_account(session):
    make.person(session, "ada")
    with pytest.raises(accounts.AlreadyThere):
        make.person(session, "ada")


@pytest.mark.parametrize(
    ("login", "name", "password"),
    [("12", "Ada Lê", PASSWORD), ("0912345678", "!", PASSWORD), ("0912345678", "Ada Lê", "0912345678")],
)
def test_what_is_not_in_order_is_not_registered(login, name, password):
    with pytest.raises(Unreadable):
        accounts.prepare(login, name, password)


def test_the_right_password_opens_a_sign_in_that_its_token_proves(session, now):
    ada = make.person(session, "ada", roles=("organizer", "reviewer"))
    opened = try_to_sign_in(session, PHONES["ada"], PASSWORD, now)
    someone = accounts.who(session, opened.token, now=now)
    assert (someone.id, someone.name, someone.roles) == (ada.id, "Ada", {"organizer", "reviewer"})
    assert accounts.who(session, opened.token + "x", now=now) is None


def test_each_sign_in_has_a_token_of_its_own(session, now):
    make.person(session, "ada")
    first, second = (try_to_sign_in(session, PHONES["ada"], PASSWORD, now) for _ in range(2))
    assert first.token != second.token


def test_unknown_and_known_accounts_look_alike(session, now):
    make.person(session, "ada")
    assert try_to_sign_in(session, PHONES["ada"], "wrong", now) is None
    assert try_to_sign_in(session, PHONES["bob"], "wrong", now) is None
    assert try_to_sign_in(session, "no phone at all", "wrong", now) is None


def test_guessing_is_slowed_after_five_tries_but_never_locked_out(session, now):
    make.person(session, "ada")
    for login in (PHONES["ada"], PHONES["bob"]):  # bob has no account; the guesser must not see it
        for _ in range(accounts.FREE_TRIES):
            try_to_sign_in(session, login, "wrong", now)
        with pytest.raises(TooMany):
            try_to_sign_in(session, login, PASSWORD, now + timedelta(seconds=29))
    assert try_to_sign_in(session, PHONES["ada"], PASSWORD, now + accounts.SLOWED_FOR)


def test_many_guesses_at_once_count_before_any_is_settled(session, now):
    make.person(session, "ada")
    for _ in range(accounts.FREE_TRIES):
        accounts.claim(session, VAULT, PHONES["ada"], now=now)
    with pytest.raises(TooMany):
        accounts.claim(session, VAULT, PHONES["ada"], now=now)


def test_a_success_forgives_the_failures_before_it(session, now):
    make.person(session, "ada")
    for _ in range(accounts.FREE_TRIES - 1):
        try_to_sign_in(session, PHONES["ada"], "wrong", now)
    assert try_to_sign_in(session, PHONES["ada"], PASSWORD, now)
    assert session.query(SignInFailure).count() == 0


def test_old_failures_are_forgotten(session, now):
    for _ in range(accounts.FREE_TRIES):
        accounts.claim(session, VAULT, PHONES["ada"], now=now)
    later = now + accounts.FORGOTTEN_AFTER + timedelta(seconds=1)
    accounts.claim(session, VAULT, PHONES["ada"], now=later)
    assert session.query(SignInFailure).count() == 1


def test_signing_out_ends_one_browser_and_says_so(session, now):
    ada = make.person(session, "ada")
    here, there = (accounts.open_sign_in(session, ada, device="", now=now) for _ in range(2))
    accounts.sign_out(session, ada.id, here.sign_in_id, now=now)
    assert accounts.who(session, here.token, now=now) is None
    assert accounts.who(session, there.token, now=now)
    assert told(session) == [SignedOut(ada.id, here.sign_in_id)]


def test_mallory_ends_nobody_elses_sign_in(session, now):
    ada, mallory = make.person(session, "ada"), make.person(session, "mallory")
    opened = accounts.open_sign_in(session, ada, device="", now=now)
    accounts.sign_out(session, mallory.id, opened.sign_in_id, now=now)
    assert accounts.who(session, opened.token, now=now)
    assert told(session) == []


def test_signing_out_everywhere_may_spare_one_browser(session, now):
    ada = make.person(session, "ada")
    opened = [accounts.open_sign_in(session, ada, device="", now=now) for _ in range(3)]
    assert accounts.sign_out_everywhere(session, ada.id, but=opened[1].sign_in_id, now=now) == 2
    assert [accounts.who(session, one.token, now=now) is not None for one in opened] == [False, True, False]
    assert [row.id for row in accounts.sign_ins(session, ada.id, now=now)] == [opened[1].sign_in_id]


def test_a_browser_not_seen_for_a_month_is_signed_out(session, now):
    ada = make.person(session, "ada")
    opened = accounts.open_sign_in(session, ada, device="", now=now)
    accounts.seen(session, opened.sign_in_id, now=now + timedelta(days=1))
    assert accounts.who(session, opened.token, now=now + timedelta(days=30))
    assert accounts.who(session, opened.token, now=now + timedelta(days=31)) is None


def test_a_new_password_needs_the_old_one_and_signs_out_elsewhere(session, now):
    ada = make.person(session, "ada")
    here, there = (accounts.open_sign_in(session, ada, device="", now=now) for _ in range(2))
    with pytest.raises(accounts.WrongPassword):
        accounts.new_password_hash(ada, VAULT, "wrong", "trời hôm nay xanh")
    with pytest.raises(Unreadable):
        accounts.new_password_hash(ada, VAULT, PASSWORD, PHONES["ada"])
    made = accounts.new_password_hash(ada, VAULT, PASSWORD, "trời hôm nay xanh")
    accounts.change_password(session, ada, made, keep=here.sign_in_id, now=now)
    assert accounts.who(session, here.token, now=now)
    assert accounts.who(session, there.token, now=now) is None
    assert try_to_sign_in(session, PHONES["ada"], "trời hôm nay xanh", now)


def test_somebody_may_change_name_language_and_appearance(session):
    ada = make.person(session, "ada")
    accounts.rename(session, ada, " Lê  Thị Ada ")
    accounts.choose(session, ada, appears=True)
    accounts.choose(session, ada, language="en")
    assert (ada.name, ada.search, ada.appears, ada.language) == ("Lê Thị Ada", "le thi ada", True, "en")


def test_an_unknown_account_is_not_found(session):
    with pytest.raises(NotFound):
        accounts.find(session, "nobody")


def test_people_are_found_by_name_without_accents_by_phone_and_by_role(session, now):
    ada = make.person(session, "ada", name="Đặng Thị Hoà")
    bob = make.person(session, "bob", name="Trần Văn Bốn", roles=("reviewer",), now=now)
    assert accounts.search(session, VAULT, "hoa dang") == [ada]
    assert accounts.search(session, VAULT, "0912 345 672") == [bob]
    assert accounts.search(session, VAULT, "0912345675") == []
    assert accounts.search(session, VAULT, "%") == []
    assert accounts.search(session, VAULT, "", role="reviewer") == [bob]
    assert accounts.search(session, VAULT, "") == [bob, ada]
    assert accounts.search(session, VAULT, "", after=bob.id) == [ada]


def test_giving_and_taking_a_role_is_written_down(session, now):
    otto, hana = make.person(session, "otto", roles=("admin",)), make.person(session, "hana")
    session.query(StaffDeed).delete()
    opened = accounts.open_sign_in(session, hana, device="", now=now)
    accounts.give_role(session, otto.id, hana, "organizer", now=now)
    accounts.give_role(session, otto.id, hana, "organizer", now=now)
    assert accounts.who(session, opened.token, now=now).roles == {"organizer"}
    accounts.take_role(session, otto.id, hana, "organizer", now=now)
    accounts.take_role(session, otto.id, hana, "organizer", now=now)
    deeds = session.query(StaffDeed).order_by(StaffDeed.id).all()
    assert [(deed.deed, deed.before, deed.after) for deed in deeds] == [
        ("role.give", {"roles": []}, {"roles": ["organizer"]}),
        ("role.take", {"roles": ["organizer"]}, {"roles": []}),
    ]


def test_who_loses_a_role_is_signed_out(session, now):
    hana = make.person(session, "hana", roles=("organizer",))
    opened = accounts.open_sign_in(session, hana, device="", now=now)
    accounts.take_role(session, None, hana, "organizer", now=now)
    assert accounts.who(session, opened.token, now=now) is None
    assert told(session) == [SignedOut(hana.id, opened.sign_in_id)]


def test_there_are_no_other_roles(session, now):
    with pytest.raises(Unreadable):
        accounts.give_role(session, None, make.person(session, "mallory"), "king", now=now)


def test_an_admin_can_neither_drop_nor_block_themselves(session, now):
    otto = make.person(session, "otto", roles=("admin",))
    with pytest.raises(Conflict):
        accounts.take_role(session, otto.id, otto, "admin", now=now)
    with pytest.raises(Conflict):
        accounts.block(session, otto.id, otto, reason="", now=now)


def test_a_blocked_account_is_out_at_once_until_it_is_let_in_again(session, now):
    otto, mallory = make.person(session, "otto"), make.person(session, "mallory")
    opened = accounts.open_sign_in(session, mallory, device="", now=now)
    accounts.block(session, otto.id, mallory, reason="quấy rối", now=now)
    accounts.block(session, otto.id, mallory, reason="lần hai", now=now)
    assert accounts.who(session, opened.token, now=now) is None
    with pytest.raises(NotAllowed):
        try_to_sign_in(session, PHONES["mallory"], PASSWORD, now)
    accounts.unblock(session, otto.id, mallory, now=now)
    accounts.unblock(session, otto.id, mallory, now=now)
    assert try_to_sign_in(session, PHONES["mallory"], PASSWORD, now)
    assert [deed.deed for deed in session.query(StaffDeed)] == ["person.block", "person.unblock"]
