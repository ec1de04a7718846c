"""同一件事: what was sent in within a day, in the same community, about the same place or in the same words.

Positions are not kept, so the words of the place stand for the 100 metres of the domain guide (9). It only suggests: a
colleague decides what is merged.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from activities.answering import STANDING
from activities.models import Deed
from communities.wording import bare

WINDOW = timedelta(hours=24)
MOST = 400  # rows looked at for one page of a list
SHOWN = 3
PLACE, TEXT, TEXT_IN_GRID = 0.5, 0.4, 0.2  # which part of the shorter one's pairs of characters both have


def alike(one: Deed, other: Deed) -> bool:
    """Whether two of one community may tell of the same thing."""
    if one.kind != other.kind or abs(one.at - other.at) > WINDOW:
        return False
    enough = TEXT_IN_GRID if one.grid_id and one.grid_id == other.grid_id else TEXT
    return shared(one.place, other.place) >= PLACE or shared(one.text, other.text) >= enough


def shared(one: str, other: str) -> float:
    """The part of the shorter text's pairs of characters that the other has, too: 0 to 1; nothing shares with nothing."""
    ours, theirs = _pairs(one), _pairs(other)
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0


def suggestions(deeds: Sequence[Deed]) -> dict[int, list[Deed]]:
    """For each of `deeds` those it may be merged into, the oldest first, at most SHOWN; one query for any number."""
    if not deeds:
        return {}
    first, last = min(one.at for one in deeds) - WINDOW, max(one.at for one in deeds) + WINDOW
    near = Deed.objects.filter(community__in={one.community_id for one in deeds}, at__range=(first, last))
    standing = list(near.filter(status__in=STANDING).select_related("resident").with_photo().order_by("pk")[:MOST])
    return {one.pk: _of(one, standing) for one in deeds}


def _of(deed: Deed, standing: Iterable[Deed]) -> list[Deed]:
    same = (one for one in standing if one.community_id == deed.community_id and one.pk != deed.pk)
    return [one for one in same if alike(deed, one)][:SHOWN]


def _pairs(text: str) -> set[str]:
    plain = bare(text).lower()
    return {plain[n : n + 2] for n in range(len(plain) - 1)}
