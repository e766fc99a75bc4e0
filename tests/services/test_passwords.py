import time
from concurrent.futures import ThreadPoolExecutor

from argon2 import Type, extract_parameters

from quizapp.services import passwords
from tests.make import PASSWORD, PASSWORD_HASH


def test_a_password_matches_what_was_kept_of_it_and_nothing_else_does():
    assert passwords.matches(PASSWORD_HASH, PASSWORD)
    assert not passwords.matches(PASSWORD_HASH, PASSWORD + " ")
    assert not passwords.matches("not a hash", PASSWORD)


def test_passwords_are_kept_as_argon2id_of_the_stated_strength():
    made = extract_parameters(passwords.kept("trời hôm nay xanh"))
    assert (made.type, made.memory_cost, made.time_cost, made.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_nobody_takes_as_long_as_somebody():
    strength = [extract_parameters(text) for text in (passwords.NOBODY, PASSWORD_HASH)]
    assert strength[0].memory_cost == strength[1].memory_cost
    assert strength[0].time_cost == strength[1].time_cost
    assert not passwords.matches(passwords.NOBODY, PASSWORD)


def test_only_a_few_are_compared_at_once():
    running, most = [], []

    def work():
        running.append(1)
        most.append(len(running))
        time.sleep(0.005)
        running.pop()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: passwords._in_turn(work), range(24)))
    assert max(most) <= passwords.AT_ONCE
