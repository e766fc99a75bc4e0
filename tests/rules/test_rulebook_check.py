"""Choices of a rulebook that do not go together: each is found, with its place and its remedy."""

import re
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from quizapp.rules import model_rulebooks
from quizapp.rules import rulebook_check as rules
from quizapp.rules.contest import (
    BlueprintLine,
    Collective,
    Division,
    EssayPart,
    Fields,
    Invited,
    LivePart,
    Overall,
    Paper,
    Prediction,
    PrizeGate,
    Ranking,
    Rescue,
    Teams,
    Who,
    Words,
)
from quizapp.rules.rulebook_check import Listed
from quizapp.rules.timing import VIETNAM
from tests import make

DAY = date(2026, 3, 2)
CONTACT = Words("Tổ Thư ký, điện thoại 024 0000 0000", "The secretariat, phone 024 0000 0000")
A = replace(model_rulebooks.weekly(DAY), contact=CONTACT)
B = replace(model_rulebooks.livestream(DAY), contact=CONTACT)
C = replace(model_rulebooks.conference(DAY), contact=CONTACT)
HALF = Words("x", "x")


def bank(size=60):
    """So many approved questions of each topic of rulebook A."""
    topics = ("huu-tri", "nguoi-su-dung-lao-dong", "thu-tuc-ho-so", "quy-hutribosung-xuly")
    return [make.question(f"{topic}-{n:03}", topic=topic) for topic in topics for n in range(size)]


def found(settings, **known):
    return rules.check(settings, **known)


def remarks_at(settings, place, **known):
    return [one for one in found(settings, **known) if one.place == place]


def week(**changes):
    """Rulebook A with its first week changed."""
    return replace(A, rounds=(replace(A.rounds[0], **changes), *A.rounds[1:]))


def ranked(**changes):
    return week(ranking=replace(A.rounds[0].ranking, **changes))


def paper(**changes):
    return week(paper=replace(A.rounds[0].paper, **changes))


def asked(**changes):
    return week(prediction=replace(A.rounds[0].prediction, **changes))


def live(**changes):
    """Rulebook B with its live part changed."""
    return replace(B, rounds=(replace(B.rounds[0], live=replace(B.rounds[0].live, **changes)),))


def stream(**changes):
    return replace(B, rounds=(replace(B.rounds[0], **changes),))


def bell(**changes):
    one, two, three = C.rounds
    return replace(C, rounds=(one, two, replace(three, live=replace(three.live, **changes))))


def who(settings=A, **changes):
    return replace(settings, who=replace(settings.who, **changes))


def fields(settings=A, **changes):
    return who(settings, fields=replace(settings.who.fields, **changes))


def final(settings=A, **changes):
    """Rulebook A with a final ten days after its last week."""
    opens = settings.rounds[-1].closes_at + timedelta(days=10)
    made = {
        "key": "chung-ket",
        "name": Words("Chung kết"),
        "kind": "final",
        "opens_at": opens,
        "closes_at": opens + timedelta(hours=2),
        "closes_phrase": "",
        "invited": Invited(rounds=("tuan-1",), top_each=10),
    }
    return replace(settings, rounds=(*settings.rounds, replace(settings.rounds[0], **{**made, **changes})))


def essay(round=None, keys=("score", "essay_score", "lot"), **changes):
    part = {"prompt": Words("Viết về quyền lợi."), **changes}
    return week(essay=EssayPart(**part), prediction=None, ranking=Ranking(keys=keys), **(round or {}))


def overall(settings=A, **changes):
    return replace(settings, overall=(replace(Overall(), **changes),))


def group(n=0, settings=A, **changes):
    lists = list(settings.collective)
    lists[n] = replace(lists[n], **changes)
    return replace(settings, collective=tuple(lists))


# ── Ready rulebooks ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("settings", [A, B, C], ids="ABC")
def test_the_ready_rulebooks_have_no_fault(settings):
    assert rules.faults(found(settings)) == ()


