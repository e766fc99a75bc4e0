"""The commands around contests, as whoever sits at the machine sees them: a file in, results out."""

import json

import pytest
from alembic import command

from quizapp import db, models, schema
from quizapp.config import ROOT
from tests import archived, make
from tests.web.test_bank import page, signed_in

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def app(app):
    """A database of today's shape that says so of itself."""
    steps = schema._steps()
    with db.engine().begin() as connection:
        steps.attributes["connection"] = connection
        command.stamp(steps, "head")
    return app


@pytest.fixture
def run(app):
    def running(*words):
        return app.test_cli_runner().invoke(args=["contest", *map(str, words)])

    return running


@pytest.fixture
def said(run):
    """What a command prints as JSON; it ends well."""

    def saying(*words):
        done = run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return saying


def file(tmp_path, content, name="archive.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("letter", "slug", "people", "attempts", "top"),
    [
        ("a", "tim-hieu-luat", 8, 10, ["Chi", "An", "Em", "Bình", "Dũng", "Hoa"]),
        ("b", "livestream-luat-moi", 8, 8, ["Lan", "Oanh", "Minh", "Quý", "Nga", "Tú", "Uyên", "Vy"]),
        ("c", "hoi-nghi-luat-bhxh", 19, 23, ["Khải", "B1", "Y1"]),
    ],
)
def test_an_archive_has_its_results_the_moment_it_is_taken_in(said, letter, slug, people, attempts, top):
    taken = said("import", EXAMPLES / f"contest-{letter}.json")
    assert taken == {"slug": slug, "people": people, "attempts": attempts, "notes": [], "faults": []}
    found = said("results", slug)
    assert found["snapshot"] is None and found["note"]
    assert [line["code"] for line in found["rounds"][0]["ranking"]][: len(top)] == top


def test_a_tallied_round_is_a_numbered_snapshot_and_results_say_so(said):
    said("import", EXAMPLES / "contest-a.json")
    on_the_spot = said("results", "tim-hieu-luat")
    (made,) = said("tally", "tim-hieu-luat")
    assert (made["round"], made["n"], len(made["digest"])) == ("tuan-1", 1, 64)
    kept = said("results", "tim-hieu-luat")
    assert kept["snapshot"]["tuan-1"]["digest"] == made["digest"] and kept["note"] == ""
    for part in ("figures", "collective"):
        assert kept[part] == on_the_spot[part]
    for part in ("ranking", "prizes", "target", "figures", "invalid"):
        assert kept["rounds"][0][part] == on_the_spot["rounds"][0][part]
    assert said("tally", "tim-hieu-luat") == []  # nothing changed since


def test_a_second_snapshot_needs_a_reason(run, said):
    said("import", EXAMPLES / "contest-a.json")
    said("tally", "tim-hieu-luat", "tuan-1")
    done = run("tally", "tim-hieu-luat", "tuan-1")
    assert done.exit_code == 1 and "lý do" in done.output
    (made,) = said("tally", "tim-hieu-luat", "tuan-1", "--reason", "kiểm tra lại")
    assert made["n"] == 2


def test_the_conference_is_tallied_round_by_round_with_its_list(said):
    said("import", EXAMPLES / "contest-c.json")
    made = said("tally", "hoi-nghi-luat-bhxh")
    assert [one["round"] for one in made] == ["phan-1", "phan-2", "chuong-vang", "hai-phan"]
    kept = said("results", "hoi-nghi-luat-bhxh")
    assert set(kept["snapshot"]) == {"phan-1", "phan-2", "chuong-vang", "hai-phan"}
    assert [line["code"] for line in kept["overall"][0]["ranking"]][:2] == ["Khải", "Long"]


def test_results_are_read_by_people_too(run):
    run("import", EXAMPLES / "contest-a.json")
    done = run("results", "tim-hieu-luat")
    assert "Tuần 1: 6 người dự thi, 8 lượt thi." in done.output
    assert "   1  Chi" in done.output and "Giải Nhất: Chi" in done.output and "Tỉnh P: 3 người" in done.output


def test_an_export_taken_in_elsewhere_is_the_same_contest(run, said, tmp_path):
    said("import", EXAMPLES / "contest-b.json")
    out = tmp_path / "out.json"
    assert "8 người, 8 lượt thi" in run("export", "livestream-luat-moi", "--out", out).output
    assert '"name":"Lan"' not in out.read_text(encoding="utf-8")
    again = said("import", out, "--slug", "ban-sao")
    assert again["slug"] == "ban-sao"
    one, other = (said("results", slug)["rounds"][0] for slug in ("livestream-luat-moi", "ban-sao"))
    assert one == other


def test_names_leave_only_with_a_word_of_warning(run, tmp_path):
    source = {**archived.week(), "people": [{"code": "A", "name": "Nguyễn Thị Hoa", "birth_date": "1990-05-17"}]}
    run("import", file(tmp_path, source))
    masked, whole = tmp_path / "masked.json", tmp_path / "whole.json"
    assert "họ tên" not in run("export", "thu", "--out", masked).output
    assert "chỉ chuyển cho người được phép xem" in run("export", "thu", "--out", whole, "--with-names").output
    assert "Hoa" not in masked.read_text(encoding="utf-8") and "1990" not in masked.read_text(encoding="utf-8")
    assert "Nguyễn Thị Hoa" in whole.read_text(encoding="utf-8") and "1990-05-17" in whole.read_text(encoding="utf-8")


