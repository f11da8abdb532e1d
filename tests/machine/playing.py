"""How the machine is set up and played, for a test and for a soak."""

import logging

import structlog
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.factory import NOW
from tests.machine.machine import Machine
from tests.machine.shared import first_day
from tests.machine.town import Town
from webapp.store import seal


def an_untouched_town() -> Town:
    """A district with classes of its own, connected to the same service, which must stay as it is."""
    seal.use_keys(Fernet.generate_key().decode())
    town = Town(first_day(), seats=8)
    town.work(town.ask_import("t1", ["art", "biology"], NOW), NOW)
    town.work(town.ask_sync(NOW), NOW)
    return town


def play(number: int, *, examples: int, steps: int, shrink: bool = True) -> None:
    """So many districts live for so many steps, always the same ones for this number. Raises where one parts."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    played = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(type("Machine", (Machine,), {})), settings=played)
    finally:
        structlog.reset_defaults()