def test_the_ready_weekly_contest_is_content_with_an_ample_bank():
    assert rules.faults(found(A, bank=bank())) == ()
    assert {one.place for one in found(A, bank=bank())} == {"prizes"}


def test_a_new_rulebook_lacks_what_every_rulebook_needs():
    empty = replace(A, name=Words(""), organizer=Words(""), contact=None, rounds=(), decides=Words(""), collective=())
    assert {one.place for one in rules.faults(found(empty))} == {"name", "organizer", "contact", "rounds", "decides"}


# ── One remark each ─────────────────────────────────────────────────────────────────────────────────────────────

OPEN, CLOSE = A.rounds[0].opens_at, A.rounds[0].closes_at
LINES = A.rounds[0].paper.blueprint
PRIZE = A.rounds[0].ranking.prizes[0]
R, Q = "rounds.tuan-1", "rounds.livestream"
FAULTS = [
    (
        "a certificate for more than everything",
        replace(A, certificate_least=101),
        "certificate_least",
        "Giấy chứng nhận tham gia",
    ),
    ("two rounds of one key", replace(A, rounds=(*A.rounds, A.rounds[0])), "rounds", "«%(key)s» dùng cho hai mục"),
    ("a list with the key of a round", overall(key="tuan-1"), "rounds", "dùng cho hai mục"),
    ("two prizes of one key", ranked(prizes=(PRIZE, PRIZE)), f"{R}.ranking.prizes", "Hai giải cùng mang mã"),
    ("a round without a name", week(name=Words("")), f"{R}.name", "chưa có tên"),
    ("closing before opening", week(closes_at=OPEN), f"{R}.closes_at", "đóng trước hoặc cùng lúc mở"),
    ("a phrase for another second", week(closes_phrase="đến hết ngày 08/3"), f"{R}.closes_phrase", "không khớp"),
    (
        "shorter than one attempt",
        week(closes_at=OPEN + timedelta(minutes=9), closes_phrase=""),
        f"{R}.closes_at",
        "mở ngắn hơn thời gian làm một bài",
    ),
    ("live without a way to play", stream(live=None), f"{Q}.live", "chưa có cách chơi"),
    ("a way to play without live", week(live=LivePart()), f"{R}.live", "không phải vòng trực tiếp"),
    ("an essay round without a prompt", week(kind="essay", essay=None), f"{R}.essay", "chưa có đề bài"),
    ("an essay in a live round", stream(essay=EssayPart(prompt=HALF)), f"{Q}.essay", "không có phần tự luận"),
    ("an invitation outside of a final", week(invited=Invited(top_each=1)), f"{R}.invited", "Chỉ vòng chung kết"),
    ("an empty prompt", essay(prompt=Words("")), f"{R}.essay.prompt", "còn trống"),
    ("fewer words at most than at least", essay(min_words=2000), f"{R}.essay.min_words", "lớn hơn"),
    ("an essay gate above the full score", essay(essay_gate=11), f"{R}.essay.essay_gate", "cao hơn tổng điểm"),
    ("no question", paper(blueprint=()), f"{R}.paper", "chưa có câu hỏi nào"),
    ("too many questions", paper(blueprint=(replace(LINES[0], count=101),)), f"{R}.paper", "nhiều hơn 100"),
    ("two lines of one topic", paper(blueprint=(LINES[0], LINES[0])), f"{R}.paper.blueprint", "hai dòng"),
    (
        "a line of a level beside one of the topic",
        paper(blueprint=(LINES[0], replace(LINES[0], difficulty="know"))),
        f"{R}.paper.blueprint",
        "hai dòng",
    ),
    ("a question twice", paper(kind="fixed", questions=("a", "a")), f"{R}.paper.questions", "ghi hai lần"),
    (
        "points of a question that is not asked",
        paper(kind="fixed", questions=("a",), question_points={"b": 2}),
        f"{R}.paper.question_points",
        "không có trong đề",
    ),
    (
        "parts of points in a live round",
        stream(paper=replace(B.rounds[0].paper, marking="PARTIAL")),
        f"{Q}.paper.marking",
        "chỉ chấm đúng hết",
    ),
    ("another number of questions than the show has", live(questions=9), f"{Q}.paper.blueprint", "hỏi %(live)s câu"),
    ("several attempts in a live round", stream(max_attempts=2), f"{Q}.max_attempts", "chỉ có một lượt"),
    (
        "a rest longer than the round",
        week(cooldown=3600, closes_at=OPEN + timedelta(minutes=30), closes_phrase=""),
        f"{R}.cooldown",
        "dài hơn cả",
    ),
    ("a board of scores nobody may see", week(board="TOP", show_after="NOTHING"), f"{R}.board", "hiện điểm"),
    ("a distance without a prediction", week(prediction=None), f"{R}.prediction", "không hỏi câu dự đoán"),
    ("a prediction without its key", ranked(keys=("score", "lot")), f"{R}.ranking.keys", "không dùng để xếp hạng"),
    ("people in the room outside of a live round", asked(target="P_LIVE"), f"{R}.prediction.target", "Chỉ vòng trực"),
    (
        "all correct without questions",
        week(kind="essay", essay=EssayPart(prompt=HALF), paper=Paper()),
        f"{R}.prediction.target",
        "không có câu trắc nghiệm",
    ),
    ("a free start as long as the answers", live(free_ms=20_000), f"{Q}.live.free_ms", "dài bằng cả"),
    ("joining after the last question", live(join_until=9), f"{Q}.live.join_until", "chỉ có %(count)s câu"),
    ("a prediction after the last question", live(prediction_after=8), f"{Q}.live.prediction_after", "trước câu cuối"),
    ("rescues outside of a Golden Bell", live(rescues=(Rescue(after=2),)), f"{Q}.live.rescues", "Chỉ Rung chuông"),
    (
        "rescues out of order",
        bell(rescues=(Rescue(after=9), Rescue(after=8))),
        "rounds.rung-chuong-vang.live.rescues",
        "theo thứ tự",
    ),
    (
        "a rescue after the last question",
        bell(rescues=(Rescue(after=20),)),
        "rounds.rung-chuong-vang.live.rescues",
        "theo thứ tự",
    ),
    (
        "a watch word before the show",
        live(watch_word_until=B.rounds[0].opens_at),
        f"{Q}.live.watch_word_until",
        "nằm ngoài",
    ),
    (
        "a watch word after the show",
        live(watch_word_until=B.rounds[0].closes_at + timedelta(seconds=1)),
        f"{Q}.live.watch_word_until",
        "nằm ngoài",
    ),
    (
        "a registration days later",
        live(registration_until=B.rounds[0].closes_at + timedelta(days=2)),
        f"{Q}.live.registration_until",
        "hơn một ngày",
    ),
    ("more must be there than count", live(teams=Teams(best=2, least=3)), f"{Q}.live.teams", "lớn hơn"),
    ("no ranking key", ranked(keys=()), f"{R}.ranking.keys", "chưa có tiêu chí"),
    ("a key twice", ranked(keys=("score", "score", "prediction_distance", "lot")), f"{R}.ranking.keys", "hai lần"),
    (
        "lots before the last key",
        ranked(keys=("score", "lot", "prediction_distance")),
        f"{R}.ranking.keys",
        "cuối cùng",
    ),
    ("lots that are no key", ranked(keys=("score", "prediction_distance")), f"{R}.ranking.keys", "không có bốc thăm"),
    ("a prize without a name", ranked(prizes=(replace(PRIZE, name=Words("")),)), f"{R}.ranking.prizes", "chưa có tên"),
    (
        "a prize of an unknown division",
        ranked(prizes=(replace(PRIZE, division="x"),)),
        f"{R}.ranking.prizes",
        "một bảng không có",
    ),
    (
        "a prize for each of no divisions",
        ranked(prizes=(replace(PRIZE, per_division=True),)),
        f"{R}.ranking.prizes",
        "không chia bảng",
    ),
    (
        "a prize for one and for all divisions",
        who(
            ranked(prizes=(replace(PRIZE, division="a", per_division=True),)),
            divisions=(Division(key="a", name=HALF), Division(key="b", name=HALF)),
        ),
        f"{R}.ranking.prizes",
        "vừa dành cho một bảng",
    ),
    (
        "the youngest without a birth date",
        fields(ranked(prizes=(replace(PRIZE, kind="YOUNGEST"),)), birth_date="optional"),
        f"{R}.ranking.prizes",
        "cần ngày sinh",
    ),
    (
        "the farthest without an address",
        fields(ranked(prizes=(replace(PRIZE, kind="FARTHEST"),)), address="optional"),
        f"{R}.ranking.prizes",
        "cần nơi ở",
    ),
    (
        "response time in a round of one's own pace",
        ranked(keys=("score", "prediction_distance", "response_time", "lot")),
        f"{R}.ranking.keys",
        "chỉ đo được ở vòng trực tiếp",
    ),
    (
        "duration in a live round",
        stream(ranking=Ranking(keys=("correct", "prediction_distance", "duration", "lot"))),
        f"{Q}.ranking.keys",
        "không có thời gian làm bài",
    ),
    (
        "rounds entered in a round",
        ranked(keys=("score", "prediction_distance", "rounds_entered", "lot")),
        f"{R}.ranking.keys",
        "danh sách chung",
    ),
    (
        "an essay key without an essay",
        ranked(keys=("score", "prediction_distance", "essay_score", "lot")),
        f"{R}.ranking.keys",
        "không có phần tự luận",
    ),
    ("an empty gate", ranked(prize_gate=PrizeGate(kind="MIN_SCORE")), f"{R}.ranking.prize_gate", "còn trống"),
    (
        "a gate above the full score",
        ranked(prize_gate=PrizeGate(kind="MIN_SCORE", least=11)),
        f"{R}.ranking.prize_gate",
        "cao hơn mức cao nhất",
    ),
    (
        "a gate above the number of questions",
        ranked(prize_gate=PrizeGate(kind="MIN_CORRECT", least=11)),
        f"{R}.ranking.prize_gate",
        "cao hơn mức cao nhất",
    ),
    (
        "a lucky prize for more than all",
        ranked(prizes=(replace(PRIZE, kind="LUCKY", least_correct=11),)),
        f"{R}.ranking.prizes",
        "đòi đúng %(least)s câu",
    ),
    (
        "people from an unknown round",
        final(invited=Invited(rounds=("x",), top_each=1)),
        "rounds.chung-ket.invited",
        "không có trong cuộc thi",
    ),
    (
        "people from a round still open",
        final(opens_at=CLOSE - timedelta(days=1)),
        "rounds.chung-ket.invited",
        "chưa đóng khi chung kết mở",
    ),
    ("nobody invited", final(invited=Invited(rounds=("tuan-1",))), "rounds.chung-ket.invited", "bao nhiêu người"),
    ("nobody said to enter", who(status=Words("")), "who.status", "ai được dự thi"),
    ("prizes without names", fields(full_name="optional"), "who.fields.full_name", "họ và tên"),
    (
        "a division without a name",
        who(divisions=(Division(key="a", name=HALF), Division(key="b", name=Words("")))),
        "who.divisions",
        "chưa có tên",
    ),
    ("a list without codes", who(on_list_only=True), "who.fields.delegate_code", "không bắt buộc mã"),
    ("an age without a birth date", fields(birth_date="optional"), "who.fields.birth_date", "đòi đủ %(age)s tuổi"),
    ("an unknown province", who(provinces=("99",)), "who.provinces", "không có trong danh sách"),
    (
        "a province without an address",
        who(fields(address="optional"), provinces=("01",)),
        "who.fields.address",
        "giới hạn theo tỉnh",
    ),
    (
        "nothing that tells people apart",
        fields(identity_number="optional", phone="optional"),
        "who.fields.phone",
        "đăng ký được nhiều lần",
    ),
    ("a list without a name", overall(name=Words("")), "overall.chung", "chưa có tên"),
    ("a list of an unknown round", overall(rounds=("x",)), "overall.chung.rounds", "không có trong cuộc thi"),
    (
        "a final's list without a final",
        overall(overall_rule="FINAL"),
        "overall.chung.overall_rule",
        "không có vòng chung",
    ),
    (
        "keys that cannot be summed",
        overall(ranking=Ranking(keys=("score", "prediction_distance", "lot"))),
        "overall.chung.ranking.keys",
        "không cộng được",
    ),
    (
        "response times of rounds without",
        overall(ranking=Ranking(keys=("score", "response_time", "lot"))),
        "overall.chung.ranking.keys",
        "không thi trực tiếp",
    ),
    ("a list of larger teams than count", overall(teams=Teams(best=1, least=2)), "overall.chung.teams", "lớn hơn"),
    ("a list of units without a name", group(name=Words("")), "collective.tinh-dong-nhat", "chưa có tên"),
    ("an unknown level", group(level="Khoa"), "collective.tinh-dong-nhat.level", "không có trong các cấp"),
    ("places without an address", fields(address="optional"), "collective.tinh-dong-nhat", "theo địa phương"),
    ("units without a unit", fields(unit="off"), "collective.don-vi-ty-le-cao", "không hỏi đơn vị"),
    ("units of an unknown round", group(rounds=("x",)), "collective.tinh-dong-nhat.rounds", "không có trong"),
    (
        "a composite without a second measure",
        group(measure="C_COMPOSITE"),
        "collective.tinh-dong-nhat.second",
        "đúng một thước đo thứ hai",
    ),
    (
        "a second measure without a composite",
        group(second="C_RATE"),
        "collective.tinh-dong-nhat.second",
        "đúng một thước đo thứ hai",
    ),
    ("count twice", group(measure="C_COMPOSITE", second="C_COUNT"), "collective.tinh-dong-nhat.second", "phải khác"),
    ("bands that do not rise", group(bands=(1000, 200)), "collective.tinh-dong-nhat.bands", "tăng dần"),
    (
        "a weight of no prize",
        group(measure="C_WINNERS", weights={"x": 3}),
        "collective.tinh-dong-nhat.weights",
        "Không có giải mang mã",
    ),
    ("two levels of one name", replace(A, unit_levels=("Đơn vị", "đơn vị")), "unit_levels", "dùng cho hai mục"),
]
WARNINGS = [
    ("no English name", replace(A, name=Words("Tên")), "name", "chưa có tiếng Anh"),
    ("no days to complain", replace(A, complaint_days=0), "complaint_days", "Không có ngày nào"),
    ("prizes without end", replace(A, one_prize_per="NONE"), "one_prize_per", "nhận nhiều giải"),
    ("prizes without value", A, "prizes", "chưa ghi giá trị"),
    ("rounds out of order", replace(A, rounds=A.rounds[::-1]), "rounds", "không xếp theo thời gian"),
    ("fastest, in the purpose", replace(A, purpose=Words("Ai nhanh nhất thì thắng")), "purpose", "dễ bị hiểu lẫn"),
    (
        "earliest, in a prize",
        ranked(prizes=(replace(PRIZE, name=Words("Giải Sớm nhất")),)),
        f"{R}.ranking.prizes",
        "dễ bị hiểu lẫn",
    ),
    ("fastest, in a list of units", group(name=Words("Đơn vị nhanh nhất")), "collective.tinh-dong-nhat", "dễ bị hiểu"),
    ("a phrase that says no time", week(closes_phrase="cuối tuần"), f"{R}.closes_phrase", "Không đọc được"),
    ("a show longer than its round", live(questions=8, seconds=120), f"{Q}.closes_at", ""),
    ("a final of nobody's choice", final(invited=None), "rounds.chung-ket.invited", "chưa nói mời ai"),
    ("an essay that does not count", essay(keys=("score", "lot")), f"{R}.ranking.keys", "không cộng vào tổng"),
    ("an essay that counts twice", essay(combine="ADD"), f"{R}.ranking.keys", "tính lần thứ hai"),
    ("no time to read", paper(time_limit=100), f"{R}.paper.time_limit", "%(seconds)s giây cho mỗi câu"),
    ("one paper for several attempts", paper(kind="fixed", questions=("a",), blueprint=()), f"{R}.paper.kind", "đoán"),
    ("a rest that nobody takes", week(max_attempts=1, cooldown=60), f"{R}.cooldown", "không dùng đến"),
    ("guesses to buy", asked(prediction_scope="PER_ATTEMPT"), f"{R}.prediction.prediction_scope", "được đoán nhiều"),
    ("a counter that tells", asked(public_step=10), f"{R}.prediction.public_step", "gần như cho biết"),
    ("a board that tells", week(board="TOP"), f"{R}.board", "gợi ý câu dự đoán"),
    ("speed above knowledge, for prizes", live(scoring="HALF_DECAY"), f"{Q}.live.scoring", "Chỉ nên dùng khi chơi vui"),
    (
        "many rescues",
        bell(rescues=tuple(Rescue(after=n) for n in (3, 6, 9))),
        "rounds.rung-chuong-vang.live.rescues",
        "một hoặc hai lần",
    ),
    ("a Golden Bell without reserves", bell(reserves=0), "rounds.rung-chuong-vang.live.reserves", "câu dự phòng"),
    ("speed first", ranked(keys=("duration", "prediction_distance", "lot")), f"{R}.ranking.keys", "đúng ít hơn"),
    (
        "invitations without a bound",
        ranked(prizes=(replace(PRIZE, kind="SPREADING"),)),
        f"{R}.ranking.prizes",
        "hàng loạt",
    ),
    (
        "a final before the results",
        final(opens_at=A.rounds[0].closes_at + timedelta(days=2)),
        "rounds.chung-ket.invited",
        "chưa kịp công bố",
    ),
    ("one division", who(divisions=(Division(key="a", name=HALF),)), "who.divisions", "Chỉ có một bảng"),
    ("codes without a list", fields(delegate_code="optional"), "who.fields.delegate_code", "không giới hạn"),
    ("children unknown", who(fields(birth_date="off"), min_age=None), "who.fields.birth_date", "dưới 16"),
    (
        "one phone for many",
        who(fields(identity_number="off"), phone_shared_max=3),
        "who.phone_shared_max",
        "trùng người",
    ),
    (
        "shared phones that nobody asks for",
        who(fields(phone="off"), phone_shared_max=3),
        "who.phone_shared_max",
        "không có tác dụng",
    ),
    (
        "numbers of guardians that nobody asks for",
        who(fields(phone="off", identity_number="off"), guardians=True),
        "who.guardians",
        "không hỏi số nào",
    ),
    ("a list of one round", overall(rounds=("tuan-1",)), "overall.chung.rounds", "chỉ gồm một vòng"),
    (
        "points of several shows",
        overall(C, key="khac", rounds=("phan-1", "phan-2"), ranking=Ranking(keys=("score", "lot"))),
        "overall.khac.ranking.keys",
        "vượt một câu đúng",
    ),
    (
        "all correct in a list of rounds",
        overall(
            overall_rule="ROUNDS_ENTERED",
            ranking=Ranking(keys=("rounds_entered", "lot"), prize_gate=PrizeGate(kind="ALL_CORRECT")),
        ),
        "overall.chung.ranking.prize_gate",
        "xếp theo số vòng",
    ),
    ("units that need not be said", fields(unit="optional"), "collective.don-vi-ty-le-cao", "không bắt buộc"),
    ("only by count", replace(A, collective=A.collective[:1]), "collective", "đông nhất luôn đứng đầu"),
    (
        "only by rate, however small",
        replace(A, collective=(replace(A.collective[1], min_headcount=1),)),
        "collective",
        "rất nhỏ luôn đứng đầu",
    ),
]


