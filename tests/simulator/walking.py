"""Going through Clever's lists, and setting a district's switches."""

from typing import Any

from tests.simulator.visitor import Shared


def link(answer: dict[str, Any], rel: str) -> str | None:
    """The address of one of an answer's links."""
    return next((one["uri"] for one in answer["links"] if one["rel"] == rel), None)


def walk(shared: Shared, path: str) -> list[str]:
    """Every id of a list, following `next` to the end."""
    ids: list[str] = []
    uri: str | None = f"/v3.1/{path}"
    while uri:
        answer = shared.caller.get(f"/clever-api{uri}", token=shared.clever_token)
        ids += [row["data"]["id"] for row in answer["data"]]
        uri = link(answer, "next")
    return ids


def set_switches(shared: Shared, **switches: Any) -> dict[str, Any]:
    """All switches of the district after these were set."""
    told: dict[str, Any] = shared.caller.post(f"/sandbox/districts/{shared.number}/switches", **switches)
    return told


def answers(shared: Shared, path: str) -> tuple[int, bytes]:
    """Status and body of an answer of the newest version."""
    answer = shared.caller.ask("GET", f"/clever-api/v3.1/{path}", token=shared.clever_token)
    return answer.status, answer.data
