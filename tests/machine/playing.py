"""How the machine is set up and played, for a test and for a soak."""

import gc
import logging

import structlog
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Machine
from tests.machine.neighbour import Neighbour
from webapp.store import seal


def a_neighbour() -> Neighbour:
    """A district with classes of its own, connected to the same service, which must stay as it is."""
    seal.use_keys(Fernet.generate_key().decode())
    return Neighbour()


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
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        run_state_machine_as_test(seed(number)(type("Machine", (Machine,), {})), settings=played)
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
        structlog.reset_defaults()
