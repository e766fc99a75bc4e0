"""Settings as people write them by hand."""

from datetime import datetime

import pytest

from quizapp.rules import contest, rulebook_reading
from quizapp.rules.archive import Misshapen
from quizapp.rules.contest import PRESETS, Words
from quizapp.rules.timing import VIETNAM
from tests import make

WEEK = {"opens_at": "02/3/2026 08:00", "closes_at": "2026-03-08 22:00"}


def one(**round):
    return rulebook_reading.read({"rounds": [{**WEEK, **round}]}).rounds[0]


def test_what_we_wrote_is_read_as_it_was():
    kept = make.contest_rules(rounds=2, overall=(contest.Overall(),))
    assert rulebook_reading.read(contest.to_json(kept)) == kept


def test_almost_nothing_has_to_be_said():
    read = rulebook_reading.read({"rounds": [WEEK]})
    (week,) = read.rounds
    assert (read.name.vi, read.organizer.vi, week.key, week.name.vi) == ("Cuộc thi", "Ban Tổ chức", "vong-1", "vong-1")
    assert week.opens_at == datetime(2026, 3, 2, 8, tzinfo=VIETNAM)
    assert (week.kind, week.live, week.max_attempts) == ("self_paced", None, 2)
    assert week.ranking.keys == PRESETS["PREDICTION_DURATION"]


def test_keys_and_names_are_made_of_each_other():
    assert (one(name="Tuần 1").key, one(key="tuan-1").name) == ("tuan-1", Words("tuan-1"))
    assert one(key="Tuần 1", name={"vi": "Một", "en": "One"}).key == "tuan-1"
    prizes = one(prizes=[{"name": "Giải Nhất"}, {"name": "Giải nhất"}, {}, {"name": "★"}]).ranking.prizes
    assert [each.key for each in prizes] == ["giai-nhat", "giai-nhat-2", "giai-3", "giai-4"]


def test_keys_are_found_again_wherever_they_are_named():
    read = rulebook_reading.read(
        {
            "who": {"divisions": [{"name": "Học sinh"}]},
            "rounds": [
                {"key": "Tuần 1", "prizes": [{"key": "Giải Nhất", "division": "Học sinh"}], **WEEK},
                {"key": "CK", "kind": "final", "invited": {"rounds": ["Tuần 1"], "top_each": 3}, **WEEK},
            ],
            "overall": [{"rounds": ["Tuần 1"]}],
            "collective": [
                {"measure": "C_WINNERS", "level": "province", "rounds": ["CK"], "weights": {"Giải Nhất": 3}}
            ],
        }
    )
    first, final = read.rounds
    assert first.ranking.prizes[0].division == read.who.divisions[0].key == "hoc-sinh"
    assert final.invited.rounds == read.overall[0].rounds == (first.key,)
    assert (read.collective[0].rounds, read.collective[0].weights) == ((final.key,), {"giai-nhat": 3})


@pytest.mark.parametrize(
    "said",
    [
        {"ranking": "SPEED"},
        {"ranking": ["score", "duration", "submitted_at", "lot"]},
        {"ranking": {"keys": "SPEED"}},
        {"ranking": {"preset": "SPEED"}},
        {"preset": "SPEED"},
        {"keys": ["score", "duration", "submitted_at", "lot"]},
    ],
)
def test_a_ranking_has_several_spellings(said):
    assert one(**said).ranking.keys == PRESETS["SPEED"]


def test_what_belongs_to_the_ranking_may_stand_beside_it():
    beside = one(tie_policy="SHARE", prize_gate="ALL_CORRECT", gate_fallback="RELAX", pass_down=False, ranking="SPEED")
    assert beside.ranking == contest.Ranking(
        keys=PRESETS["SPEED"],
        tie_policy="SHARE",
        prize_gate=contest.PrizeGate(kind="ALL_CORRECT"),
        gate_fallback="RELAX",
        pass_down=False,
    )
    assert one(prize_gate={"kind": "MIN_SCORE", "least": 8}).ranking.prize_gate.least == 8


