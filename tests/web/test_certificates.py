"""Certificates to take away, to print, and to check: by whoever they are for, and nothing more than is meant."""

import pytest

from quizapp import db
from quizapp.models import Certificate, Contest, Contestant
from quizapp.rules.contest import Prize, Ranking, Words
from quizapp.rules.tally import TeamLine
from tests import make
from tests.documents.reading import pages, words
from tests.web.test_bank import page, signed_in

PRIZES = (
    Prize(key="nhat", name=Words("Giải Nhất", "First prize")),
    Prize(key="nhi", name=Words("Giải Nhì", "Second prize")),
)
MINE = "/cuoc-thi/tim-hieu-luat/giay-chung-nhan"
LIST = "/to-chuc/cuoc-thi/tim-hieu-luat/vong/tuan-1/giay-chung-nhan.pdf"


@pytest.fixture
def app(app):
    with db.begin() as session:
        hana = make.person(session, "hana", roles=["organizer"])
        ada, bob = make.person(session), make.person(session, "bob")
        make.person(session, "mallory")
        rules = make.round_rules(ranking=Ranking(prizes=PRIZES))
        contest = make.contest(session, rounds=[rules], owner=hana, place="Hà Nội")
        row = contest.rounds[0]
        first = make.contestant(session, contest, ada, name="Nguyễn Thị Ada")
        second = make.contestant(session, contest, bob, name="Trần Văn Bốp")
        row.state = "FINAL"
        make.snapshot(session, row, [(first, 10), (second, 9)], [("nhat", first), ("nhi", second)])
    return app


def change(state):
    with db.begin() as session:
        session.query(Contest).one().rounds[0].state = state


def serial(client, path=f"{MINE}.pdf"):
    text = pdf(client, path)
    return text[text.index("CN-") :][:17]


