from quizapp.rules import consent
from quizapp.rules.contest import Fields, Who, Words
from tests import make


def settings(**changes):
    return make.contest_rules(**changes)


def said(rules):
    return " ".join(text.vi for text in consent.notice(rules))


def test_the_notice_says_who_holds_the_data_how_long_and_whom_to_ask():
    rules = settings(keep_days=60, contact=Words("Tổ Thư ký, phòng 101."))
    assert "Bảo hiểm xã hội tỉnh P" in said(rules)
    assert "60 ngày" in said(rules)
    assert "phòng 101" in said(rules)
    assert "rút lại đồng ý" in said(rules)


def test_the_identity_number_is_spoken_of_only_where_it_is_asked_for():
    assert "căn cước" not in said(settings())
    assert "căn cước" in said(settings(who=Who(fields=Fields(identity_number="required"))))


def test_english_falls_back_to_the_name_that_is_there():
    rules = settings(organizer=Words("Sở A"), contact=Words("Phòng B"))
    english = " ".join(text.en for text in consent.notice(rules))
    assert "Sở A" in english and "Phòng B" in english


def test_every_purpose_has_its_box_in_both_languages():
    assert consent.purposes("self") == ("take_part", "publish", "news")
    assert consent.purposes("guardian") == ("take_part", "publish")
    for by in ("self", "guardian"):
        for purpose in consent.purposes(by):
            assert all(text.vi and text.en for text in consent.box(by, purpose))


def test_publishing_says_that_answers_can_then_be_found():
    assert "bài làm" in consent.box("self", "publish")[1].vi


def test_other_words_are_another_hash():
    rules = settings()
    hashes = {consent.wording(rules, by, purpose) for by in ("self", "guardian") for purpose in consent.purposes(by)}
    assert len(hashes) == 5
    assert consent.wording(rules, "self", "news") == consent.wording(settings(), "self", "news")
    assert consent.wording(settings(keep_days=30), "self", "news") not in hashes


def test_a_declaration_names_its_provinces():
    here = settings(who=Who(provinces=("44",)))
    assert consent.declared(here) != consent.declared(settings())
    assert "sống, làm việc hoặc học tập" in consent.declaration().vi