@pytest.mark.parametrize(("settings", "place", "says"), [c[1:] for c in FAULTS], ids=[c[0] for c in FAULTS])
def test_a_fault_is_found(settings, place, says):
    assert any(one.fault and says in one.sentence for one in remarks_at(settings, place))


@pytest.mark.parametrize(("settings", "place", "says"), [c[1:] for c in WARNINGS], ids=[c[0] for c in WARNINGS])
def test_a_warning_is_given(settings, place, says):
    if says:
        assert any(not one.fault and says in one.sentence for one in remarks_at(settings, place))


def test_a_show_that_cannot_fit_its_window_is_told_how_long_it_takes():
    (one,) = remarks_at(stream(closes_at=B.rounds[0].opens_at + timedelta(minutes=5)), f"{Q}.closes_at")
    assert (one.fault, one.details["minutes"], one.details["count"]) == (False, 6, 8)


def test_every_remark_fills_its_places_and_says_a_remedy():
    for _, settings, _, _ in (*FAULTS, *WARNINGS):
        for one in found(settings):
            for text in (one.sentence, one.remedy):
                places = set(re.findall(r"%\((\w+)\)s", text))
                assert places <= set(one.details), text
                assert text.endswith(".") and len(text.split()) <= 26, text


# ── The other sense ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "settings",
    [
        who(C, on_list_only=True),
        essay(combine="ADD", keys=("score", "lot")),
        ranked(tie_policy="SHARE", keys=("score", "prediction_distance")),
        final(),
        week(
            kind="essay",
            essay=EssayPart(prompt=HALF),
            paper=Paper(),
            prediction=None,
            ranking=Ranking(keys=("score", "essay_score", "lot")),
        ),
        paper(kind="fixed", questions=("a", "b"), blueprint=(), points=2),
        ranked(prizes=(replace(PRIZE, value=1_000_000),)),
        replace(C, rounds=(*C.rounds[:2], replace(C.rounds[2], prediction=Prediction(target="P_LIVE")))),
        stream(ranking=replace(B.rounds[0].ranking, prize_gate=PrizeGate(kind="MIN_CORRECT", least=6))),
        who(
            ranked(prizes=(replace(PRIZE, division="a"), replace(PRIZE, key="b", per_division=True))),
            divisions=(Division(key="a", name=HALF), Division(key="b", name=HALF)),
        ),
        ranked(prizes=(replace(PRIZE, kind="SPREADING", per_day_cap=20),)),
        group(measure="C_COMPOSITE", second="C_RATE", bands=(200, 1000)),
        overall(teams=Teams()),
        overall(C, key="khac", rounds=("phan-1",), ranking=Ranking(keys=("score", "lot"))),
        overall(overall_rule="BEST_ROUND", ranking=Ranking(keys=("score", "prediction_distance", "lot"))),
        overall(rounds=("tuan-1", "tuan-2")),
        group(rounds=("tuan-1",)),
        group(measure="C_WINNERS", weights={"nhat": 3}),
        paper(kind="fixed", questions=("a", "b"), question_points={"a": 2}, blueprint=()),
        replace(A, collective=()),
        who(guardians=True),
        who(provinces=("01", "79")),
    ],
)
def test_choices_that_go_together_are_left_alone(settings):
    assert rules.faults(found(settings)) == ()


