"""Honest answers spoiled, without knowing more of a page than its list, its links and its counts."""

from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
from werkzeug.wrappers import Response

FOREIGN = "https://elsewhere.example/v3.1/users?starting_after=0"
MORE = count(1)


class Page:
    """One page of a list: its body, its rows, and the counts in its head."""

    def __init__(self, response: Response, body: dict[str, Any], name: str) -> None:
        self.response = response
        self.body = body
        self.name = name

    @classmethod
    def read(cls, response: Response) -> "Page | None":
        """The page that an answer holds; none where it holds no list."""
        try:
            body = msgspec.json.decode(response.get_data())
        except msgspec.DecodeError:
            return None
        names = body if isinstance(body, dict) else {}
        name = next((key for key, value in names.items() if isinstance(value, list) and key != "links"), None)
        return cls(response, body, name) if name else None

    @property
    def rows(self) -> list[Any]:
        """The list."""
        rows: list[Any] = self.body[self.name]
        return rows

    def write(self) -> None:
        """Put the page back into its answer."""
        self.response.set_data(msgspec.json.encode(self.body))

    def count(self, number: int) -> None:
        """Let the head count so many rows, where it counts them at all."""
        if "x-count" in self.response.headers:
            self.response.headers["x-count"] = str(number)

    def add(self, header: str, number: int) -> None:
        """Let a count of the head be wrong by so many."""
        if header in self.response.headers:
            self.response.headers[header] = str(int(self.response.headers[header]) + number)

    def lead_to(self, uri: str) -> None:
        """Let `next` lead there; to nowhere where it is empty."""
        if "links" in self.body:
            links = [link for link in self.body["links"] if link["rel"] != "next"]
            self.body["links"] = [*links, {"rel": "next", "uri": uri}] if uri else links

    def itself(self) -> str:
        """The page's own address, as its links tell it."""
        return str(next((link["uri"] for link in self.body.get("links", ()) if link["rel"] == "self"), ""))


def lose_list(page: Page) -> None:
    """No list."""
    del page.body[page.name]


def lose_last(page: Page) -> None:
    """One record short, and everything else as it was."""
    page.rows[-1:] = []


def lose_rows(page: Page) -> None:
    """No records, and everything else as it was: `next`, and the counts."""
    page.rows.clear()


def be_empty(page: Page) -> None:
    """As if nothing were shared."""
    page.rows.clear()
    page.lead_to("")
    for header in ("x-count", "x-total-count"):
        if header in page.response.headers:
            page.response.headers[header] = "0"


def repeat_last(page: Page) -> None:
    """One record twice."""
    page.rows.extend(page.rows[-1:])
    page.count(len(page.rows))


def never_end(page: Page) -> None:
    """Always one more page."""
    itself = page.itself()
    page.lead_to(f"{itself}{'&' if '?' in itself else '?'}more={next(MORE)}")


SPOILED: dict[str, tuple[str, Callable[[Page], None]]] = {
    "no_list": ("Sends an answer that lacks its list", lose_list),
    "cut_page": ("Sends a page that is one record short", lose_last),
    "empty_page": ("Sends a page without records, with its links and counts as before", lose_rows),
    "all_empty": ("Says that nothing is shared: empty lists without a next page, counts of 0", be_empty),
    "duplicate": ("Sends a record twice", repeat_last),
    "endless_next": ("Always has a next page (Clever)", never_end),
    "repeated_next": ("Has a next page that is the same page (Clever)", lambda page: page.lead_to(page.itself())),
    "foreign_next": ("Has a next page on another host (Clever)", lambda page: page.lead_to(FOREIGN)),
    "short_count": ("Counts a record too few on the page (ClassLink)", lambda page: page.add("x-count", -1)),
    "long_count": ("Counts a record too many on the page (ClassLink)", lambda page: page.add("x-count", 1)),
    "short_total": ("Counts a record too few in all (ClassLink)", lambda page: page.add("x-total-count", -1)),
    "long_total": ("Counts a record too many in all (ClassLink)", lambda page: page.add("x-total-count", 1)),
}
"""What can be wrong with a page, and how it comes about."""


def cut_in_the_middle(response: Response) -> Response:
    """Half of the body, with the right length of that half."""
    body = response.get_data()
    response.set_data(body[: len(body) // 2])
    return response


def in_latin_1(response: Response) -> Response:
    """The same records with letters that are not ASCII, in an encoding that is not UTF-8."""
    page = Page.read(response)
    if page:
        page.rows[:] = [accented(row) for row in page.rows]
        response.set_data(msgspec.json.encode(page.body).decode().encode("latin-1", "replace"))
    return response


def accented(value: Any) -> Any:
    """The value with every "a" of its texts as "á"; the names of fields stay."""
    if isinstance(value, dict):
        return {key: accented(one) for key, one in value.items()}
    if isinstance(value, list):
        return [accented(one) for one in value]
    return value.replace("a", "á") if isinstance(value, str) else value