def test_a_prediction_may_be_its_target_alone():
    assert one(prediction="P_PEOPLE").prediction == contest.Prediction(target="P_PEOPLE")
    beside = one(prediction="P_PERCENT", decimals=5, not_over=True)
    assert beside.prediction == contest.Prediction(target="P_PERCENT", decimals=5, not_over=True)
    assert one(prediction=None).prediction is None


@pytest.mark.parametrize(
    ("said", "preset", "scoring"),
    [
        ({"kind": "live"}, "LIVE_FAIR", "FLAT"),
        ({"live": {"scoring": "ACCURACY_FIRST"}}, "LIVE_POINTS", "ACCURACY_FIRST"),
        ({"live": {"scoring": "ACCURACY_FIRST"}, "ranking": "LIVE_FAIR"}, "LIVE_FAIR", "ACCURACY_FIRST"),
        ({"live": {}, "tie_policy": "SHARE"}, "LIVE_FAIR", "FLAT"),
    ],
)
def test_what_is_played_live_is_ranked_so(said, preset, scoring):
    live = one(**said)
    assert (live.kind, live.live.scoring, live.ranking.keys) == ("live", scoring, PRESETS[preset])


def test_a_final_may_be_live():
    assert one(kind="final", live={}).is_live


def test_a_list_over_rounds_ranks_by_totals():
    def ranking(**said):
        return rulebook_reading.read({"rounds": [WEEK], "overall": [said]}).overall[0].ranking

    assert ranking().keys == ranking(prizes=[{"name": "Nhất"}]).keys == PRESETS["TOTAL"]
    assert ranking(ranking="SPEED").keys == PRESETS["SPEED"]


def test_attempts_may_be_unlimited():
    assert one(max_attempts=None).max_attempts is one(max_attempts="unlimited").max_attempts is None


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ([], "$.settings"),
        ({"rounds": 3}, "$.settings.rounds"),
        ({"rounds": [3]}, "$.settings.rounds[0]"),
        ({"rounds": [{**WEEK, "ranking": 3}]}, "$.settings.rounds[0].ranking"),
        ({"rounds": [{**WEEK, "ranking": 3, "tie_policy": "LOT"}]}, "$.settings.rounds[0].ranking"),
        ({"rounds": [{**WEEK, "prediction": 3}]}, "$.settings.rounds[0].prediction"),
        ({"rounds": [{**WEEK, "live": 3}]}, "$.settings.rounds[0].live"),
        ({"rounds": [{**WEEK, "live": {}, "ranking": 3}]}, "$.settings.rounds[0].ranking"),
        ({"rounds": [{**WEEK, "prizes": [3]}]}, "$.settings.rounds[0].ranking.prizes[0]"),
        ({"rounds": [{**WEEK, "prize_gate": 3}]}, "$.settings.rounds[0].ranking.prize_gate"),
        ({"rounds": [{**WEEK, "ranking": "FAST"}]}, "$.settings.rounds[0].ranking.keys"),
        ({"rounds": [{**WEEK, "opens_at": "sáng mai"}]}, "$.settings.rounds[0].opens_at"),
        ({"rounds": [{**WEEK, "opens_at": True}]}, "$.settings.rounds[0].opens_at"),
        ({"rounds": [{**WEEK, "closes": 1}]}, "$.settings.rounds[0]"),
        ({"rounds": [{**WEEK, "name": 3}]}, "$.settings.rounds[0].name"),
        ({"rounds": [{"key": "a"}]}, "$.settings.rounds[0]"),
        ({"overall": [3]}, "$.settings.overall[0]"),
        ({"overall": [{"ranking": 3}]}, "$.settings.overall[0].ranking"),
        ({"overall": [{"rounds": 3}]}, "$.settings.overall[0].rounds"),
        ({"collective": [{"measure": "C_COUNT"}]}, "$.settings.collective[0]"),
        ({"names": "x"}, "$.settings"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(said, where):
    with pytest.raises(Misshapen) as refusal:
        rulebook_reading.read(said)
    assert refusal.value.where == where


def test_a_key_of_signs_only_stays_for_the_checker_to_refuse():
    assert rulebook_reading.key("★") == "★"
    assert rulebook_reading.slug("★", "vong-1") == "vong-1"