def test_points_of_a_live_round_may_exceed_its_questions():
    fast = replace(
        C.rounds[0], ranking=replace(C.rounds[0].ranking, prize_gate=PrizeGate(kind="MIN_SCORE", least=3000))
    )
    assert rules.faults(found(replace(C, rounds=(fast, *C.rounds[1:])))) == ()


# ── The bank and the units ──────────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_the_bank_cannot_fill_is_named_with_the_figures():
    (one,) = remarks_at(A, f"{R}.paper.blueprint.0", bank=bank(2))
    assert (one.details["count"], one.details["size"], one.details["topic"]) == (3, 2, "huu-tri")


def test_the_bank_must_be_as_large_as_the_rulebook_says():
    assert not remarks_at(A, f"{R}.paper.bank", bank=bank(15))
    (one,) = remarks_at(A, f"{R}.paper.bank", bank=bank(14))
    assert (one.details["wanted"], one.details["size"]) == (60, 56)


def test_a_bank_under_five_papers_is_remarked_on():
    small = paper(bank=0)
    (one,) = remarks_at(small, f"{R}.paper.blueprint", bank=bank(12))
    assert (one.fault, one.details["size"], one.details["count"]) == (False, 48, 10)
    assert not remarks_at(small, f"{R}.paper.blueprint", bank=bank(13))
    assert remarks_at(small, f"{R}.practice", bank=bank(4)) and not remarks_at(small, f"{R}.practice", bank=bank(5))


