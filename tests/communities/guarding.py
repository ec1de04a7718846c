"""A child of 王秀兰's household, and who answers for it."""

from datetime import date

from communities import guardians
from communities.guardians import Kinship
from communities.models import Guardian, Resident, User
from communities.registration import initials, pinyin
from core import clock
from tests.world import World

SEEN = Kinship("母亲", Guardian.Basis.HOUSEHOLD_BOOK)
AGREED = Kinship("母亲", Guardian.Basis.HOUSEHOLD_BOOK, agreed=True)


def born(years: int) -> date:
    """Somebody's birthday who became `years` a month ago."""
    today = clock.today()
    month, year = (today.month - 1, today.year - years) if today.month > 1 else (12, today.year - years - 1)
    return date(year, month, 1)


def child_of(guardian: Resident, years: int = 10, name: str = "王小虎", **fields: object) -> Resident:
    """A confirmed file without a phone, in the guardian's household; nobody answers for it yet."""
    said = {
        "community": guardian.community, "estate": guardian.estate, "household": guardian.household, "birth_date": born(years),
    } | fields  # fmt: skip
    return Resident.objects.create(
        name=name, pinyin=pinyin(name), initials=initials(name), status="confirmed", decided_at=clock.now(), **said
    )


def guarded(
    world: World, years: int = 10, kinship: Kinship = AGREED, by: User | None = None, **fields: object
) -> Resident:
    """王秀兰's child, registered by 张晓燕 with the guardian's consent."""
    child = child_of(world.wang, years, **fields)  # type: ignore[arg-type]
    guardians.register(child=child, guardian=world.wang, kinship=kinship, by=by or world.zhang)
    return child
