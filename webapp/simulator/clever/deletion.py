"""One record goes while somebody reads the pages of its list."""

from webapp.simulator.clever.feed import catch_up
from webapp.simulator.clever.paging import Query
from webapp.simulator.world import District

LISTS = ("users", "sections", "schools", "courses", "terms")


def delete_between_pages(district: District, rest: str, query: Query) -> None:
    """Count a request for a whole list, and at the one that the switch names delete a record of it.

    It is the last one of the page before, by which the next page is asked for, or the first one of all.
    """
    doors = district.doors.clever
    if not doors.clever_delete_at_list or rest not in LISTS:
        return
    doors.clever_delete_at_list -= 1
    if doors.clever_delete_at_list:
        return
    known = catch_up(district).sourced[rest]
    bound = query.get("starting_after", "")
    gone = known.get(bound) or next(iter(known.values()), None)
    if gone is not None:
        district.forget(gone)
        district.touched()
        catch_up(district)
