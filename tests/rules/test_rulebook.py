"""The printed rulebook: from every setting, in both languages, and what changed between two versions of it."""

import re
import typing
from datetime import date, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import fields as fields_of
from msgspec.structs import replace

from quizapp.rules import contest
from quizapp.rules import model_rulebooks as models
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
    Prize,
    PrizeGate,
    Ranking,
    Rescue,
    Round,
    Settings,
    Teams,
    Who,
    Words,
)
from quizapp.rules.question import LANGUAGES, Text
from quizapp.rules.rulebook import Difference, differences, digest, document
from quizapp.rules.timing import VIETNAM

DAY = date(2026, 3, 2)
A, B, C = models.weekly(DAY), models.livestream(DAY), models.conference(DAY)
TOPICS = {"huu-tri": Text("Hưu trí", "Pension")}
AT = datetime(2026, 5, 4, 8, tzinfo=VIETNAM)


def lines(said, language="vi"):
    """Every sentence and cell of a document."""
    found = [said.name.of(language), said.place]
    for article in said.articles:
        found.append(article.title.of(language))
        for clause in article.clauses:
            found += [clause.text.of(language), *(point.of(language) for point in clause.points)]
            found += [cell.of(language) for row in (clause.table.rows if clause.table else ()) for cell in row]
            found += [cell.of(language) for cell in (clause.table.head if clause.table else ())]
    return found


def text(settings, language="vi"):
    return "\n".join(lines(document(settings, TOPICS), language))


def article(settings, key, language="vi"):
    (found,) = [one for one in document(settings, TOPICS).articles if one.key == key]
    return [words for clause in found.clauses for words in (clause.text, *clause.points)]


def said(settings, key, language="vi"):
    return "\n".join(words.of(language) for words in article(settings, key))


def week(**changes):
    return replace(A, rounds=(replace(A.rounds[0], **changes), *A.rounds[1:]))


# ── A contest that uses everything ──────────────────────────────────────────────────────────────────────────────


