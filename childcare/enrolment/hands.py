"""Whose hands write at the window for a family: a colleague who is no kin, or a program let in for the community."""

from communities import counter, duties
from communities.models import Resident, User
from core.refusals import Refused


def refusal_for(resident: Resident, by: User) -> Refused | None:
    """Why `by` writes nothing for `resident`; None when nothing stands against it. A program has no family."""
    if by.kind == User.Kind.SERVICE:
        return None if duties.holds(by, resident.community, *duties.ENTERING) else duties.NotYourDuty()
    return counter.refusal_for(resident, by)
