"""The commands around the bank, as whoever sits at the machine sees them."""

import json
import shutil
from dataclasses import replace

import pytest

from quizapp.config import ROOT
from tests.rules.test_bank import HEAD, ONE


@pytest.fixture
def config(config, tmp_path):
    folder = tmp_path / "questions"
    shutil.copytree(ROOT / "questions" / "law", folder / "law")
    (folder / "huu-tri.toml").write_text(HEAD + ONE, encoding="utf-8")
    return replace(config, questions=folder)


@pytest.fixture
def run(app):
    def running(*words):
        return app.test_cli_runner().invoke(args=["bank", *map(str, words)])

    return running


def break_it(config):
    file = config.questions / "huu-tri.toml"
    file.write_text(HEAD + ONE.replace("Điều 64 khoản 1", "Điều 64 khoản 9"), encoding="utf-8")
    return file


def test_a_good_bank_passes_the_check(run):
    done = run("check")
    assert done.exit_code == 0 and "1 câu hỏi đạt yêu cầu, 0 lỗi" in done.output


def test_a_fault_fails_the_check_with_file_line_and_remedy(run, config):
    file = break_it(config)
    done = run("check", file)
    assert done.exit_code == 1
    assert f"{file}:12 (huu-tri-001)" in done.output and "Luật không có «Điều 64 khoản 9»." in done.output
    assert "Cách sửa: Mở trang /luat/dieu-64" in done.output


def test_the_check_prints_json(run, config):
    break_it(config)
    done = run("check", config.questions, "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["files"], said["questions"]) == (1, 1, 0)
    (fault,) = said["faults"]
    assert (fault["line"], fault["question"]) == (12, "huu-tri-001") and fault["problem"] and fault["remedy"]


def test_a_folder_without_question_files_fails_the_check(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("check", tmp_path / "empty").exit_code == 1


def test_a_load_says_what_it_did(run, config):
    assert "Thêm 1, đổi 0" in run("load").output
    said = json.loads(run("load", "--json").stdout)
    assert said["unchanged"] == 1 and said["faults"] == []
    break_it(config)
    assert run("load").exit_code == 1


def test_the_figures_of_the_bank_are_printed(run):
    run("load")
    assert "Tổng 1 câu đang dùng" in run("stats").output
    said = json.loads(run("stats", "--json").stdout)
    assert said["questions"] == 1 and said["topics"][0]["slug"] == "huu-tri" and said["topics"][0]["kinds"]["one"] == 1


def test_the_bank_is_written_back_into_its_files_letter_by_letter(run, config, tmp_path):
    run("load")
    done = run("export", "--format", "toml", "--out", tmp_path / "out")
    assert done.exit_code == 0 and "1 tệp, 1 tệp thay đổi." in done.output
    assert (tmp_path / "out" / "huu-tri.toml").read_bytes() == (config.questions / "huu-tri.toml").read_bytes()
    assert "0 tệp thay đổi." in run("export", "--format", "toml", "--out", config.questions).output


def test_a_file_that_was_not_loaded_yet_is_not_written_over(run, config):
    run("load")
    file = config.questions / "huu-tri.toml"
    file.write_text(HEAD + ONE.replace("10 năm", "12 năm"), encoding="utf-8")
    done = run("export", "--format", "toml", "--out", config.questions)
    assert done.exit_code == 1 and "huu-tri.toml" in done.output and "12 năm" in file.read_text(encoding="utf-8")


def test_only_question_files_are_written_into_a_folder(run, config):
    run("load")
    assert run("export", "--format", "csv", "--out", config.questions).exit_code == 1
