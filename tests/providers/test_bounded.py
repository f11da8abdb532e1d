"""The exchange of a code has bounds as every other request to a service."""

import gzip

import pytest
import requests

from tests.providers.scripted import Reply, Scripted, body, doc, dribble, half
from webapp.providers.bounded import MOST_BYTES, WHOLE_SECONDS, Bounded

BOMB = body(gzip.compress(b" " * 10_000_000), Content_Encoding="gzip")


def ask(script: Scripted, answer: Reply) -> requests.Response:
    script.on("/token", answer)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", Bounded(whole_seconds=0.2))
        return session.get(f"{script.url}/token", timeout=(1.0, 1.0))


def test_a_good_answer_is_read_whole(script: Scripted) -> None:
    assert ask(script, doc({"access_token": "t" * 9_000})).json() == {"access_token": "t" * 9_000}


@pytest.mark.parametrize("answer", [BOMB, body(b" " * (MOST_BYTES + 1)), dribble, half])
def test_REL_27_an_answer_that_is_too_long_too_slow_or_cut_is_given_up(script: Scripted, answer: Reply) -> None:
    with pytest.raises(requests.RequestException):
        ask(script, answer)


def test_REL_27_the_real_bounds_of_the_exchange_are_tighter_than_those_of_rosters() -> None:
    assert (WHOLE_SECONDS, MOST_BYTES) == (30.0, 1_000_000)
