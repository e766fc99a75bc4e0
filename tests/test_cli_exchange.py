"""Questions in and out from the command line."""

import json
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import db, models
from quizapp.config import ROOT
from quizapp.formats import registry
from quizapp.services import banks, revisions
from tests.rules.test_bank import HEAD, NUMBER, ONE

AIKEN = "Câu mới hỏi gì?\nA. Một\nB. Hai\nANSWER: A\n"


@pytest.fixture
def config(config, tmp_path):
    folder = tmp_path / "questions"
    shutil.copytree(ROOT / "questions" / "law", folder / "law")
    text = HEAD + ONE + NUMBER.replace("001", "002").replace("Từ bao nhiêu", "Câu 2: từ bao nhiêu")
    (folder / "huu-tri.toml").write_text(text, encoding="utf-8")
    return replace(config, questions=folder)


@pytest.fixture
def run(app, config, now):
    with db.begin() as session:
        banks.load(session, banks.read(config.questions), now=now)

    def running(*words):
        return app.test_cli_runner().invoke(args=["bank", *map(str, words)])

    return running


def drafts():
    with db.read() as session:
        return [one.question.stem.vi for one in revisions.search(session) if one.state == "draft"]


@pytest.mark.parametrize("name", ["moodle", "xlsx", "qti30"])
def test_what_goes_out_can_be_read(run, tmp_path, name):
    path = tmp_path / f"out.{registry.FORMATS[name].extension}"
    done = run("export", "--format", name, "--out", path, "--topic", "huu-tri")
    assert done.exit_code == 0 and "2 câu hỏi" in done.output
    assert len(registry.FORMATS[name].read(path.read_bytes()).rows) == 2
    with db.read() as session:
        assert "bank.export" in session.scalars(select(models.StaffDeed.deed)).all()


def test_what_is_lost_is_told(run, tmp_path):
    done = run("export", "--format", "aiken", "--out", tmp_path / "out.txt")
    assert done.exit_code == 0
    assert "1 câu hỏi không thể có" in done.output and "Không giữ được" in done.output


def test_what_does_not_fit_into_one_file_goes_into_several(run, tmp_path, monkeypatch):
    monkeypatch.setitem(registry.FORMATS, "qti21", replace(registry.FORMATS["qti21"], most=1))
    run("export", "--format", "qti21", "--out", tmp_path / "out.zip")
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["out-1.zip", "out-2.zip"]


def test_nothing_to_write_fails(run, tmp_path):
    done = run("export", "--format", "toml", "--out", tmp_path / "out.toml", "--topic", "no-such-topic")
    assert done.exit_code == 1 and "Không có câu hỏi nào" in done.output


def test_a_good_file_becomes_drafts(run, tmp_path):
    path = tmp_path / "new.txt"
    path.write_text(AIKEN, encoding="utf-8")
    done = run("import", path, "--topic", "huu-tri")
    assert done.exit_code == 0 and "1 bản nháp, 0 dòng lỗi" in done.output
    assert drafts() == ["Câu mới hỏi gì?"]


def test_a_faulty_line_is_told_and_fails_the_command_but_not_the_others(run, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(
        "Câu hỏi;A;B;Đáp án;Chủ đề;Căn cứ\nMột?;Có;Không;A;huu-tri;\nHai?;Có;Không;B;huu-tri;Điều 999\n",
        encoding="utf-8",
    )
    done = run("import", path, "--format", "csv", "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["format"] == "csv" and len(said["drafts"]) == 1
    assert "Luật không có «Điều 999»." in said["faults"][0]["problems"][0]
    assert drafts() == ["Một?"]
    done = run("import", path)
    assert done.exit_code == 1 and "Luật không có «Điều 999»." in done.output


def test_a_file_that_is_not_read_fails_with_its_reason(run, tmp_path):
    path = tmp_path / "new.xml"
    path.write_text('<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', encoding="utf-8")
    done = run("import", path)
    assert done.exit_code == 1 and "DTD" in done.output and drafts() == []


def test_letters_of_an_old_font_are_told(run, tmp_path):
    path = tmp_path / "old.txt"
    path.write_text("C©u hái vÒ b¶o hiÓm x· héi?\nA. L­¬ng h­u\nB. Trî cÊp\nANSWER: A\n", encoding="utf-8")
    done = run("import", path, "--topic", "huu-tri")
    assert done.exit_code == 0 and "TCVN3" in done.output
    assert drafts() == ["Câu hỏi về bảo hiểm xã hội?"]
