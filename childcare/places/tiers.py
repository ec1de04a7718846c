"""优先次序: the published order of who has a place first. Which rule it was, nobody can tell from the place (`Place.tier`)."""

from datetime import date

from django.db.models import Q

from childcare.models import Centre, Place
from communities import hardship
from communities.models import Guardian, Resident

FIRST, PLAIN = 1, 0
# As published on the page of every centre; hardship is one of several reasons and never named of anybody.
RULES = (
    "双职工家庭（监护人都上班，报名时说明）、优待家庭、兄弟姐妹已在本中心的，排在前面。",
    "同样条件的，先登记的在前。",
    "有空位时按次序通知家长确认，到时没有确认的给下一位；轮到时不符合条件的退出候补并说明原因。",
    "次序由系统按这些规则排，任何人不能手工调整。",
)


def tier_of(child: Resident, centre: Centre, *, first: bool, day: date) -> int:
    """1 for who goes first by any of the published rules; `first`: the family said that both parents work, and it was seen."""
    if first or sibling_in(child, centre):
        return FIRST
    best = hardship.best_on(child, day)
    return FIRST if best is not None and best.is_hardship else PLAIN


def sibling_in(child: Resident, centre: Centre) -> bool:
    """Whether a brother or sister has a place in the centre: of one household, or with one guardian."""
    guardians = Guardian.objects.current().filter(child=child).values("guardian")
    wards = Guardian.objects.current().filter(guardian__in=guardians).values("child")
    same = Q(child__in=wards) | Q(child__household__isnull=False, child__household=child.household_id)
    return Place.objects.held().filter(same, group__centre=centre).exclude(child=child).exists()