def test_variants_of_a_family_count_once():
    family = [make.question(f"huu-tri-{n:03}", family="f") for n in range(9)]
    (one,) = remarks_at(A, f"{R}.paper.blueprint.0", bank=[*bank(0), *family])
    assert one.details["size"] == 1


def test_a_question_must_be_the_law_from_opening_to_closing():
    gone = [make.question(f"huu-tri-{n:03}", in_force_to=date(2026, 3, 7)) for n in range(9)]
    assert remarks_at(A, f"{R}.paper.blueprint.0", bank=gone)
    coming = [make.question(f"huu-tri-{n:03}", in_force_from=date(2026, 3, 3)) for n in range(9)]
    assert remarks_at(A, f"{R}.paper.blueprint.0", bank=coming)


def test_the_questions_of_a_fixed_paper_must_be_approved():
    settings = paper(kind="fixed", questions=("huu-tri-001", "huu-tri-999"), blueprint=())
    (one,) = remarks_at(settings, f"{R}.paper.questions", bank=bank())
    assert one.details["id"] == "huu-tri-999"


def test_a_listed_bank_is_all_that_is_drawn_from():
    settings = paper(questions=tuple(asked.id for asked in bank(1)), bank=0)
    assert remarks_at(settings, f"{R}.paper.blueprint.0", bank=bank())


