"""From a draft to a question in use, with two people: steps, remarks, filters, checks while typing, law and files."""

import re

import pytest

from quizapp import db
from quizapp.services import approvals, bank_filters, banks, revisions
from tests import make
from tests.rules.test_bank import LAW, ONE
from tests.services.test_revisions import raw
from tests.web.test_bank import FILE, Filled, app, config, page, reviewer, send, send_editor, signed_in  # noqa: F401

NEW = "/ngan-hang/moi?chu-de=huu-tri&loai=one"
ID = "huu-tri-001"
FULL = {
    "stem__vi": "Câu mới hỏi gì?",
    "stem__en": "What does the new one ask?",
    "short__vi": "Hỏi gì?",
    "short__en": "Asks what?",
    "options__0__vi": "15 năm",
    "options__0__en": "15 years",
    "options__0__right": "y",
    "options__1__vi": "10 năm",
    "options__1__en": "10 years",
    "explanation__vi": "Khoản 1 Điều 64 yêu cầu từ đủ 15 năm đóng trở lên.",
    "explanation__en": "Article 64 clause 1 asks for at least 15 years of contributions.",
    "citations": "Điều 64 khoản 1",
    "facts": "H-01",
    "difficulty": "know",
}


@pytest.fixture
def other(app, reviewer):  # noqa: F811
    """Another reviewer in another browser."""
    with db.begin() as session:
        make.person(session, "hana", roles=["reviewer"])
    return signed_in(app.test_client(), "hana")


def says(id):
    with db.read() as session:
        return revisions.find(session, id)


def dealt():
    with db.read() as session:
        return {entry.question.id: entry.version for entry in banks.dealt(session)}


def step(client, name, id=ID, **more):
    return send(client, f"/ngan-hang/{id}", f"/ngan-hang/{id}/{name}", **more)


def test_a_new_question_goes_from_the_editor_over_another_reviewer_into_use(reviewer, other):  # noqa: F811
    assert "Bắt đầu viết" in page(reviewer, "/ngan-hang/moi")
    answer = send_editor(reviewer, NEW, **FULL, do="submit")
    assert answer.status_code == 302 and says("huu-tri-1001").state == "waiting"
    html = page(reviewer, "/ngan-hang/huu-tri-1001")
    assert "/duyet" not in html and "cần một người duyệt khác" in html
    assert step(reviewer, "duyet", "huu-tri-1001").status_code == 400
    assert step(other, "duyet", "huu-tri-1001", version="1").status_code == 302
    assert dealt()["huu-tri-1001"] == 1
    assert "duyệt: Hana" in page(other, "/ngan-hang/huu-tri-1001")


@pytest.mark.parametrize("kind", ["one", "several", "truefalse", "order", "number"])
def test_every_kind_can_be_begun_and_kept_unfinished(reviewer, kind):  # noqa: F811
    path = f"/ngan-hang/moi?chu-de=huu-tri&loai={kind}"
    answer = (
        {"options__0__vi": "Một", "options__1__vi": "Hai"} if kind in ("one", "several", "order") else {"answer": "1"}
    )
    sent = send_editor(reviewer, path, stem__vi="Chưa xong?", difficulty="know", do="save", **answer)
    assert sent.status_code == 302 and says("huu-tri-1001").question.kind == kind
    html = page(reviewer, "/ngan-hang/huu-tri-1001")
    assert "Cần bổ sung trước khi được duyệt" in html and "/gui-duyet" not in html
    assert page(reviewer, "/ngan-hang/huu-tri-1001/sua")


def test_a_draft_without_anything_to_choose_is_refused_beside_its_field(reviewer):  # noqa: F811
    answer = send_editor(reviewer, NEW, stem__vi="Hỏi gì?", difficulty="know", do="save")
    assert answer.status_code == 422 and 'id="options-0-vi-error"' in answer.get_data(as_text=True)


def test_an_unfinished_question_is_not_sent_for_approval(reviewer):  # noqa: F811
    answer = send_editor(reviewer, NEW, **{**FULL, "facts": "H-99"}, do="submit")
    assert answer.status_code == 422 and "Không có dữ kiện" in answer.get_data(as_text=True)
    with db.read() as session:
        assert revisions.states(session) == {"approved": 5}


