"""The scenes that screens know."""

from quizapp.rules.scene import named


def test_only_known_scenes_are_shown():
    assert [named(name) for name in ("", "code", "break", "fireworks")] == ["", "code", "break", None]
