"""Addresses that answer with a page, or with a fragment of it where htmx asks."""

from flask import Response


def may_be_fragment(response: Response) -> Response:
    """The same answer, marked so that no cache takes a fragment for the page (safety.md SEC-43)."""
    response.vary.add("HX-Request")
    return response