def test_an_edit_is_dealt_only_after_the_approval_and_the_next_one_follows(reviewer, other):  # noqa: F811
    for id in (ID, "huu-tri-003"):
        assert send_editor(reviewer, f"/ngan-hang/{id}/sua", difficulty="apply", do="submit").status_code == 302
    assert "Phiên bản 1 đã duyệt vẫn được dùng" in page(other, f"/ngan-hang/{ID}")
    assert dealt()[ID] == 1
    answer = step(other, "duyet", version="2")
    assert answer.location.endswith("huu-tri-003") and dealt()[ID] == 2
    assert "Đây là câu tiếp theo" in page(other, answer.location)
    assert step(other, "duyet", "huu-tri-003", version="1").status_code == 409


def test_a_question_is_sent_back_with_a_reason(reviewer, other):  # noqa: F811
    send_editor(reviewer, f"/ngan-hang/{ID}/sua", difficulty="apply", do="submit")
    assert step(other, "tra-lai").status_code == 400
    assert step(other, "tra-lai", reason="Xem lại mức độ").status_code == 302
    assert "Lý do: Xem lại mức độ" in page(reviewer, f"/ngan-hang/{ID}")
    assert step(reviewer, "ra-soat", "huu-tri-002", reason="Nghi vấn").status_code == 302
    assert "huu-tri-002" not in dealt()


def test_remarks_stand_beside_their_field_until_they_are_settled(reviewer, other):  # noqa: F811
    path = f"/ngan-hang/{ID}"
    assert send(other, path, f"{path}/gop-y", field="stem", text="Nên nêu rõ nhóm <b>nào</b>.").status_code == 302
    assert "Nên nêu rõ nhóm &lt;b&gt;nào&lt;/b&gt;." in page(reviewer, f"{path}/sua")
    assert ID in page(reviewer, "/ngan-hang?chat-luong=remarks")
    number = re.search(rf"{path}/gop-y/(\d+)/xong", page(reviewer, path))[1]
    assert send(reviewer, path, f"{path}/gop-y/{number}/xong").status_code == 302
    assert "Đã giải quyết: Otto" in page(reviewer, path)
    assert "Nên nêu rõ" not in page(reviewer, f"{path}/sua")
    assert send(reviewer, path, f"{path}/gop-y", field="key", text="x").status_code == 422


def test_ticked_drafts_are_sent_for_approval_and_the_unready_named(reviewer):  # noqa: F811
    send_editor(reviewer, NEW, **FULL, do="save")
    send_editor(reviewer, NEW, **{**FULL, "stem__vi": "Câu nữa?", "facts": ""}, do="save")
    html = page(reviewer, "/ngan-hang?trang-thai=draft")
    assert 'value="huu-tri-1001"' in html and 'value="huu-tri-1002"' in html
    send(reviewer, "/ngan-hang", "/ngan-hang/gui-duyet", cau=["huu-tri-1001", "huu-tri-1002"])
    html = page(reviewer, "/ngan-hang")
    assert "Đã gửi duyệt 1 câu hỏi." in html and "Chưa gửi được, mở từng câu để xem lý do: huu-tri-1002." in html
    assert (says("huu-tri-1001").state, says("huu-tri-1002").state) == ("waiting", "draft")
    send(reviewer, "/ngan-hang", "/ngan-hang/gui-duyet")
    assert "Chưa chọn câu hỏi nào." in page(reviewer, "/ngan-hang")


def test_the_filters_of_language_quality_and_article(reviewer):  # noqa: F811
    send_editor(reviewer, NEW, **{**FULL, "short__en": "", "citations": "Điều 65"}, do="save")
    send_editor(reviewer, f"/ngan-hang/{ID}/sua", stem__vi="Từ mấy năm đóng thì được hưởng lương hưu?", do="save")

    def found(query):
        return set(re.findall(r'class="id" href="/ngan-hang/(huu-tri-\d+)"', page(reviewer, f"/ngan-hang?{query}")))

    assert found("ngon-ngu=missing") == {"huu-tri-1001"}
    assert found("ngon-ngu=stale") == {ID} and len(found("ngon-ngu=full")) == 5
    assert found("chat-luong=unfit") == {"huu-tri-1001"}
    assert found("chat-luong=unread") == {"huu-tri-002", "huu-tri-003", "huu-tri-004", "huu-tri-005"}
    assert found("dieu=65") == {"huu-tri-1001"} and len(found("dieu=64")) == 5
    assert found("dieu=x") == found("")


