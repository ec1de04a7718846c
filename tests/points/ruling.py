"""How tests change a rule: the administrator of 水泊寺街道, with a decision of today."""

from datetime import date, timedelta
from typing import Any

from communities.models import SubDistrict
from core import clock
from points import rules
from points.models import Rule
from points.pricing import tariff
from points.rulebook import Figures, figures_of
from points.rules import Decision
from tests.world import World


def decision() -> Decision:
    return Decision("评议小组", clock.today(), "全体同意")


def tomorrow(days: int = 1) -> date:
    return clock.today() + timedelta(days=days)


def asked(world: World, code: str = "ENV", **given: Any) -> dict[str, Any]:
    """The arguments of `change`: today's figures of `code` but for those given."""
    who = {name: given.pop(name) for name in ("sub_district", "starts_on", "decision", "by", "at") if name in given}
    street: SubDistrict = who.get("sub_district", world.street)
    figures = given.pop("figures", None) or now(street, code)._replace(**given)
    return {
        "sub_district": street, "code": code, "figures": figures, "starts_on": tomorrow(), "decision": decision(), "by": world.he,
    } | who  # fmt: skip


def changed(world: World, code: str = "ENV", **given: Any) -> Rule:
    return rules.change(**asked(world, code, **given))


def now(street: SubDistrict, code: str, on: date | None = None) -> Figures:
    return figures_of(tariff(code, street.pk, on=on or clock.today()).rule)


def served_long(world: World) -> None:
    """The administrator's duty began before any day that a test travels to."""
    world.he.duties.update(starts_on=date(2020, 1, 1))
