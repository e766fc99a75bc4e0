import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from argon2 import Type, extract_parameters

from quizapp.config import ROOT
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


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent
from quizapp.services import passwords

ticks, done = 0, False

def tick():
    global ticks
    while not done:
        ticks += 1
        gevent.sleep(0.001)

ticking = gevent.spawn(tick)
kept = passwords.kept("trời hôm nay xanh")
assert passwords.matches(kept, "trời hôm nay xanh")
done = True
ticking.join()
print(ticks)
"""


def test_the_server_goes_on_while_a_password_is_compared():
    ran = subprocess.run([sys.executable, "-c", UNDER_GEVENT], capture_output=True, text=True, cwd=ROOT, check=True)
    assert int(ran.stdout) > 5