def test_a_filter_is_kept_under_a_name_and_dropped(reviewer):  # noqa: F811
    query = {"trang-thai": "waiting", "chu-de": "huu-tri"}
    send(reviewer, "/ngan-hang", "/ngan-hang/bo-loc", ten="Việc của tôi", **query)
    html = page(reviewer, "/ngan-hang")
    assert re.search(r'href="/ngan-hang\?chu-de=huu-tri&amp;trang-thai=waiting">Việc của tôi', html)
    with db.read() as session:
        (kept,) = bank_filters.of(session, says_who(session))
    send(reviewer, "/ngan-hang", f"/ngan-hang/bo-loc/{kept.id}/xoa")
    assert "Việc của tôi" not in page(reviewer, "/ngan-hang")


def says_who(session):
    return session.query(bank_filters.BankFilter).one().person_id


def test_a_translation_that_was_left_behind_is_confirmed_or_renewed(reviewer):  # noqa: F811
    path = f"/ngan-hang/{ID}"
    send_editor(reviewer, f"{path}/sua", stem__vi="Từ mấy năm đóng thì được hưởng lương hưu?", do="save")
    assert "Bản dịch đã cũ" in page(reviewer, path)
    assert send(reviewer, path, f"{path}/ban-dich", version="1").status_code == 409
    assert send(reviewer, path, f"{path}/ban-dich", version="2").status_code == 302
    assert "Bản dịch đã cũ:" not in page(reviewer, path)


# ── The check while typing ──────────────────────────────────────────────────────────────────────────────────────


def typed(client, id=ID, **changes):
    html = page(client, f"/ngan-hang/{id}/sua")
    fields = {name: value for name, value in Filled(html).sent if name != "csrf_token"}
    fields |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {"topic": "huu-tri", "kind": "one", "id": id, "fields": fields}


def check(client, body, **headers):
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client, "/ngan-hang"))[1]
    return client.post("/ngan-hang/kiem-tra", json=body, headers={"X-CSRFToken": token, **headers})


def test_what_is_typed_is_checked_as_strictly_as_the_files(reviewer):  # noqa: F811
    assert check(reviewer, typed(reviewer)).json["remarks"] == []
    said = check(
        reviewer, typed(reviewer, stem__vi="x" * 221, citations="Điều 64 khoản 9\nĐiều 65", options__2__vi="")
    ).json
    assert {remark["field"] for remark in said["remarks"]} == {"stem-vi", "citations", "options-2-vi"}
    assert [place["path"] for place in said["places"]] == ["/luat/dieu-65"] and said["places"][0]["text"]


def test_a_wording_that_another_question_has_is_told_while_typing(reviewer):  # noqa: F811
    with db.read() as session:
        stem = revisions.find(session, "huu-tri-003").question.stem.vi
    (remark,) = check(reviewer, typed(reviewer, stem__vi=stem)).json["remarks"]
    assert remark["field"] == "stem-vi" and "huu-tri-003" in remark["text"]


def test_the_check_takes_nothing_but_the_fields_of_the_form(reviewer):  # noqa: F811
    right = typed(reviewer)
    for wrong in (
        {**right, "kind": "poem"},
        {**right, "more": 1},
        {**right, "fields": {**right["fields"], "key": "1"}},
        {**right, "fields": {"stem-vi": 1}},
        {"topic": "huu-tri"},
    ):
        answer = check(reviewer, wrong)
        assert answer.status_code == 422 and answer.content_type == "application/problem+json"
    assert check(reviewer, {**right, "id": "huu-tri-999"}).status_code == 404
    assert check(reviewer, {**right, "fields": {"stem-vi": "x" * 20_000}}).status_code == 413
    assert says(ID).version == 1


def test_mallory_checks_and_changes_nothing(app, client, reviewer):  # noqa: F811
    mallory = signed_in(app.test_client(), "mallory")
    body = typed(reviewer)
    token = re.search(r'name="csrf_token" value="([^"]+)"', mallory.get("/toi").get_data(as_text=True))[1]
    assert mallory.post("/ngan-hang/kiem-tra", json=body, headers={"X-CSRFToken": token}).status_code == 403
    assert mallory.post("/ngan-hang/kiem-tra", json=body).status_code == 400
    for path in ("moi", "doi-chieu", "dieu-luat-thay-doi"):
        assert mallory.get(f"/ngan-hang/{path}").status_code == 403
    for path in ("duyet", "gui-duyet", "tra-lai", "ra-soat", "gop-y", "gop-y/1/xong", "ban-dich"):
        assert send(mallory, "/toi", f"/ngan-hang/{ID}/{path}").status_code == 403
    for path in ("gui-duyet", "bo-loc", "bo-loc/1/xoa", f"doi-chieu/{ID}", "dieu-luat-thay-doi"):
        assert send(mallory, "/toi", f"/ngan-hang/{path}").status_code == 403


