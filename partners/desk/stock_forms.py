"""What staff type about goods; forms look at shape only, the verbs decide."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from communities import duties
from communities.models import Community, SubDistrict, User
from partners.forms import day_field
from partners.models import StockSlip
from partners.stock import counting, intake
from partners.stock.intake import Goods
from partners.stock.keepers import Place
from points.period_form import PeriodForm

Role = duties.Role


class IntakeForm(forms.Form):
    kind = forms.ChoiceField(label="来源", choices=[(one.value, one.label) for one in intake.INWARD])
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=intake.MOST)
    supplier = forms.CharField(label="供应商或捐赠人", max_length=intake.SUPPLIER)
    receipt = forms.CharField(label="票据号", max_length=intake.RECEIPT, required=False)
    price = forms.DecimalField(
        label="单价（元）", min_value=0, max_value=Decimal(intake.MOST_CENTS) / 100, decimal_places=2, required=False,
        help_text="只在台账里看得到，居民看不到",
    )  # fmt: skip
    best_before = day_field("保质期至", required=False, help_text="没有保质期的不填")

    def goods(self) -> Goods:
        given = dict(self.cleaned_data)
        price = given.pop("price")
        return Goods(**given, unit_cents=None if price is None else int(price * 100))


class OutForm(forms.Form):
    batch = forms.ModelChoiceField(label="批次", queryset=StockSlip.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="类别", choices=[(one.value, one.label) for one in intake.OUTWARD])
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=intake.MOST)
    reason = forms.CharField(label="事由", max_length=intake.REASON, help_text="如“受潮”“过期”")

    def __init__(self, data: Any, *, batches: Iterable[StockSlip], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        shown = list(batches)
        field = self.fields["batch"]
        field.queryset = StockSlip.objects.filter(pk__in=[one.pk for one in shown])  # type: ignore[attr-defined]
        field.choices = [(one.pk, _named(one)) for one in shown]  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    reason = forms.CharField(label="没有通过的原因", max_length=intake.REASON, help_text="如“实到18袋，少2袋”")


class SlipFilter(forms.Form):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *StockSlip.Status.choices], required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *StockSlip.Kind.choices], required=False)

    def asked(self) -> dict[str, Any]:
        """Whatever is wrong in the address counts as not said."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CountForm(forms.Form):
    """One field a batch: what stood there. It is named by what the book said, so that one that moved meanwhile is asked again."""

    def __init__(self, data: Any, *, batches: Iterable[StockSlip]) -> None:
        super().__init__(data)
        for one in batches:
            self.fields[f"b{one.pk}x{one.remaining}"] = forms.IntegerField(
                label=f"{one.gift.title}，{_named(one)}", min_value=0, max_value=counting.MOST
            )

    def counted(self) -> dict[int, int]:
        return {int(name[1:].split("x")[0]): number for name, number in self.cleaned_data.items()}


class LedgerForm(PeriodForm):
    """Of which place (`c`<community> or `s`<sub-district>), and of which month or year."""

    place = forms.ChoiceField(label="单位", required=False)
    field_order = ("place", "period")

    def __init__(self, data: Any, *, places: dict[str, Place], first: date, today: date) -> None:
        super().__init__(data, first=first, today=today)
        self.data = {**self.data, "place": chosen(data, places)}
        self.fields["place"].choices = [(key, str(one)) for key, one in places.items()]  # type: ignore[attr-defined]


def chosen(data: Any, places: dict[str, Place]) -> str:
    """The place that the address names, else the first one; empty when there is none."""
    named = data.get("place") or ""
    return named if named in places else next(iter(places), "")


def kept_by(user: User) -> dict[str, Place]:
    """Whose goods `user` works with."""
    own = Community.objects.for_staff(user).select_related("sub_district").order_by("pk")
    return _keyed(own, duties.streets_of(user, Role.STREET_ADMIN))


def read_by(user: User) -> dict[str, Place]:
    """Whose stock book `user` may read: sums without names, so finance and supervisors as well."""
    own = Community.objects.for_books(user).select_related("sub_district").order_by("pk")
    return _keyed(own, duties.streets_of(user, Role.STREET_ADMIN, Role.FINANCE, Role.SUPERVISOR))


def _keyed(communities: Iterable[Community], streets: Iterable[SubDistrict]) -> dict[str, Place]:
    return {f"c{one.pk}": one for one in communities} | {f"s{one.pk}": one for one in streets}


def _named(batch: StockSlip) -> str:
    until = f"，保质期至{batch.best_before:%Y-%m-%d}" if batch.best_before else ""
    return f"{batch.number}{until}，结存{batch.remaining}{batch.gift.unit}"
