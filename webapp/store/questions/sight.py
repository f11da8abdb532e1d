"""How much of what a sync does may somebody see, and is the decision theirs?"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_ADMINISTRATORS = """
select m.license_id, m.role, m.account_id = :account as mine from license_member m
join account a on a.id = m.account_id and a.disabled_at is null
where m.ended_at is null and m.role in ('district_admin', 'license_admin')
"""


@dataclass(frozen=True)
class Sight:
    """What somebody may see, and whether the decision is theirs."""

    licenses: frozenset[UUID] | None
    """Only classes of these licenses; None is everything."""
    decides: bool

    def parameters(self) -> dict[str, object]:
        """The named values of every statement that shows no more than this."""
        return {"all_licenses": self.licenses is None, "licenses": list(self.licenses or ())}


EVERYTHING = Sight(None, True)


def sight(session: Session, account_id: UUID, *, outside: Callable[[Collection[UUID]], bool]) -> Sight | None:
    """What this person may see and decide of a thing; None where they are no administrator here.

    The district's administrators decide; where there are none, license admins, for what lies wholly inside theirs.
    `outside` says whether anything lies outside the licenses that it is given.
    """
    rows = session.execute(text(_ADMINISTRATORS), {"account": account_id}).all()
    if any(row.mine and row.role == "district_admin" for row in rows):
        return EVERYTHING
    own = frozenset(row.license_id for row in rows if row.mine)
    if not own:
        return None
    others_decide = any(row.role == "district_admin" for row in rows)
    inside = not outside(own)
    return Sight(None if inside else own, decides=inside and not others_decide)
