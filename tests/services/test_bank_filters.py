"""Filters kept under a name, everybody their own."""

import pytest

from quizapp.errors import NotFound, Unreadable
from quizapp.services import bank_filters
from tests import make


def test_filters_are_kept_under_a_name_and_the_newest_stays(session, now):
    otto, hana = make.person(session, "otto"), make.person(session, "hana")
    bank_filters.keep(session, otto.id, " Chờ  duyệt ", {"trang-thai": "waiting", "tim": ""})
    bank_filters.keep(session, otto.id, "Chờ duyệt", {"trang-thai": "recheck"})
    (kept,) = bank_filters.of(session, otto.id)
    assert (kept.name, kept.chosen) == ("Chờ duyệt", {"trang-thai": "recheck"})
    assert bank_filters.of(session, hana.id) == []
    with pytest.raises(NotFound):
        bank_filters.drop(session, hana.id, kept.id)
    bank_filters.drop(session, otto.id, kept.id)
    assert bank_filters.of(session, otto.id) == []


def test_a_filter_has_a_name_and_nobody_keeps_too_many(session):
    otto = make.person(session, "otto")
    for name in (" ", "x" * 61):
        with pytest.raises(Unreadable):
            bank_filters.keep(session, otto.id, name, {})
    for n in range(bank_filters.MOST):
        bank_filters.keep(session, otto.id, str(n), {})
    with pytest.raises(Unreadable):
        bank_filters.keep(session, otto.id, "thêm", {})
