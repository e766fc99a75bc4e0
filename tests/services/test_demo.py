from quizapp.services import accounts, demo, passwords
from tests.make import VAULT


def test_every_demo_account_signs_in_with_its_stated_password_and_roles(session, now):
    assert demo.seed(session, VAULT, now=now) == len(demo.LOGINS)
    for login in demo.LOGINS:
        claimed = accounts.claim(session, VAULT, login.login, now=now)
        opened = accounts.settle(
            session, claimed, passwords.matches(claimed.password_hash, login.password), device="", now=now
        )
        assert accounts.who(session, opened.token, now=now).roles == set(login.roles)


def test_seeding_again_adds_nobody_and_keeps_what_was_changed(session, now):
    demo.seed(session, VAULT, now=now)
    hana = demo.find(session, VAULT, "hana")
    accounts.rename(session, hana, "Hạ Na")
    assert demo.seed(session, VAULT, now=now) == 0
    assert hana.name == "Hạ Na"


def test_only_the_demo_domain_is_the_demo():
    assert demo.is_demo(" Hana@Demo.test ")
    assert not demo.is_demo("hana@example.vn")
