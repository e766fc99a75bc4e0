from quizapp.services import deeds
from tests import make


def test_deeds_are_told_newest_first_with_who_did_them(session, now):
    otto = make.person(session, "otto")
    first = deeds.note(session, otto.id, "role.give", "person/1", None, {"roles": ["admin"]}, now=now)
    deeds.note(session, None, "bank.load", "bank", {"n": 1}, {"n": 2}, now=now)
    assert [(deed.deed, name) for deed, name in deeds.newest(session)] == [("bank.load", ""), ("role.give", "Otto")]
    assert len(deeds.newest(session, limit=1)) == 1
    assert deeds.newest(session, before_id=first.id) == []
