"""小区和网格: the places that a file may name, kept by the head of the community or the sub-district."""

from typing import TypeAlias

from communities import duties
from communities.duties import Role
from communities.models import Community, Estate, Grid, User
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

Place: TypeAlias = Estate | Grid
KEPT_BY = (Role.HEAD, Role.STREET_ADMIN)
LONGEST = 40


class NameTaken(Refused):
    code = "place_taken"
    message = "这个社区已经有同名的小区或网格，没有改动。请换一个名称。"


class InUse(Refused):
    code = "place_in_use"
    message = "还有居民的档案登记在这里，不能删除。改名可以直接改；要撤并，请先把这些居民改到别处。"


class NoColleague(Refused):
    code = "keeper_no_colleague"
    message = "网格员要是现在在这个社区任职的同事，没有改动。"


REFUSALS: Refusals = {"estate_name": lambda _: NameTaken(), "grid_name": lambda _: NameTaken()}


@verb(REFUSALS)
def add(*, place: Place, by: User) -> Place:
    """Write the new `place` of a community (its grid with a keeper or without). Refuses `NotYourDuty`, `NameTaken`, `NoColleague`."""
    duties.require(by, place.community, *KEPT_BY)
    place.name = _named(place.name)
    _fit(place)
    place.save(force_insert=True)
    return place


@verb(REFUSALS)
def change(*, place: Place, name: str, by: User, keeper: User | None = None) -> Place:
    """Rename `place`; a grid is looked after by `keeper` from now on, or by nobody. Refuses as `add` does."""
    duties.require(by, place.community, *KEPT_BY)
    place.name = _named(name)
    if isinstance(place, Grid):
        place.keeper = keeper
    _fit(place)
    place.save(update_fields=["name", "keeper"] if isinstance(place, Grid) else ["name"])
    return place


@verb()
def remove(*, place: Place, by: User) -> None:
    """Delete what no file names. Refuses `NotYourDuty`, `InUse`."""
    duties.require(by, place.community, *KEPT_BY)
    locked = type(place)._default_manager.select_for_update().get(pk=place.pk)  # nobody moves in meanwhile
    if locked.residents.exists():
        raise InUse
    locked.delete()


def colleagues(community: Community) -> list[User]:
    """Who may look after a grid of `community`: everybody with a working duty there today."""
    held = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("pk")
    return [one for one in held.filter(duties__community=community).distinct() if duties.holds(one, community)]


def _named(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST:
        raise BadInput(f"请填写名称，不超过{LONGEST}字。什么都没有改动。")
    return name


def _fit(place: Place) -> None:
    if isinstance(place, Grid) and place.keeper and not duties.holds(place.keeper, place.community):
        raise NoColleague
