"""第一眼: what is seen of many children again and again is written down once a day for each reader, not with every page."""

from communities import access
from communities.models import Community, Look, Resident, User
from core import clock

RECENT = 500  # of the community's newest looks; with more than that in a day a line is written twice


class Sights:
    """What `by` has seen here today; `once` writes what is new. One query for any number."""

    def __init__(self, by: User, community: Community) -> None:
        newest = Look.objects.filter(community=community).order_by("-pk").values_list("by", "resident", "what")
        self.by, self.community = by, community
        self.seen = {(resident, what) for who, resident, what in newest[:RECENT] if who == by.pk}

    def once(self, what: str, purpose: str, resident: Resident | None = None) -> None:
        said = f"{what[:80]}，{clock.today():%Y-%m-%d}"
        if (resident.pk if resident else None, said) not in self.seen:
            access.look(by=self.by, community=self.community, resident=resident, what=said, purpose=purpose)
