"""TEST-10 in small: a few districts for some virtual hours, with all that can go wrong; `make soak` is the day."""

import json
import subprocess
import sys

from tests.crash.family import ROOT
from tests.servers import Servers

# Five times as much happens as on a usual day, so that three hours have something of everything.
SEED, TENANTS, HOURS, PACE = 11, 3, 3, 5


def test_TEST_10_a_few_districts_pass_some_virtual_hours_with_random_faults_and_nothing_breaks(servers: Servers):
    told: dict[str, object] = {
        "--seed": SEED,
        "--tenants": TENANTS,
        "--hours": HOURS,
        "--pace": PACE,
        "--servers": json.dumps(servers.told()),
    }
    command = [sys.executable, "-m", "tests.soak", *[str(word) for pair in told.items() for word in pair]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{TENANTS} districts, {HOURS} virtual hours" in done.stdout
