"""Everybody answers at once, some twice, some from a connection that breaks: no answer is lost or counted twice."""

from bench import storm


def test_in_a_storm_of_answers_none_is_lost_and_none_counted_twice(monkeypatch):
    monkeypatch.setattr(storm, "SPREAD", 1.0)
    monkeypatch.setattr(storm, "CUT", 0.2)
    monkeypatch.setattr(storm, "TWICE", 0.2)
    found = storm.measure(60, questions=2)
    assert found["answers acknowledged"] == found["counted at the reveals"] == 120
    assert (found["lost"], found["doubled"], found["kept without a word"]) == (0, 0, 0)