def rich():
    """Every part of a rulebook at least once, each setting where it means something."""

    def at(day, hours=2):
        opens = AT + timedelta(days=day)
        return {"opens_at": opens, "closes_at": opens + timedelta(hours=hours)}

    prizes = (
        Prize(key="a", name=Words("Giải A", "Prize A"), slots=2, value=1_000_000, gift=Words("áo", "shirt")),
        Prize(key="b", name=Words("Giải B", "Prize B"), kind="LUCKY", least_correct=3, division="hs"),
        Prize(key="c", name=Words("Giải C", "Prize C"), kind="SPREADING", per_day_cap=20, per_division=True),
    )
    drawn = Paper(
        blueprint=(BlueprintLine(topic="huu-tri", count=6, difficulty="know", points=2),),
        questions=tuple(f"huu-tri-{n}" for n in range(9)),
        bank=9,
        question_points={},
    )
    fixed = Paper(kind="fixed", questions=("x", "y"), question_points={"x": 3}, points=2)
    teams = Teams(best=4, policy="MEAN_PRESENT", least=2, slots=1)
    return Settings(
        name=Words("Tên", "Name"),
        organizer=Words("Cơ quan", "Agency"),
        superior=Words("Cấp trên", "Above"),
        place="Hà Nội",
        purpose=Words("Mục đích", "Purpose"),
        who=Who(
            min_age=14,
            provinces=("01", "79"),
            divisions=(Division(key="hs", name=Words("Học sinh", "Pupils")), Division(key="cd", name=Words("Cư dân"))),
            must_take_part=Words("Học sinh trường A", "Pupils of school A"),
            fields=Fields(phone_confirmed=True, identity_number="optional"),
        ),
        rounds=(
            Round(
                key="mot",
                name=Words("Vòng một", "Round one"),
                **at(0),
                closes_phrase="đến 10 giờ 00 ngày 04/5/2026",
                paper=drawn,
                cooldown=600,
                prediction=Prediction(target="P_PERCENT"),
                ranking=Ranking(
                    prize_gate=PrizeGate(kind="MIN_SCORE", least=5), prizes=prizes, gate_fallback="LEAVE_EMPTY"
                ),
                board="TOP",
            ),
            Round(
                key="hai",
                name=Words("Vòng hai", "Round two"),
                **at(1),
                paper=fixed,
                ranking=Ranking(keys=("score", "essay_score", "lot")),
                essay=EssayPart(prompt=Words("Viết", "Write"), essay_gate=2),
            ),
            Round(
                key="ba",
                name=Words("Vòng ba", "Round three"),
                kind="live",
                **at(2),
                max_attempts=1,
                prediction=Prediction(target="P_LIVE"),
                ranking=Ranking(keys=contest.PRESETS["LIVE_FAIR"]),
                live=LivePart(
                    scoring="ACCURACY_FIRST",
                    watch_word_until=AT,
                    registration_until=AT,
                    prediction_after=3,
                    rescues=(Rescue(after=3), Rescue(after=5, best=10)),
                    teams=teams,
                ),
            ),
            Round(
                key="cuoi",
                name=Words("Chung kết", "Final"),
                kind="final",
                **at(30),
                paper=fixed,
                ranking=Ranking(keys=("score", "lot"), prizes=prizes[:1], pass_down=False),
                invited=Invited(rounds=("mot", "hai"), top_each=10, top_total=5),
            ),
        ),
        overall=(
            Overall(
                rounds=("mot", "hai"), ranking=Ranking(keys=contest.PRESETS["TOTAL"], prizes=prizes[:1]), teams=teams
            ),
        ),
        collective=(
            Collective(
                key="k",
                name=Words("Khối", "Group"),
                measure="C_COMPOSITE",
                level="Đơn vị",
                value=5_000_000,
                second="C_RATE",
                bands=(200, 1000),
                rounds=("mot",),
            ),
            Collective(key="m", name=Words("Trung bình", "Mean"), measure="C_MEAN_TOP", level="province"),
            Collective(
                key="w", name=Words("Nhiều giải", "Winners"), measure="C_WINNERS", level="commune", weights={"a": 3}
            ),
        ),
        unit_levels=("Đơn vị", "Tổ"),
        certificate_least=50,
        contact=Words("Điện thoại 1", "Phone 1"),
        witnesses=("bao@example.org",),
    )


# What the rulebook does not print: the tone of the pages, and keys that only tell things apart.
UNTOLD = {(Settings, "address_form")} | {(kind, "key") for kind in (Round, Division, Prize, Overall, Collective)}


def others(kind, value):
    """Other values of a field of this type."""
    if isinstance(value, bool):
        return [not value]
    if typing.get_origin(kind) is typing.Literal:
        return [one for one in typing.get_args(kind) if one != value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, str):
        choices = [one for part in typing.get_args(kind) for one in typing.get_args(part)] or [value + "x"]
        return [one for one in choices if one != value and isinstance(one, str)]
    if isinstance(value, datetime):
        return [value + timedelta(seconds=1)]
    if isinstance(value, tuple):
        return [value[:-1], value * 2] if value else []
    if isinstance(value, dict):
        return [{}] if value else []
    return [None] if value is not None and type(None) in typing.get_args(kind) else []


def parts(value, put):
    """Every struct inside a value, with how to put another one in its place."""
    if isinstance(value, msgspec.Struct):
        yield value, put
        for field in fields_of(value):
            inner = getattr(value, field.name)
            yield from parts(inner, lambda new, value=value, name=field.name: put(replace(value, **{name: new})))
    elif isinstance(value, tuple):
        for n, inner in enumerate(value):
            yield from parts(inner, lambda new, value=value, n=n: put((*value[:n], new, *value[n + 1 :])))


