"""Remarks on the fields of a question."""

import pytest

from quizapp.errors import Conflict, NotFound, Refusal, Unreadable
from quizapp.services import approvals, comments
from tests import make
from tests.rules.test_bank import LAW
from tests.services.test_revisions import otto  # noqa: F401

ID = "huu-tri-001"


def test_a_remark_is_open_until_somebody_settles_it_once(session, otto, now):  # noqa: F811
    id = comments.write(session, ID, "stem", " Nên nêu  rõ nhóm. ", otto.id, now=now)
    (comment,) = comments.of(session, ID)
    assert (comment.text, comment.field, comment.version, comment.author, comment.settled_at) == (
        "Nên nêu rõ nhóm.",
        "stem",
        1,
        "Otto",
        None,
    )
    assert approvals.open_comments(session, ID) == 1
    comments.settle(session, ID, id, otto.id, now=now)
    assert comments.of(session, ID)[0].settler == "Otto" and approvals.open_comments(session, ID) == 0
    with pytest.raises(Conflict):
        comments.settle(session, ID, id, otto.id, now=now)


def test_open_remarks_come_first(session, otto, now):  # noqa: F811
    first, second = (comments.write(session, ID, "", text, otto.id, now=now) for text in ("một", "hai"))
    comments.settle(session, ID, first, otto.id, now=now)
    assert [comment.id for comment in comments.of(session, ID)] == [second, first]


def test_a_question_with_open_remarks_is_not_approved(session, otto, now):  # noqa: F811
    approvals.take(session, ID, "recheck", otto.id, ["reviewer"], LAW, reason="Xem lại", now=now)
    id = comments.write(session, ID, "options", "Phương án B?", otto.id, now=now)
    with pytest.raises(Refusal, match="góp ý"):
        approvals.take(session, ID, "approve", otto.id, ["reviewer"], LAW, now=now)
    comments.settle(session, ID, id, otto.id, now=now)
    assert approvals.take(session, ID, "approve", otto.id, ["reviewer"], LAW, now=now) == "approved"


@pytest.mark.parametrize(("field", "text"), [("key", "x"), ("stem", " "), ("stem", "x" * 501)])
def test_a_remark_says_something_about_a_field(session, otto, now, field, text):  # noqa: F811
    with pytest.raises(Unreadable):
        comments.write(session, ID, field, text, otto.id, now=now)


def test_a_remark_belongs_to_its_question(session, otto, now):  # noqa: F811
    id = comments.write(session, ID, "stem", "một", make.person(session, "hana").id, now=now)
    with pytest.raises(NotFound):
        comments.settle(session, "huu-tri-002", id, otto.id, now=now)
    with pytest.raises(NotFound):
        comments.write(session, "huu-tri-999", "stem", "một", otto.id, now=now)
