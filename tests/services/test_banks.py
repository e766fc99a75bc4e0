import os
import shutil
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import db, models, news
from quizapp.config import ROOT
from quizapp.errors import NotFound
from quizapp.services import approvals, banks, laws, revisions
from tests import make
from tests.rules.test_bank import HEAD, NUMBER, ONE, TRUEFALSE
from tests.services.test_revisions import TWO, raw


@pytest.fixture
def folder(tmp_path):
    """A folder of question files with one topic and the law beside it."""
    made = tmp_path / "questions"
    made.mkdir()
    shutil.copytree(ROOT / "questions" / "law", made / "law")
    (made / "huu-tri.toml").write_text(HEAD + ONE + TWO, encoding="utf-8")
    return made


def write(folder, *texts, file="huu-tri.toml", head=HEAD):
    (folder / file).write_text(head + "".join(texts), encoding="utf-8")


def load(session, folder, now):
    return banks.load(session, banks.read(folder), now=now)


def ids(session):
    return [entry.question.id for entry in banks.dealt(session)]


def test_a_load_adds_the_questions_of_every_file(session, folder, now):
    report = load(session, folder, now)
    assert report.added == ["huu-tri-001", "huu-tri-002"] and not report.faults
    assert ids(session) == ["huu-tri-001", "huu-tri-002"]
    assert [(e.version, e.question.options[e.question.key[0]].vi) for e in banks.dealt(session)] == [(1, "15 năm")] * 2


def test_loading_again_changes_nothing(session, folder, now):
    load(session, folder, now)
    report = load(session, folder, now)
    assert report.unchanged == 2 and not (report.added or report.changed)
    assert len(session.scalars(select(models.QuestionVersion)).all()) == 2


def test_a_changed_question_becomes_a_new_version_and_the_old_one_stays(session, folder, now):
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    assert load(session, folder, now).changed == ["huu-tri-001"]
    assert [e.version for e in banks.dealt(session)] == [2, 1]
    assert "10 năm" in {o.vi for o in banks.question(session, "huu-tri-001", 1).options}
    assert "12 năm" in {o.vi for o in banks.question(session, "huu-tri-001").options}


def test_a_broken_file_keeps_the_last_good_questions_and_its_faults_are_kept(session, folder, now):
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO.replace("Điều 64 khoản 1", "Điều 64 khoản 9"))
    report = load(session, folder, now)
    assert not report.changed and [e.version for e in banks.dealt(session)] == [1, 1]
    (fault,) = banks.faults(session)
    assert (fault.file, fault.line, fault.question_id) == ("huu-tri.toml", 30, "huu-tri-002")
    assert fault.problem % fault.details == "Luật không có «Điều 64 khoản 9»."


def test_a_mended_file_is_taken_and_its_faults_are_gone(session, folder, now):
    write(folder, "[[question]\n")
    assert load(session, folder, now).faults and ids(session) == []
    write(folder, ONE, TWO)
    load(session, folder, now)
    assert not banks.faults(session) and len(ids(session)) == 2


def test_one_broken_file_does_not_keep_the_others_out(session, folder, now):
    write(folder, "x", file="bhxh-tu-nguyen.toml", head="")
    report = load(session, folder, now)
    assert len(report.added) == 2 and [fault.file for fault in report.faults] == ["bhxh-tu-nguyen.toml"]


def test_a_question_that_left_its_file_is_dealt_no_more_and_comes_back_with_it(session, folder, now):
    load(session, folder, now)
    write(folder, ONE)
    assert load(session, folder, now).vanished == ["huu-tri-002"]
    assert ids(session) == ["huu-tri-001"]
    assert load(session, folder, now).vanished == []
    write(folder, ONE, TWO)
    report = load(session, folder, now)
    assert report.returned == ["huu-tri-002"] and report.unchanged == 2
    assert len(ids(session)) == 2


def test_a_file_that_is_gone_is_a_fault_and_its_questions_stay(session, folder, now):
    load(session, folder, now)
    (folder / "huu-tri.toml").unlink()
    report = load(session, folder, now)
    assert [str(fault).startswith("huu-tri.toml:1: Không còn tệp này") for fault in report.faults] == [True]
    assert len(ids(session)) == 2


def test_the_head_of_a_file_is_taken_too(session, folder, now):
    load(session, folder, now)
    write(folder, ONE, TWO, head=HEAD.replace('"Pension"', '"Pensions"'))
    load(session, folder, now)
    assert banks.topic(session, "huu-tri").name.en == "Pensions"


@pytest.fixture
def edited(session, folder, now):
    """Question 001 as otto edited it."""
    load(session, folder, now)
    otto = make.person(session, "otto", roles=["reviewer"])
    values = {**raw(ONE), "difficulty": "apply"}
    revisions.edit(session, "huu-tri-001", values, otto.id, based_on=1, now=now)
    return folder