@pytest.mark.parametrize("settings", [rich(), A, B, C], ids=["rich", "A", "B", "C"])
def test_what_a_rulebook_says_fits_its_shape(settings):
    for language in LANGUAGES:
        for line in lines(document(settings, TOPICS), language):
            assert "{" not in line and "None" not in line and "  " not in line and ".." not in line, line
        for one in document(settings, TOPICS).articles:
            for clause in one.clauses:
                assert clause.text.of(language)[0].isupper() and clause.text.of(language)[-1] in ".:”?", clause
                assert [point.of(language)[-1] for point in clause.points] == [";"] * (len(clause.points) - 1) + [
                    "."
                ] * (len(clause.points) > 0)


def test_every_setting_changes_what_the_rulebook_says():
    base = rich()
    # settings that mean something only beside others are looked at where they do
    variants = [
        base,
        replace(base, who=replace(base.who, on_list_only=True)),
        replace(base, rounds=(replace(base.rounds[2], live=replace(base.rounds[2].live, rescues=())),)),
    ]
    untold = {
        (type(part), field.name)
        for settings in variants
        for part, _ in parts(settings, None)
        for field in fields_of(part)
        if not isinstance(getattr(part, field.name), msgspec.Struct)  # looked at part by part
    }
    for settings in variants:
        before = document(settings, TOPICS)
        for part, put in parts(settings, lambda new: new):
            hints = typing.get_type_hints(type(part))
            for field in fields_of(part):
                for other in others(hints[field.name], getattr(part, field.name)):
                    if (type(part), field.name) in untold and document(
                        put(replace(part, **{field.name: other})), TOPICS
                    ) != before:
                        untold.discard((type(part), field.name))
    assert untold <= UNTOLD


# ── Sentences that matter ───────────────────────────────────────────────────────────────────────────────────────


def test_the_end_of_a_round_stands_in_words_and_to_the_second():
    settings = week(closes_at=datetime(2026, 3, 9, tzinfo=VIETNAM), closes_phrase="đến 23 giờ 59 ngày 08/3")
    (row, *_) = document(settings).articles[3].clauses[0].table.rows
    assert [cell.vi for cell in row] == [
        "Tuần 1",
        "Tự làm bài trực tuyến",
        "thứ Hai, 08:00:00 ngày 02/3/2026",
        "đến 23 giờ 59 ngày 08/3",
        "thứ Hai, 00:00:00 ngày 09/3/2026",
    ]
    assert row[4].en == "Monday, 00:00:00 on 9 March 2026"
    assert "đến hết ngày 08/3/2026" in text(replace(settings, rounds=(replace(settings.rounds[0], closes_phrase=""),)))


def test_the_prediction_is_worded_from_what_is_computed():
    assert "Mỗi vòng thi: “Có bao nhiêu người trả lời đúng tất cả các câu hỏi của tuần này?”" in said(A, "prediction")
    people = week(prediction=Prediction(target="P_PEOPLE"))
    assert "Tuần 1: “Có bao nhiêu người tham gia dự thi tuần này?”" in said(people, "prediction")


def test_rounds_with_the_same_rules_are_spoken_of_together():
    assert "Mỗi vòng thi: đề gồm 10 câu" in said(A, "papers")
    apart = said(week(max_attempts=1), "attempts")
    assert "Tuần 1:\nmỗi người được thi tối đa 1 lượt;" in apart
    assert "Tuần 2, Tuần 3 và Tuần 4:\nmỗi người được thi tối đa 3 lượt;" in apart
    assert "Tuần 2, Tuần 3 and Tuần 4" not in apart


def test_the_questions_of_a_fixed_paper_stay_secret():
    settings = rich()
    for one in settings.rounds:
        for id in one.paper.questions:
            assert not re.search(rf"\b{id}\b", text(settings))
    assert "mã danh sách câu hỏi" in said(settings, "papers")


def test_lots_are_told_of_once():
    assert said(A, "ranking").count("bốc thăm") == 1
    shared = week(ranking=replace(A.rounds[0].ranking, tie_policy="SHARE"))
    assert "đồng hạng" in said(shared, "ranking")


def test_a_golden_bell_tells_its_rescues():
    assert "sau câu 8 có cứu trợ: mọi người trở lại;" in said(C, "live")
    assert "sau câu 14 có cứu trợ: 10 người đúng nhiều nhất trở lại" in said(C, "live")


