"""Bounds for a library that reads answers whole: how long and how large one may be (safety.md REL-27)."""

import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

WHOLE_SECONDS = 30.0
"""From the first byte of the body to the last: somebody waits at a blank page."""
MOST_BYTES = 1_000_000
"""After unpacking. The answer is a token or two."""
PIECE = 4_096


class Bounded(HTTPAdapter):
    """Reads an answer's body itself, so that nobody else does without a limit."""

    def __init__(self, whole_seconds: float = WHOLE_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        super().__init__()
        self._whole_seconds, self._most_bytes = whole_seconds, most_bytes

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> requests.Response:
        """The answer with its body read. Raises requests.RequestException where it is too long or too slow."""
        response = super().send(request, *arguments, **named | {"stream": True})
        give_up = time.monotonic() + self._whole_seconds
        body = bytearray()
        while piece := _next(response):
            body += piece
            if len(body) > self._most_bytes or time.monotonic() > give_up:
                response.close()
                raise requests.ConnectionError("The answer is too long or too slow.")
        response._content = bytes(body)  # what requests itself sets when it reads an answer
        return response


def _next(response: requests.Response) -> bytes:
    """What has arrived, up to a piece: waiting for a full one would let a slow answer go on for ever."""
    try:
        piece: bytes = response.raw.read1(PIECE, decode_content=True)
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError("The answer broke off.") from error
    return piece
