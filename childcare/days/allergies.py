"""过敏: the words that a teacher has in sight at a roll call; of the rest of the health nothing. Sealed where they stand."""

from collections.abc import Iterable

from childcare.days.sights import Sights
from childcare.enrolment import health
from childcare.models import Group, Staffer
from childcare.opening import Part, on_duty
from communities.models import Resident

PURPOSE = "点名"
LONGEST = 40


def of(children: Iterable[int]) -> dict[int, str]:
    """The allergies of those of `children` who have any, cut to what stands in one line."""
    return {child: words[:LONGEST] for child, words in health.allergies_of(list(children)).items()}


def may_see(post: Staffer) -> bool:
    """Who is on duty today, and the lead."""
    return post.account is not None and (post.is_lead or on_duty(post))


def shown_to(post: Staffer, group: Group, children: dict[int, Resident]) -> dict[int, str]:
    """As `of`, for who `may_see`. The first sight of a day is written down: a line for
    the group, and one for each child of whom something is shown."""
    assert post.account is not None
    found, sights = of(children), Sights(post.account, group.centre.community)
    sights.once(f"托管：{group}名册", PURPOSE)
    for child in found:
        sights.once(f"托管：{Part.HEALTH.value}（过敏）", PURPOSE, children[child])
    return found