def test_the_editors_version_is_never_replaced_by_a_file(session, edited, now):
    write(edited, ONE.replace("10 năm", "12 năm"), TWO)
    assert load(session, edited, now).kept == ["huu-tri-001"]
    assert banks.question(session, "huu-tri-001").difficulty == "apply"


def test_what_the_editor_wrote_stays_when_its_file_drops_it(session, edited, now):
    write(edited, TWO)
    report = load(session, edited, now)
    assert report.kept == ["huu-tri-001"] and not report.vanished
    assert len(ids(session)) == 2


def test_a_file_that_says_what_the_editor_wrote_has_caught_up(session, edited, now):
    write(edited, ONE.replace('"know"', '"apply"'), TWO)
    assert load(session, edited, now).changed == ["huu-tri-001"]
    assert [entry.version for entry in banks.dealt(session)] == [2, 1]
    assert load(session, edited, now).unchanged == 2
    write(edited, ONE, TWO)
    assert load(session, edited, now).changed == ["huu-tri-001"]
    assert [entry.version for entry in banks.dealt(session)] == [3, 1]


def test_a_question_that_staff_retired_stays_out_of_use_after_a_load(session, folder, now):
    load(session, folder, now)
    otto = make.person(session, "otto")
    approvals.take(session, "huu-tri-001", "retire", otto.id, {"reviewer"}, laws.of(folder), now=now)
    write(folder, TWO)
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    load(session, folder, now)
    assert ids(session) == ["huu-tri-002"]


def test_a_load_tells_which_topics_changed_and_only_then(session, folder, now):
    load(session, folder, now)
    load(session, folder, now)
    assert session.info["news"] == [banks.BankChanged(frozenset({"huu-tri"}))]
    news.forget(session)
    write(folder, "x", head="")
    load(session, folder, now)
    load(session, folder, now)
    assert session.info["news"] == [banks.BankChanged(frozenset())]


def test_what_was_undone_is_not_dealt(engine, folder, now):
    with db.begin() as session:
        load(session, folder, now)
    with db._maker() as session:
        write(folder, ONE.replace("10 năm", "12 năm"), TWO)
        load(session, folder, now)
        assert [e.version for e in banks.dealt(session)] == [2, 1]
        session.rollback()
    with db.read() as session:
        assert [e.version for e in banks.dealt(session)] == [1, 1]


def test_a_second_process_sees_what_the_first_loaded(engine, folder, now):
    with db.begin() as session:
        load(session, folder, now)
    with db.read() as session:
        assert len(banks.dealt(session)) == 2
    write(folder, ONE)
    with db.begin() as session:
        load(session, folder, now)
    with db.read() as session:
        assert ids(session) == ["huu-tri-001"]


def test_only_what_is_the_law_that_day_is_dealt(session, folder, now):
    write(folder, ONE + "in_force_to = 2026-06-30\n", TWO)
    load(session, folder, now)
    assert len(banks.dealt(session, on=date(2026, 6, 30))) == 2
    assert [e.question.id for e in banks.dealt(session, on=date(2026, 7, 1))] == ["huu-tri-002"]


def test_one_topic_deals_its_own(session, folder, now):
    load(session, folder, now)
    assert len(banks.dealt(session, "huu-tri")) == 2 and banks.dealt(session, "bhxh-tu-nguyen") == ()


def test_topics_are_counted_by_kind_and_difficulty(session, folder, now):
    write(folder, ONE, TRUEFALSE.replace("001", "003").replace("Từ bao", "Qua bao"))
    load(session, folder, now)
    (topic,) = banks.topics(session)
    assert (topic.slug, topic.letter, topic.name.vi, topic.questions) == ("huu-tri", "H", "Hưu trí", 2)
    assert topic.kinds == {"one": 1, "several": 0, "truefalse": 1, "order": 0, "number": 0}
    assert topic.difficulties == {"know": 2, "understand": 0, "apply": 0}
    assert banks.topic(session, "huu-tri") == topic


def test_an_unknown_topic_question_or_version_is_not_found(session, folder, now):
    load(session, folder, now)
    for look in (
        lambda: banks.topic(session, "khac"),
        lambda: banks.question(session, "huu-tri-999"),
        lambda: banks.question(session, "huu-tri-001", 7),
    ):
        with pytest.raises(NotFound):
            look()


def test_the_questions_of_a_paper_come_in_their_versions(session, folder, now):
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    load(session, folder, now)
    wanted = [("huu-tri-001", 1), ("huu-tri-002", 1), ("huu-tri-999", 1)]
    found = banks.questions(session, wanted)
    assert sorted(found) == wanted[:2]
    assert "10 năm" in {option.vi for option in found[wanted[0]].options}


def test_an_article_knows_its_questions_and_the_topic_that_has_most(session, folder, now):
    load(session, folder, now)
    assert banks.on_article(session, 64) == (2, "huu-tri")
    assert banks.on_article(session, 1) == (0, None)