def pdf(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return words(answer.data)


def test_the_certificate_of_taking_part_has_the_name_and_leads_to_its_check(client):
    signed_in(client, "ada")
    text = pdf(client, f"{MINE}.pdf")
    assert "Nguyễn Thị Ada đã tham gia Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”" in text
    assert text == pdf(client, f"{MINE}.pdf")
    html = page(client, f"/kiem-tra/{serial(client)}")
    for said in ("Giấy chứng nhận có thật", "Nguyễn Thị Ada", "Tham gia cuộc thi", "Tìm hiểu Luật"):
        assert said in html


def test_a_prize_has_its_own_certificate_also_in_english(client):
    signed_in(client, "ada")
    assert "đã đạt GIẢI NHẤT – TUẦN 1" in pdf(client, f"{MINE}/tuan-1/nhat.pdf")
    text = pdf(client, f"{MINE}/tuan-1/nhat.pdf?lang=en")
    assert "was awarded FIRST PRIZE – WEEK 1" in text and "Hà Nội" in text
    html = page(client, f"/kiem-tra/{serial(client, f'{MINE}/tuan-1/nhat.pdf')}?lang=vi")
    assert "Giải Nhất – Tuần 1" in html and "Tham gia cuộc thi" not in html


def test_the_page_lists_what_one_may_have_and_says_why_not_yet(client):
    signed_in(client, "ada")
    html = page(client, MINE)
    assert f'href="{MINE}.pdf"' in html and f'href="{MINE}/tuan-1/nhat.pdf"' in html and "nhi.pdf" not in html
    change("COMPLAINTS")
    html = page(client, MINE)
    assert "nhat.pdf" not in html and "sau khi kết quả thành chính thức" in html
    assert client.get(f"{MINE}/tuan-1/nhat.pdf").status_code == 409


def test_my_page_leads_to_my_certificates(client):
    assert f'href="{MINE}"' in page(signed_in(client, "ada"), "/toi")
    change("OPEN")
    assert f'href="{MINE}"' not in page(client, "/toi")


@pytest.mark.parametrize("path", [MINE, f"{MINE}.pdf", f"{MINE}/tuan-1/nhat.pdf", LIST])
def test_mallory_is_turned_away(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 404


def test_the_prize_of_somebody_else_is_not_there(client):
    assert signed_in(client, "bob").get(f"{MINE}/tuan-1/nhat.pdf").status_code == 404


def test_the_secretariat_prints_all_of_a_list(client):
    signed_in(client, "hana")
    found = pages(client.get(LIST).data)
    assert len(found) == 2 and "Nguyễn Thị Ada" in found[0] and "GIẢI NHÌ – TUẦN 1" in found[1]
    change("ANNOUNCED")
    assert client.get(LIST).status_code == 409


def test_teams_that_won_have_theirs_in_the_list_and_anybody_checks_it(client):
    team = TeamLine(rank=1, team="Đoàn Sở Y tế", present=5, value=600, value_of=5, won=True)
    with db.begin() as session:
        contest = session.query(Contest).one()
        make.snapshot(session, contest.rounds[0], numbers={"teams": (team,)})
    signed_in(client, "hana")
    (text,) = pages(client.get(LIST).data)
    assert "Đoàn Sở Y tế đã đạt GIẢI ĐỒNG ĐỘI, HẠNG 1 – TUẦN 1" in text
    assert "was awarded TEAM PRIZE, PLACE 1 – WEEK 1" in pages(client.get(f"{LIST}?lang=en").data)[0]
    client.get("/dang-xuat")
    number = text[text.index("CN-") :][:17]
    html = page(client, f"/kiem-tra/{number}?lang=vi")
    assert "<dt>Đội</dt>" in html and "Đoàn Sở Y tế" in html and "Giải đồng đội, hạng 1 – Tuần 1" in html
    assert "Họ và tên" not in html


def test_without_a_confirmed_prize_there_is_nothing_to_print(client):
    with db.begin() as session:
        contest = session.query(Contest).one()
        make.snapshot(session, contest.rounds[0], [(session.query(Contestant).first(), 10)])
    assert signed_in(client, "hana").get(LIST).status_code == 404


# ── Checking ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_anybody_checks_a_number_that_they_type(client):
    number = serial(signed_in(client, "ada"))
    client.get("/dang-xuat")
    answer = client.get("/kiem-tra", query_string={"ma": number.lower().replace("-", " ")}, follow_redirects=True)
    assert answer.status_code == 200 and "Nguyễn Thị Ada" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'name="ma"' in page(client, "/kiem-tra")


def test_the_check_page_says_name_unit_contest_prize_and_date_and_nothing_else(client):
    with db.begin() as session:
        ada = session.query(Contestant).filter_by(name="Nguyễn Thị Ada").one()
        ada.unit_id = make.unit(session, session.query(Contest).one(), "Công ty May 10").id
        code = ada.code
    html = page(client, f"/kiem-tra/{serial(signed_in(client, 'ada'))}")
    assert "Công ty May 10" in html and code not in html
    facts = html[html.index("<dl>") : html.index("</dl>")]
    assert [part.split("<")[0] for part in facts.split("<dt>")[1:]] == [
        "Họ và tên",
        "Đơn vị, địa phương",
        "Cuộc thi",
        "Giải",
        "Ngày cấp",
        "Số",
    ]


def test_a_revoked_certificate_says_so_without_a_name(client):
    number = serial(signed_in(client, "ada"))
    with db.begin() as session:
        one = session.query(Certificate).one()
        one.revoked_at, one.revoked_reason = make.MADE, "Lý do nội bộ."
    html = page(client, f"/kiem-tra/{number}")
    assert "không còn hiệu lực" in html and "Nguyễn Thị Ada" not in html and "Lý do nội bộ" not in html


@pytest.mark.parametrize(
    ("code", "said"), [("CN-0000-0000-0000", "kiểm tra lại từng ký tự"), ("XT68-RQ5V-T1", "mã biên nhận")]
)
def test_a_wrong_number_gets_a_kind_sentence_beside_the_field(client, code, said):
    answer = client.get(f"/kiem-tra/{code}")
    assert answer.status_code == 404 and said in answer.text and 'aria-invalid="true"' in answer.text


def test_nobody_tries_numbers_by_the_thousand(app):
    client = app.test_client()
    statuses = {client.get("/kiem-tra/CN-0000-0000-0000").status_code for _ in range(130)}
    assert statuses == {404, 429}
