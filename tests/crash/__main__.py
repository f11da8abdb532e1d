"""The long form: `python -m tests.crash --seeds 5`: every checkpoint with every victim, deep sleeps, the real paces."""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from tests.crash.meaning import differences
from tests.crash.points import POINTS, RECOVERED_WITHIN, STORIES, Case, at_real_paces, cases, point
from tests.crash.trial import Outcome, frozen, killed, undisturbed
from tests.crash.yard import PLACES, Yard, a_yard

# Asleep inside a transaction, a worker keeps its locks until PostgreSQL ends its session, after a minute.
DEEP = {"lease_seconds": 10, "silent_seconds": 20}
DEEP_SLEEPS = ("open.before_commit", "stage.before_commit", "people.before_commit", "classes.before_commit")

Job = tuple[str, Case, Callable[[], Outcome]]


def main(seeds: int) -> int:
    """Do it all, and say how much that was and what failed; how many failed."""
    began, jobs = time.monotonic(), 0
    with a_yard() as yard, ThreadPoolExecutor(PLACES) as pool:
        wanted = {name: pool.submit(undisturbed, yard, story) for name, story in STORIES.items()}
        ended = [(name, case, pool.submit(job)) for name, case, job in _jobs(yard, seeds)]
        failures = [
            f"{name} {case}: {why}" for name, case, end in ended if (why := _why(end, wanted[case.point.story]))
        ]
        jobs = len(ended)
    print(*failures, sep="\n")
    took = time.monotonic() - began
    print(f"Crashes: {jobs} kills and sleeps at {len(POINTS)} checkpoints, {len(failures)} failed, {took:.0f} s")
    return len(failures)


def _jobs(yard: Yard, seeds: int) -> list[Job]:
    kills: list[Job] = [("kill", case, partial(killed, yard, case)) for seed in range(seeds) for case in cases(seed)]
    sleeps: list[Job] = [
        ("sleep", case, partial(_asleep, yard, case))
        for case in (Case(point(name), 1, "child") for name in DEEP_SLEEPS)
    ]
    real = at_real_paces()
    return [("real paces", real, partial(_in_time, yard, real)), *sleeps, *kills]


def _asleep(yard: Yard, case: Case) -> Outcome:
    outcome, changed = frozen(yard, case, **DEEP)
    assert not changed, "it wrote after it was outlived"
    return outcome


def _in_time(yard: Yard, case: Case) -> Outcome:
    outcome = killed(yard, case)
    assert outcome.seconds < RECOVERED_WITHIN, "it took longer than three minutes"
    return outcome


def _why(end: Future[Outcome], wanted: Future[Outcome]) -> str:
    """What is wrong with how it ended; empty where nothing is."""
    try:
        outcome = end.result()
    except Exception as error:  # one failed case must not keep the others from being told
        return f"{type(error).__name__}: {error}"
    return str(differences(outcome.left, wanted.result().left) or outcome.replay or "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    sys.exit(1 if main(parser.parse_args().seeds) else 0)
