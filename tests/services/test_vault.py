import pytest
from cryptography.exceptions import InvalidTag

from quizapp.services.vault import Vault
from tests.make import VAULT

PLACE = {"table": "person", "column": "phone_sealed", "row": "ada"}


def test_what_is_sealed_opens_in_its_own_place_only():
    sealed = VAULT.seal("0912345678", **PLACE)
    assert VAULT.open(sealed, **PLACE) == "0912345678"
    for change in ({"row": "bob"}, {"column": "email_sealed"}, {"table": "winner"}):
        with pytest.raises(InvalidTag):
            VAULT.open(sealed, **{**PLACE, **change})


def test_a_sealed_field_shows_nothing_of_itself_and_never_looks_the_same():
    first, second = VAULT.seal("0912345678", **PLACE), VAULT.seal("0912345678", **PLACE)
    assert first != second
    assert b"0912345678" not in first


def test_another_key_does_not_open_it():
    with pytest.raises(InvalidTag):
        Vault.of("03" * 32, "02" * 32).open(VAULT.seal("0912345678", **PLACE), **PLACE)


def test_tags_are_equal_for_equal_values_of_a_kind_under_one_key():
    assert VAULT.tag("phone", "0912345678") == VAULT.tag("phone", "0912345678")
    assert VAULT.tag("phone", "0912345678") != VAULT.tag("email", "0912345678")
    assert VAULT.tag("phone", "0912345678") != Vault.of("01" * 32, "04" * 32).tag("phone", "0912345678")


def test_the_keys_do_not_show_in_a_log():
    assert "01" * 32 not in repr(VAULT) and "\\x01" not in repr(VAULT)
