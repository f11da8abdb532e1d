"""Logs: on stderr, and without a person in them."""

import subprocess
import sys

SPEAK = """
import logging, structlog
from webapp.commands.logs import configure_logs
configure_logs("INFO")
structlog.get_logger().info("sync ended", run="r-1", name="Canary Bird", email="canary@district.example", token="t0ken")
logging.getLogger("authlib").debug("verifier")
logging.getLogger("some.library").warning("careful")
"""


def test_PRIV_3_a_log_line_keeps_ids_and_drops_names_addresses_and_tokens() -> None:
    done = subprocess.run([sys.executable, "-c", SPEAK], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "run='r-1'" in done.stderr
    assert "careful" in done.stderr
    assert not [word for word in ("Canary", "canary@", "t0ken", "verifier") if word in done.stderr]