def test_complaints_have_working_days_or_end_with_the_day():
    assert "trong 5 ngày làm việc" in said(A, "results")
    assert "trước khi kết quả được công nhận chính thức" in said(C, "results")
    assert "ngay trong ngày vòng thi đóng" in said(C, "results")


def test_what_a_contest_does_not_have_is_not_spoken_of():
    keys = [one.key for one in document(A).articles]
    assert not {"live", "essays", "final", "lists"} & set(keys)
    empty = replace(A, rounds=(), collective=(), unit_levels=())
    assert not {"papers", "attempts", "prediction", "ranking", "prizes", "collective"} & {
        one.key for one in document(empty).articles
    }
    assert "units" in {one.key for one in document(replace(A, collective=())).articles}
    only_live = {one.key for one in document(B).articles}
    assert "attempts" not in only_live
    essay = week(kind="essay", paper=Paper(), prediction=None, essay=EssayPart(prompt=Words("Viết")))
    assert "essays" in {one.key for one in document(replace(essay, rounds=essay.rounds[:1])).articles}


def test_sentences_end_once_whatever_the_organizer_wrote():
    settings = replace(A, contact=Words("Điện thoại 024."), purpose=Words("Để biết luật."))
    assert "Liên hệ: Điện thoại 024." in text(settings) and ".." not in text(settings)


def test_lengths_and_numbers_are_written_as_people_read_them():
    assert "thời gian làm bài 1 giờ 30 phút" in said(week(paper=replace(A.rounds[0].paper, time_limit=5400)), "papers")
    assert "thời gian làm bài 90 giây" in said(week(paper=replace(A.rounds[0].paper, time_limit=90)), "papers")
    odd = week(paper=replace(A.rounds[0].paper, time_limit=3661))
    assert "time limit 1 hour 1 minute 1 second" in said(odd, "papers", "en")
    assert "0,1 giây" in said(B, "live") and "0.1 seconds" in said(B, "live", "en")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"close_policy": "FINISH"}, "được làm tiếp cho đủ thời gian làm bài"),
        ({"max_attempts": None}, "không giới hạn số lượt thi"),
        ({"cooldown": 3600}, "lượt sau bắt đầu sớm nhất 1 giờ sau khi nộp lượt trước"),
        ({"practice": False}, "không có phần thi thử"),
        ({"board": "HIDDEN"}, "khi vòng còn mở, không hiện xếp hạng"),
        (
            {"prediction": Prediction(not_over=True, lower_first=True, public_step=0)},
            "cùng chênh lệch thì ưu tiên số thấp hơn",
        ),
        ({"prediction": Prediction(prediction_scope="PER_ATTEMPT")}, "mỗi lượt thi một số"),
    ],
)
def test_a_choice_has_its_sentence(changes, words):
    assert words in text(week(**changes))


def test_prizes_that_pass_down_in_some_rounds_only_are_told_apart():
    some = week(ranking=replace(A.rounds[0].ranking, pass_down=False))
    assert "Riêng Tuần 1: giải đó để trống." in said(some, "prizes")
    none = replace(A, rounds=tuple(replace(one, ranking=replace(one.ranking, pass_down=False)) for one in A.rounds))
    assert "giải đó để trống." in said(none, "prizes") and "chuyển cho người kế tiếp đủ" not in said(none, "prizes")


def test_gates_and_lists_have_their_words():
    correct = week(ranking=replace(A.rounds[0].ranking, prize_gate=PrizeGate(kind="MIN_CORRECT", least=8)))
    assert "cho người đúng ít nhất 8 câu" in said(correct, "prizes")
    plain = replace(A, overall=(Overall(ranking=Ranking(keys=contest.PRESETS["TOTAL"])),))
    assert "Toàn cuộc thi (Tuần 1, Tuần 2, Tuần 3 và Tuần 4): theo tổng" in said(plain, "lists")
    assert "giải trao theo thứ hạng" not in said(plain, "lists")
    early = replace(B.rounds[0], live=replace(B.rounds[0].live, prediction_after=0))
    assert "hỏi trước câu thứ nhất;" in said(replace(B, rounds=(early,)), "prediction")


