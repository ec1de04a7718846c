"""What service is worth: the rule in force on the day of service, and the caps that go with it (domain guide, 4.2).

Python reads the figures; points/sql applies the caps under the wallet's lock.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from communities.settings import CAP_DAY, CAP_MONTH, CAP_UNTIMED_MONTH, EXPIRY_YEARS, values_of
from core.refusals import BadInput
from points.models import Rule

HALF_HOUR = 30


class UnknownRule(BadInput):
    code = "unknown_rule"
    message = "没有这个积分项目，这次没有记账。请核对项目后再试。"


@dataclass(frozen=True)
class Price:
    """What `quantity` (minutes of timed service, else times) on `served_on` asks for, before the caps are applied."""

    rule_id: int
    quantity: int
    asked: int
    served_on: date
    cap_day: int | None
    cap_month: int | None
    expiry_years: int
    needs_notice: bool


@dataclass(frozen=True)
class Tariff:
    """One rule as it stands on one day, with the general caps of its kind."""

    rule: Rule
    on: date
    cap_day: int | None
    cap_month: int | None
    expiry_years: int

    def price(self, quantity: int) -> Price:
        """Of `quantity` minutes or times."""
        asked = worth(self.rule, quantity)
        return Price(
            self.rule.pk, quantity, asked, self.on, self.cap_day, self.cap_month, self.expiry_years,
            needs_notice=asked >= self.rule.notice_from,
        )  # fmt: skip


def worth(rule: Rule, quantity: int) -> int:
    """Of minutes whole half hours count, the rest is dropped, and so is half a point (domain guide, 3.2)."""
    return quantity // HALF_HOUR * rule.points // 2 if rule.basis == Rule.Basis.HOUR else quantity * rule.points


def tariffs(sub_district_id: int | None, *, on: date) -> dict[str, Tariff]:
    """Every rule in force in the sub-district on `on`, by code, in two queries; of none: the defaults."""
    ours = Q(sub_district=sub_district_id) | Q(sub_district=None)
    newest = Rule.objects.filter(ours, starts_on__lte=on).order_by(
        "code", F("sub_district").asc(nulls_last=True), "-starts_on", "-pk"
    )
    figures = values_of([CAP_DAY, CAP_MONTH, CAP_UNTIMED_MONTH, EXPIRY_YEARS], sub_district_id, on=on)
    caps: dict[str, tuple[int | None, int | None]] = {
        Rule.Kind.TIMED: (figures[CAP_DAY], figures[CAP_MONTH]),
        Rule.Kind.UNTIMED: (None, figures[CAP_UNTIMED_MONTH]),
        Rule.Kind.EXEMPT: (None, None),
    }
    return {rule.code: Tariff(rule, on, *caps[rule.kind], figures[EXPIRY_YEARS]) for rule in newest.distinct("code")}


def tariff(code: str, sub_district_id: int, *, on: date) -> Tariff:
    """The rule `code` in force on `on`. Refuses `UnknownRule`."""
    found = tariffs(sub_district_id, on=on).get(code)
    if found is None:
        raise UnknownRule
    return found