def test_what_is_wrong_is_printed_by_its_place_and_nothing_is_taken_in(run, tmp_path):
    wrong = {**archived.week(), "people": [{"code": "A", "birth_date": "x"}, {"code": "A"}]}
    done = run("import", file(tmp_path, wrong))
    assert done.exit_code == 1
    assert "$.people[0].birth_date:" in done.output and "$.people[1].code:" in done.output
    assert "2 lỗi, chưa nhập gì." in done.output
    told = run("import", file(tmp_path, wrong), "--json")
    assert told.exit_code == 1
    assert [one["where"] for one in json.loads(told.stdout)["faults"]] == ["$.people[0].birth_date", "$.people[1].code"]
    with db.read() as session:
        assert session.query(models.Contest).count() == 0


@pytest.mark.parametrize(
    ("content", "place"), [("{", "$: "), ("[1]", "$: "), ('{"settings": {"x": 1}}', "$.settings: ")]
)
def test_a_file_that_is_no_archive_is_refused(run, tmp_path, content, place):
    done = run("import", file(tmp_path, content))
    assert done.exit_code == 1 and place in done.output


def test_an_address_in_use_is_refused_or_numbered(run, said, tmp_path):
    path = file(tmp_path, archived.week())
    said("import", path)
    done = run("import", path)
    assert done.exit_code == 1 and "đã có cuộc thi khác dùng" in done.output
    assert said("import", path, "--force-new")["slug"] == "thu-2"
    assert said("import", path, "--force-new")["slug"] == "thu-3"


def test_notes_are_told_beside_the_result(run, said, tmp_path):
    noted = archived.week()
    noted["settings"]["collective"] = [{"measure": "C_COUNT", "level": "tổ"}]
    path = file(tmp_path, noted)
    assert "$.settings.collective[0].level" in run("import", path).output
    assert len(said("import", path, "--slug", "hai")["notes"]) == 1


@pytest.mark.parametrize("key", ["A", "b", "C", "tuan"])
def test_a_draft_begins_with_a_ready_rulebook(run, said, key):
    assert run("new", "moi-2027", "--template", key, "--first-day", "2027-03-01").exit_code == 0
    (found,) = said("list")
    assert (found["slug"], found["published"]) == ("moi-2027", False)
    assert set(found["rounds"].values()) == {"DRAFT"}


def test_an_unknown_rulebook_and_a_bad_address_are_refused(run):
    assert "Các mẫu" in run("new", "x", "--template", "Z").output
    assert run("new", "Không Đúng").exit_code == 1


def test_contests_are_listed_with_their_rounds(run):
    run("import", EXAMPLES / "contest-a.json")
    done = run("list")
    assert "tim-hieu-luat: Cuộc thi trực tuyến" in done.output and "tuan-1: REVIEW" in done.output


@pytest.mark.parametrize("words", [("results", "x"), ("tally", "x"), ("export", "x", "--out", "/tmp/never.json")])
def test_a_contest_that_is_not_there_is_refused(run, words):
    done = run(*words)
    assert done.exit_code == 1 and "Không có cuộc thi «x»" in done.output


def test_open_rounds_are_named_and_not_counted(said, tmp_path):
    running = archived.week()
    running["attempts"] = [{"code": "A", "score": 10}]
    running["rounds"] = [{"key": "tuan-1", "state": "OPEN"}]
    said("import", file(tmp_path, running))
    found = said("results", "thu")
    assert (found["open"], found["rounds"]) == (["tuan-1"], [])


def test_a_contest_from_the_command_line_can_be_run_from_its_pages(said, run):
    with db.begin() as session:
        for who in ("hana", "otto"):
            make.person(session, who)
    given = [word for who in ("hana", "otto") for word in ("--secretary", make.PHONES[who])]
    said("import", EXAMPLES / "contest-a.json", *given)
    assert run("new", "nam-nay", *given).exit_code == 0
    with db.read() as session:
        held = session.query(models.Contest.slug, models.ContestRole.role).join(models.ContestRole).all()
    expected = [(slug, role) for slug in ("nam-nay", "tim-hieu-luat") for role in ("host", "secretariat")]
    assert sorted(set(held)) == expected and len(held) == 8
    done = run("new", "nam-sau", "--secretary", "0987654321")
    assert done.exit_code == 1 and "Chưa có tài khoản" in done.output
    with db.read() as session:
        assert session.query(models.Contest).filter_by(slug="nam-sau").count() == 0


def test_the_desk_of_a_contest_taken_in_opens_for_its_secretariat(said, client):
    """Its target was frozen elsewhere, and nobody here knows on how many rows."""
    with db.begin() as session:
        make.person(session, "hana")
    said("import", EXAMPLES / "contest-a.json", "--secretary", make.PHONES["hana"])
    hana = signed_in(client, "hana")
    text = page(hana, "/to-chuc/cuoc-thi/tim-hieu-luat/vong/tuan-1")
    assert "Số mục tiêu đã chốt lúc" in text and "Tính trên" not in text