# ── The law and the files ───────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_article_sends_its_questions_back_and_stands_on_its_page(reviewer, client):  # noqa: F811
    path = "/ngan-hang/dieu-luat-thay-doi"
    wanted = {"dieu": "64", "khoan": "1", "van_ban": "Luật số 99/2026/QH16", "ngay": "2026-07-01", "ghi_chu": "Số năm"}
    for wrong in ({"dieu": "999"}, {"khoan": "99"}, {"van_ban": ""}, {"ngay": "hôm nay"}):
        assert send(reviewer, path, path, **{**wanted, **wrong}).status_code == 422
    assert len(dealt()) == 5
    assert send(reviewer, path, path, **wanted).status_code == 302
    assert dealt() == {}
    html = page(reviewer, path)
    assert "5 câu hỏi chuyển sang «Cần rà soát»" in html and "Luật số 99/2026/QH16" in html
    assert "Điều 64 khoản 1: Luật số 99/2026/QH16, 01/07/2026. Số năm" in page(reviewer, f"/ngan-hang/{ID}")
    assert "Luật số 99/2026/QH16" in page(client, "/luat/dieu-64")
    assert step(reviewer, "duyet").status_code == 302 and dealt() == {ID: 1}


def test_a_conflict_is_shown_side_by_side_and_settled(reviewer, config):  # noqa: F811
    assert "Tệp và ngân hàng đang nói như nhau." in page(reviewer, "/ngan-hang/doi-chieu")
    send_editor(reviewer, f"/ngan-hang/{ID}/sua", difficulty="apply", do="save")
    file = config.questions / "huu-tri.toml"
    file.write_text(FILE.replace('"know"', '"understand"', 1).replace("10 năm", "12 năm", 1), encoding="utf-8")
    assert send(reviewer, "/ngan-hang", "/ngan-hang/nap-lai").location.endswith("/doi-chieu")
    assert "sửa cả trong tệp lẫn trên trang" in page(reviewer, "/ngan-hang")
    html = page(reviewer, "/ngan-hang/doi-chieu")
    assert "12 năm" in html and "cả hai sửa" in html and "Thông hiểu" in html
    digest = re.search(r'name="digest" value="(\w+)"', html)[1]
    sent = {"version": "2", "digest": digest, "chon-answer": "theirs"}
    path = f"/ngan-hang/doi-chieu/{ID}"
    assert send(reviewer, "/ngan-hang", path, **sent).status_code == 422
    assert send(reviewer, "/ngan-hang", path, **sent, **{"chon-difficulty": "ours"}).status_code == 302
    said = says(ID)
    assert (said.state, said.version, said.question.difficulty) == ("draft", 3, "apply")
    assert "12 năm" in {option.vi for option in said.question.options}
    assert send(reviewer, "/ngan-hang", path, **sent).status_code == 409


def test_what_only_the_page_has_is_named_for_the_next_export(reviewer, other):  # noqa: F811
    with db.begin() as session:
        otto, hana = (session.query(approvals.revisions.Person).filter_by(name=name).one() for name in ("Otto", "Hana"))
        values = {**raw(ONE), "stem": {"vi": "Câu thứ sáu?", "en": "A sixth?"}}
        id = revisions.draft_new(session, "huu-tri", values, otto.id, LAW, now=make.MADE)
        approvals.take(session, id, "submit", otto.id, ["reviewer"], LAW, now=make.MADE)
        approvals.take(session, id, "approve", hana.id, ["reviewer"], LAW, now=make.MADE)
    html = page(reviewer, "/ngan-hang/doi-chieu")
    assert "Chỉ có trên trang" in html and id in html


@pytest.mark.parametrize("path", [NEW, "/ngan-hang/moi", "/ngan-hang/doi-chieu", "/ngan-hang/dieu-luat-thay-doi"])
def test_the_new_pages_are_there_in_english(reviewer, path):  # noqa: F811
    assert '<html lang="en"' in page(reviewer, f"{path}{'&' if '?' in path else '?'}lang=en")
