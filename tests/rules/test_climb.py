import pytest

from quizapp.rules.climb import Climb, largest


@pytest.mark.parametrize(
    ("before", "now", "climb"),
    [
        ({}, [("ada", 1), ("bob", 2)], None),
        ({"ada": 1, "bob": 2}, [("bob", 1), ("ada", 2)], None),  # one place is no climb
        ({"ada": 1, "bob": 2, "eve": 3}, [("eve", 1), ("ada", 2), ("bob", 3)], Climb("eve", 3, 1)),
        ({"ada": 9, "bob": 40}, [("ada", 2), ("bob", 30)], Climb("bob", 40, 30)),
        ({"ada": 9, "bob": 7}, [("bob", 3), ("ada", 5)], Climb("bob", 7, 3)),  # equal: who stands higher now
        ({"ada": 9}, [("new", 1), ("ada", 2)], Climb("ada", 9, 2)),  # who was on no board before climbed nowhere
        ({"ada": 1}, [("ada", 4)], None),
    ],
)
def test_the_largest_climb(before, now, climb):
    assert largest(before, now) == climb