def test_figures_say_what_may_give_answers_away(session, folder, now):
    long = ONE.replace('"15 năm"', '"mười lăm năm"')
    statement = TRUEFALSE.replace("001", "003").replace("Từ bao", "Qua bao")
    write(folder, long, TWO, statement, NUMBER.replace("001", "004").replace("Từ bao", "Sau bao"))
    load(session, folder, now)
    write(folder, long, TWO, statement)
    load(session, folder, now)
    figures = banks.figures(session)
    assert (figures.questions, figures.retired, figures.faults, figures.scenarios) == (3, 1, 0, 0)
    assert figures.true_share == 1.0 and figures.longest_right_share == 0.5


def test_figures_of_an_empty_bank(session):
    assert banks.figures(session).true_share == 0.0


def test_a_watch_sees_changes_once_and_the_first_time_always(folder):
    watch = banks.Watch(folder)
    assert [sheet.slug for sheet in watch.changed()] == ["huu-tri"]
    assert watch.changed() is None
    file = folder / "huu-tri.toml"
    later = file.stat().st_mtime + timedelta(seconds=5).total_seconds()
    os.utime(file, (later, later))
    assert watch.changed() is not None and watch.changed() is None
    file.unlink()
    assert watch.changed() == ()


def test_the_products_own_files_load_without_a_fault(session, now):
    report = load(session, ROOT / "questions", now)
    assert not report.faults, [str(fault) for fault in report.faults]
    topics = banks.topics(session)
    assert [topic.letter for topic in topics] == list("ABCDEFGHIJKLM")
    assert all(topic.questions >= 10 for topic in topics)


READING = """[[reading]]
question = "huu-tri-001"
on = 2026-02-22
articles = ["Điều 64 khoản 1"]
verdict = "agreed"
doubt = ""
"""


def read_again(folder, text=READING):
    (folder / "readings").mkdir(exist_ok=True)
    (folder / "readings" / "huu-tri.toml").write_text(text, encoding="utf-8")


def test_the_second_readings_come_with_their_files(session, folder, now):
    read_again(folder)
    load(session, folder, now)
    (row,) = session.scalars(select(models.QuestionReading))
    assert (row.question_id, row.read_on, row.verdict, row.articles) == (
        "huu-tri-001",
        "2026-02-22",
        "agreed",
        ["Điều 64 khoản 1"],
    )
    assert banks.unread(session) == {"huu-tri-002"} and banks.figures(session).unread == 1


def test_a_question_whose_wording_changed_after_its_reading_needs_another(session, folder, now):
    read_again(folder)
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    load(session, folder, now)
    assert banks.unread(session) == {"huu-tri-001", "huu-tri-002"}
    read_again(folder, READING.replace("2026-02-22", "2026-03-01"))
    load(session, folder, now)
    assert banks.unread(session) == {"huu-tri-002"}
    read_again(folder, "")
    load(session, folder, now)
    assert banks.unread(session) == {"huu-tri-001", "huu-tri-002"}


def test_a_faulty_readings_file_is_told_and_keeps_no_question_out(session, folder, now):
    read_again(folder, READING.replace("agreed", "fine"))
    report = load(session, folder, now)
    assert [str(fault).split(":")[:2] for fault in report.faults] == [["readings/huu-tri.toml", "5"]]
    assert len(ids(session)) == 2


def test_a_watch_sees_a_new_reading(folder):
    watch = banks.Watch(folder)
    watch.changed()
    read_again(folder)
    assert watch.changed()[0].readings


def test_english_that_the_vietnamese_left_behind_is_flagged(session, folder, now):
    load(session, folder, now)
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    load(session, folder, now)
    assert revisions.history(session, "huu-tri-001")[0].stale == ("options",)
    write(folder, ONE.replace("10 năm", "12 năm").replace("10 years", "12 years"), TWO)
    load(session, folder, now)
    assert revisions.history(session, "huu-tri-001")[0].stale == ()


@pytest.mark.parametrize("text", ["x = " + "1" * 6000, "x = " + "[" * 20_000 + "]" * 20_000])
def test_a_file_that_no_parser_can_read_is_a_fault_like_any_other(tmp_path, text):
    shutil.copytree(ROOT / "questions" / "law", tmp_path / "law")
    (tmp_path / "huu-tri.toml").write_text(text, "utf-8")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    watch = banks.Watch(tmp_path)
    (sheet,) = watch.changed()
    assert sheet.faults and sheet.faults[0].file == "huu-tri.toml"
    assert watch.changed() is None


def test_a_bank_is_loaded_when_every_file_is_in_it_as_it_stands(session, tmp_path, now):
    shutil.copytree(ROOT / "questions" / "law", tmp_path / "law")
    file = tmp_path / "huu-tri.toml"
    file.write_text(HEAD + ONE, "utf-8")
    assert not banks.is_loaded(session, tmp_path)
    banks.load(session, banks.read(tmp_path), now=now)
    session.flush()
    assert banks.is_loaded(session, tmp_path)
    file.write_text(HEAD + ONE + "\n# a word more", "utf-8")
    assert not banks.is_loaded(session, tmp_path)
