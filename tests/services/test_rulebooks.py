"""Writing a rulebook: two editors, the checklist, publishing, and changes that keep every version."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, ContestRole, Unit
from quizapp.rules import model_rulebooks
from quizapp.rules import rulebook as document
from quizapp.rules.contest import Collective, Words, to_json
from quizapp.rules.timing import VIETNAM
from quizapp.services import changes, contests, rulebook_checks, rulebooks, units
from tests import make

DAY = date(2026, 3, 2)
MADE = make.MADE
OPENS = make.OPENS
CONTACT = Words("Tổ Thư ký", "The secretariat")


def complete(rounds=2, **changes):
    """A rulebook without a fault."""
    weeks = make.contest_rules(rounds, contact=CONTACT).rounds
    return make.contest_rules(weeks, contact=CONTACT, **changes)


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=["organizer"])


@pytest.fixture
def otto(session):
    return make.person(session, "otto")


@pytest.fixture
def draft(session, hana):
    return rulebooks.begin(session, make.VAULT, "thi-1", complete(), hana.id, now=MADE)


@pytest.fixture
def ready(session, draft, otto):
    """A draft that lacks nothing."""
    session.add(ContestRole(contest_id=draft.id, person_id=otto.id, role="secretariat", given_at=MADE))
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(60)))
    session.flush()
    return draft


@pytest.fixture
def published(session, ready, hana):
    rulebooks.publish(session, ready, ready.revision, hana.id, now=MADE)
    return ready


def standing(session, contest, now=MADE):
    found = rulebook_checks.checklist(session, contest, rulebooks.draft(contest), now=now)
    return {item.key: item.standing for item in found}


def rewrite(session, contest, **changes):
    rulebooks.save(session, contest, replace(rulebooks.draft(contest), **changes), contest.revision)


# ── Beginning ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_contest_is_a_draft_of_its_maker(session, draft, hana):
    assert (draft.published_at, draft.revision) == (None, 1)
    assert contests.roles_of(session, draft, hana.id) == {"secretariat", "host"}
    deed = session.scalars(select(models.StaffDeed).where(models.StaffDeed.deed == "contest.new")).one()
    assert (deed.thing, deed.person_id) == ("thi-1", hana.id)


def test_addresses_of_pages_are_not_given_away(session, hana):
    with pytest.raises(Unreadable):
        rulebooks.begin(session, make.VAULT, "moi", complete(), hana.id, now=MADE)


def copied(session, source, owner, units=True, **changes):
    wish = rulebooks.Copy(
        **{"slug": "thi-2", "name": source.settings["name"]["vi"], "first_day": date(2027, 3, 1), **changes}
    )
    return rulebooks.copy(session, make.VAULT, source, replace_units(wish, units), owner.id, now=MADE)


def replace_units(wish, units):
    return rulebooks.Copy(wish.slug, wish.name, wish.first_day, units=units)


def test_last_years_contest_comes_again_on_its_weekdays_without_its_people(session, ready, otto, hana):
    made = copied(session, ready, hana, name="Lần hai")
    rules = contests.settings(made)
    assert rules.name.vi == "Lần hai"
    assert [one.opens_at.astimezone(VIETNAM).weekday() for one in rules.rounds] == [0, 0]
    assert rules.rounds[0].opens_at.astimezone(VIETNAM).date() == date(2027, 3, 1)
    assert contests.roles_of(session, made, otto.id) == frozenset()
    assert made.seed_sealed != ready.seed_sealed and made.published_at is None


def test_units_come_along_with_headcounts_to_be_approved_again(session, ready, hana):
    above = units.add(session, ready, hana.id, "unit", "Liên đoàn", now=MADE)
    below = units.add(session, ready, hana.id, "unit", "Công ty", parent=above, now=MADE)
    units.set_headcount(session, ready, hana.id, below, 120, now=MADE)
    typed = Unit(contest_id=ready.id, name="Cty May 10", search="cty may 10", typed=True, made_at=MADE)
    session.add(typed)
    session.flush()
    made = copied(session, ready, hana)
    rows = {row.name: row for row in session.scalars(select(Unit).where(Unit.contest_id == made.id))}
    assert set(rows) == {"Liên đoàn", "Công ty"}
    assert rows["Công ty"].parent_id == rows["Liên đoàn"].id
    assert (rows["Công ty"].headcount, rows["Công ty"].headcount_proposed) == (None, 120)
    without = copied(session, ready, hana, units=False, slug="thi-3")
    assert not session.scalars(select(Unit).where(Unit.contest_id == without.id)).all()


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_saved_draft_moves_its_rounds_along(session, draft):
    one, two = rulebooks.draft(draft).rounds
    later = replace(two, opens_at=two.opens_at + timedelta(days=7), closes_at=two.closes_at + timedelta(days=7))
    rewrite(session, draft, rounds=(later, one))
    assert [row.key for row in sorted(draft.rounds, key=lambda row: row.position)] == ["tuan-2", "tuan-1"]
    assert contests.round_of(draft, "tuan-2").opens_at == later.opens_at
    rewrite(session, draft, rounds=(one,))
    assert [row.key for row in draft.rounds] == ["tuan-1"]


def test_of_two_editors_none_overwrites_the_other(session, draft):
    opened = draft.revision
    rewrite(session, draft, name=Words("Của Hà"))
    with pytest.raises(rulebooks.SavedByAnother):
        rulebooks.save(session, draft, complete(name=Words("Của Kim")), opened)
    assert contests.settings(draft).name.vi == "Của Hà"


# ── The checklist ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_checklist_with_everything_done(session, ready):
    assert standing(session, ready) == {
        "rulebook": "done",
        "questions": "done",
        "basis": "done",
        "times": "done",
        "secretariat": "done",
        "exclusions": "advice",
        "units": "advice",
    }
    items = rulebook_checks.checklist(session, ready, rulebooks.draft(ready), now=MADE)
    assert rulebook_checks.is_ready(items)


def test_what_is_missing_is_named(session, draft):
    rewrite(session, draft, contact=None)
    found = standing(session, draft, now=OPENS)
    missing = {key for key, how in found.items() if how == "missing"}
    assert missing == {"rulebook", "questions", "times", "secretariat"}


def test_a_thin_bank_is_advice(session, draft):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(30)))
    assert standing(session, draft)["questions"] == "advice"


def test_a_question_without_a_legal_basis_is_found(session, draft):
    make.bank(session, *(make.question(f"huu-tri-{n:03}", citations=() if n == 5 else ("Điều 64",)) for n in range(60)))
    (item,) = [one for one in rulebook_checks.checklist(session, draft, complete(), now=MADE) if one.key == "basis"]
    assert (item.standing, item.details["count"]) == ("missing", 1)


def test_people_who_work_on_it_and_units_are_counted(session, ready, hana):
    session.add(models.Exclusion(contest_id=ready.id, name="Lê Văn Tổ", phone_tag="x", made_at=MADE))
    unit = units.add(session, ready, hana.id, "unit", "Công ty", level="Đơn vị", now=MADE)
    rate = Collective(key="k", name=Words("Tỷ lệ", "Rate"), measure="C_RATE", level="Đơn vị")
    rewrite(session, ready, collective=(rate,), unit_levels=("Đơn vị",))
    found = standing(session, ready)
    assert (found["exclusions"], found["units"], found["headcounts-Đơn vị"]) == ("done", "done", "advice")
    units.set_headcount(session, ready, hana.id, unit, 80, now=MADE)
    assert standing(session, ready)["headcounts-Đơn vị"] == "done"


def test_a_contest_for_a_list_needs_its_list(session, ready):
    rules = rulebooks.draft(ready)
    fields = replace(rules.who.fields, delegate_code="required")
    rewrite(session, ready, who=replace(rules.who, on_list_only=True, fields=fields))
    assert standing(session, ready)["delegates"] == "missing"
    session.add(models.Delegate(contest_id=ready.id, code="DB-1", name="Lê Đại Biểu"))
    session.flush()
    assert standing(session, ready)["delegates"] == "done"


def test_units_that_nobody_is_asked_for_are_not_missed(session, ready):
    rules = rulebooks.draft(ready)
    rewrite(session, ready, who=replace(rules.who, fields=replace(rules.who.fields, unit="off")))
    assert "units" not in standing(session, ready)


def test_topics_are_known_by_their_names(session, ready):
    assert rulebook_checks.topic_names(session)["huu-tri"].vi == "Hưu trí"


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_keeps_the_first_version_and_opens_the_door(session, published):
    assert published.published_at == MADE
    assert {row.state for row in published.rounds} == {"PUBLISHED"}
    (kept,) = rulebooks.versions(session, published)
    assert (kept.version, kept.reason, kept.published_at) == (1, "", MADE)
    assert kept.digest == document.digest(complete())
    assert rulebooks.said(kept) == complete()
    assert (
        session.scalars(select(Unit).where(Unit.contest_id == published.id, Unit.tree == "place")).first() is not None
    )
    deed = session.scalars(select(models.StaffDeed).where(models.StaffDeed.deed == "contest.publish")).one()
    assert deed.after == {"digest": kept.digest}


def test_what_lacks_something_is_not_published(session, draft, hana):
    with pytest.raises(rulebooks.NotReady):
        rulebooks.publish(session, draft, draft.revision, hana.id, now=MADE)
    assert draft.published_at is None and not rulebooks.versions(session, draft)


def test_nobody_publishes_what_they_have_not_seen(session, ready, hana):
    with pytest.raises(rulebooks.SavedByAnother):
        rulebooks.publish(session, ready, ready.revision - 1, hana.id, now=MADE)


def test_a_contest_is_published_once(session, published, hana):
    with pytest.raises(Conflict, match="đã được công bố"):
        rulebooks.publish(session, published, published.revision, hana.id, now=MADE)


# ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_version_is_written_beside_the_published_one(session, published):
    rewrite(session, published, complaint_days=7)
    assert contests.settings(published).complaint_days == 5
    assert rulebooks.draft(published).complaint_days == 7
    rewrite(session, published, complaint_days=5)
    assert published.draft is None
    rewrite(session, published, complaint_days=7)
    rulebooks.discard(session, published, published.revision)
    assert rulebooks.draft(published).complaint_days == 5


def test_before_the_opening_one_person_with_a_reason_is_enough(session, published, hana):
    rewrite(session, published, complaint_days=7)
    with pytest.raises(Unreadable):
        rulebooks.change(session, published, published.revision, "  ", hana.id, now=MADE)
    made = rulebooks.change(session, published, published.revision, "Theo góp ý", hana.id, now=MADE)
    assert (made.version, made.reason) == (2, "Theo góp ý")
    assert contests.settings(published).complaint_days == 7 and published.draft is None
    assert [one.version for one in rulebooks.versions(session, published)] == [2, 1]
    assert rulebooks.said(rulebooks.version(session, published, 1)).complaint_days == 5
    noted = session.scalars(select(Change).where(Change.kind == "rulebook")).one()
    assert (noted.state, noted.reason, noted.before != noted.after) == ("DONE", "Theo góp ý", True)


def test_after_the_opening_it_takes_a_second_person(session, published, hana, otto):
    rewrite(session, published, complaint_days=7)
    assert not rulebooks.needs_two(published, now=MADE) and rulebooks.needs_two(published, now=OPENS)
    proposed = rulebooks.change(session, published, published.revision, "Theo góp ý", hana.id, now=OPENS)
    assert contests.settings(published).complaint_days == 5
    assert rulebooks.waiting(session, published) is proposed
    changes.confirm(session, proposed, otto.id, now=OPENS + timedelta(hours=1))
    assert contests.settings(published).complaint_days == 7
    kept = rulebooks.version(session, published, 2)
    assert (kept.reason, kept.published_at) == ("Theo góp ý", OPENS + timedelta(hours=1))
    assert rulebooks.waiting(session, published) is None and published.draft is None


def test_what_is_over_by_the_confirmation_is_refused_then(session, published, hana, otto):
    rules = rulebooks.draft(published)
    longer = replace(rules.rounds[0], closes_at=rules.rounds[0].closes_at + timedelta(hours=2), closes_phrase="")
    rewrite(session, published, rounds=(longer, *rules.rounds[1:]))
    proposed = rulebooks.change(session, published, published.revision, "Mưa bão", hana.id, now=OPENS)
    with pytest.raises(Conflict, match="không còn thực hiện được"):
        changes.confirm(session, proposed, otto.id, now=rules.rounds[0].closes_at)
    assert [one.version for one in rulebooks.versions(session, published)] == [1]


def test_a_proposal_for_an_older_version_is_refused(session, published, hana, otto):
    rewrite(session, published, complaint_days=7)
    proposed = rulebooks.change(session, published, published.revision, "Một", hana.id, now=OPENS)
    published.settings = to_json(replace(contests.settings(published), results_days=9))
    session.flush()
    with pytest.raises(Conflict, match="bản mới hơn"):
        changes.confirm(session, proposed, otto.id, now=OPENS)


def test_what_may_not_change_any_more_is_refused_with_its_reason(session, published, hana):
    rules = rulebooks.draft(published)
    fewer = replace(rules.rounds[0], max_attempts=1)
    assert rulebooks.refused(published, now=OPENS) == ()
    rewrite(session, published, rounds=(fewer, *rules.rounds[1:]))
    (one,) = rulebooks.refused(published, now=OPENS)
    assert one.place == "rounds.tuan-1.max_attempts"
    with pytest.raises(Conflict, match="không còn thực hiện được"):
        rulebooks.change(session, published, published.revision, "Vì", hana.id, now=OPENS)


def test_a_version_with_faults_is_not_published(session, published, hana):
    rewrite(session, published, contact=None)
    with pytest.raises(rulebooks.NotReady):
        rulebooks.change(session, published, published.revision, "Vì", hana.id, now=MADE)


def test_without_a_change_there_is_no_version(session, published, hana):
    with pytest.raises(Conflict, match="Chưa có thay đổi"):
        rulebooks.change(session, published, published.revision, "Vì", hana.id, now=MADE)


def test_a_changed_paper_is_set_again_before_the_opening(session, published, hana):
    for row in published.rounds:
        row.paper_set_at = MADE
    one, two = rulebooks.draft(published).rounds
    rewrite(session, published, rounds=(one, replace(two, paper=replace(two.paper, time_limit=900))))
    rulebooks.change(session, published, published.revision, "Thêm giờ", hana.id, now=MADE)
    assert [row.paper_set_at is None for row in published.rounds] == [False, True]


def test_an_unknown_version_is_not_found(session, published):
    with pytest.raises(NotFound):
        rulebooks.version(session, published, 9)


def test_an_archive_or_the_demo_opens_without_the_checklist(session, hana):
    rules = replace(model_rulebooks.weekly(DAY))
    made = rulebooks.begin(session, make.VAULT, "mau", rules, None, now=MADE)
    rulebooks.open_to_public(session, made, None, now=MADE)
    assert made.published_at == MADE