def test_a_final_by_the_secretariats_choice():
    one = replace(A.rounds[0], key="ck", kind="final", name=Words("Chung kết"), invited=None)
    assert "chỉ người được Ban Tổ chức mời" in said(replace(A, rounds=(one,)), "final")
    all_rounds = replace(one, invited=Invited(top_total=3))
    assert "lấy từ mọi vòng trước" in said(replace(A, rounds=(*A.rounds, all_rounds)), "final")
    each = replace(one, invited=Invited(rounds=("tuan-1",), top_each=3))
    assert "mời: 3 người đứng đầu mỗi vòng, lấy từ Tuần 1." in said(replace(A, rounds=(*A.rounds, each)), "final")
    nobody = replace(one, invited=Invited(rounds=("tuan-1",)))
    assert "chỉ người được Ban Tổ chức mời" in said(replace(A, rounds=(nobody,)), "final")
    assert "Chung kết, Tự làm bài trực tuyến" in text(replace(A, rounds=(one,)))


# ── Versions ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_settings_give_the_same_document_and_digest():
    again = contest.from_json(contest.to_json(A))
    assert document(again, TOPICS) == document(A, TOPICS)
    assert digest(again) == digest(A) and len(digest(A)) == 64
    assert digest(A) != digest(B)


def test_the_zone_in_which_an_instant_is_written_changes_no_digest():
    other = replace(A, rounds=tuple(replace(one, opens_at=one.opens_at.astimezone(date_zone())) for one in A.rounds))
    assert digest(other) == digest(A)
    assert digest(week(opens_at=A.rounds[0].opens_at + timedelta(seconds=1))) != digest(A)


def date_zone():
    return datetime.now().astimezone().tzinfo


def test_a_changed_rule_is_shown_as_it_was_and_as_it_is():
    (one,) = differences(document(A), document(replace(A, complaint_days=7)))
    assert (one.article.vi, "5 ngày làm việc" in one.before.vi, "7 ngày làm việc" in one.after.vi) == (
        "Công bố kết quả và khiếu nại",
        True,
        True,
    )


def test_equal_versions_have_no_difference():
    assert differences(document(A), document(A)) == ()


def test_a_moved_end_shows_only_its_row():
    moved = week(closes_at=A.rounds[0].closes_at + timedelta(hours=1), closes_phrase="đến 23 giờ 00 ngày 08/3/2026")
    (one,) = differences(document(A), document(moved))
    assert one.before.vi.startswith("Tuần 1: ") and "23:00:00 ngày 08/3/2026" in one.after.vi


def test_an_article_that_comes_or_goes_is_shown_whole():
    without = replace(A, collective=(), unit_levels=())
    gone = differences(document(A), document(without))
    assert gone and all(one.article.vi == "Giải tập thể" and one.after is None for one in gone)
    came = differences(document(without), document(A))
    assert [one.after for one in came] == [one.before for one in gone]


def test_the_place_of_issue_is_compared_too():
    (one,) = differences(document(A), document(replace(A, place="")))
    assert one == Difference(Text("Nơi ban hành", "Place of issue"), Text("Hà Nội", "Hà Nội"), None)


def test_both_languages_say_the_same_number_of_things():
    for settings in (rich(), A, B, C):
        assert len(lines(document(settings), "vi")) == len(lines(document(settings), "en"))
        for one in document(settings).articles:
            for clause in one.clauses:
                numbers = [
                    sorted(re.findall(r"\d+", re.sub(r"[.,](?=\d{3})", "", clause.text.of(language))))
                    for language in LANGUAGES
                ]
                if clause.table is None and not re.search(r"\d/\d|\d:\d", clause.text.vi):
                    assert len(numbers[0]) >= len(numbers[1]), clause.text
