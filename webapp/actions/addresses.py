"""E-mail addresses as people type them."""

import re

# Only what would break a letter or fool a reader is refused; whether it exists, the letter itself finds out.
PROPER = re.compile(r"[^@\s,;<>\"\\\x00-\x1f\x7f]+@[^@\s,;<>\"\\\x00-\x1f\x7f.]+(\.[^@\s,;<>\"\\\x00-\x1f\x7f.]+)+")
LONGEST = 254


class BadAddress(Exception):
    """That is not an e-mail address."""


def tidy_address(typed: str) -> str:
    """The address in lower case, as letters and logins use it. Raises BadAddress."""
    address = typed.strip().lower()
    if len(address) > LONGEST or not PROPER.fullmatch(address):
        raise BadAddress(f"“{typed.strip()[:80]}” is not an e-mail address.")
    return address