def test_a_live_round_needs_reserves():
    topics = [line.topic for line in B.rounds[0].paper.blueprint]
    nine = [make.question(f"{topic}-{n}", topic=topic) for topic in topics for n in range(3)][:-1]
    lines = tuple(BlueprintLine(topic=topic, count=n) for topic, n in zip(topics, (3, 2, 2, 1), strict=True))
    shown = stream(paper=replace(B.rounds[0].paper, blueprint=lines), live=replace(B.rounds[0].live, reserves=4))
    (one,) = remarks_at(shown, f"{Q}.live.reserves", bank=nine)
    assert (one.details["reserves"], one.details["size"]) == (4, 11)
    assert not remarks_at(shown, f"{Q}.live.reserves", bank=nine * 1 + [make.question("x", topic=topics[0])])


def test_a_rate_needs_headcounts():
    at = "collective.don-vi-ty-le-cao"
    assert not remarks_at(A, at)
    (none,) = remarks_at(A, at, levels={})
    assert not none.fault and "chưa đơn vị nào" in none.sentence  # until the opening there is time for it
    (some,) = remarks_at(A, at, levels={"Đơn vị": Listed(5, 3)})
    assert (some.fault, some.details["missing"], some.details["units"]) == (False, 2, 5)
    assert not remarks_at(A, at, levels={"Đơn vị": Listed(5, 5)})
    assert remarks_at(group(bands=(200,)), "collective.tinh-dong-nhat", levels={})


def test_times_are_taken_in_viet_nam():
    assert A.rounds[0].opens_at == datetime(2026, 3, 2, 8, tzinfo=VIETNAM)
    assert isinstance(Who().fields, Fields) and Collective
