"""What is typed about bills; forms look at shape only, the verbs decide."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from childcare.billing import adjusting, paying, refunding
from childcare.billing.offsetting import Shown
from childcare.billing.paying import Paid
from childcare.billing.refunding import Back, Given
from childcare.models import Payment, Place
from communities.models import Guardian, Resident
from core import clock
from partners.forms import day_field

WRITTEN = ("receipt", "way", "paid_on")  # of money that was given back


class PointsForm(forms.Form):
    """How many points; what is no number is left to the verb."""

    points = forms.IntegerField(label="使用多少积分", required=False, min_value=1, max_value=10**9)
    cents = forms.IntegerField(required=False, widget=forms.HiddenInput)
    due = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def chosen(self, otherwise: int) -> int:
        """What was typed, never more than `otherwise`, the most that can be used."""
        return min(self.wanted(), otherwise) if self.is_bound and self.wanted() else otherwise

    def wanted(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("points") or 0)

    def shown(self) -> Shown:
        """What the page said that the points come to; without it nothing fits, and the bill is looked at again."""
        self.is_valid()
        return Shown(*_numbers(self, "cents", "due"))


def _numbers(form: forms.Form, *names: str) -> Iterator[int]:
    """What hidden fields said; -1, which is no sum, for what is missing."""
    return (-1 if form.cleaned_data.get(name) is None else form.cleaned_data[name] for name in names)


class PaymentForm(forms.Form):
    yuan = forms.DecimalField(label="金额（元）", min_value=Decimal("0.01"), max_digits=9, decimal_places=2)
    receipt = forms.CharField(label="收据号", max_length=paying.RECEIPT)
    way = forms.ChoiceField(label="方式", choices=Payment.Way.choices)
    paid_on = day_field("缴费日期")

    def __init__(self, data: Any = None, *, left: int = 0) -> None:
        super().__init__(data, initial={"paid_on": clock.today(), "yuan": Decimal(left) / 100})

    def paid(self) -> Paid:
        said = self.cleaned_data
        return Paid(int(said["yuan"] * 100), said["receipt"], said["way"], said["paid_on"])


class RefundForm(forms.Form):
    receipt = forms.CharField(label="退费收据号", max_length=paying.RECEIPT)
    way = forms.ChoiceField(label="方式", choices=Payment.Way.choices)
    paid_on = day_field("退费日期")
    cents = forms.IntegerField(required=False, widget=forms.HiddenInput)
    points = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, back: Back) -> None:
        """Where points alone come `back` nothing is asked: they need no receipt."""
        super().__init__(data, initial={"paid_on": clock.today(), "cents": back.cents, "points": back.points})
        # Of what nothing comes back the receipt is asked as well: the refusal is told instead.
        if back.points and not back.cents:
            for name in WRITTEN:
                del self.fields[name]

    def given(self) -> Given | None:
        said = self.cleaned_data
        return Given(**{name: said[name] for name in WRITTEN}) if all(name in said for name in WRITTEN) else None

    def shown(self) -> refunding.Shown:
        """What the page said that comes back; without it nothing fits, and the page is shown anew."""
        self.is_valid()
        return refunding.Shown(*_numbers(self, "cents", "points"))


class PayerForm(forms.Form):
    """Who of the child's guardians pays from now on."""

    to = forms.ModelChoiceField(Resident.objects.none(), label="改由谁付费", empty_label=None)
    paper = forms.BooleanField(label="已看两位监护人签字的书面申请", required=False)

    def __init__(self, data: Any = None, *, place: Place) -> None:
        super().__init__(data)
        now = Guardian.objects.current().filter(child=place.child_id).exclude(guardian=place.payer_id)
        mine: Any = self.fields["to"]
        mine.queryset = Resident.objects.filter(pk__in=now.values("guardian")).order_by("pk")
        mine.label_from_instance = lambda one: one.name


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=paying.REASON)


class AdjustForm(forms.Form):
    yuan = forms.DecimalField(
        label="更正金额（元）", max_digits=8, decimal_places=2, help_text="少收家庭的填负数，如-15.00；补收的填正数。"
    )
    reason = forms.CharField(
        label="原因",
        max_length=adjusting.REASON,
        help_text="家庭会在下一张账单上看到，请写明哪几天、哪一项。不写优待的原因。",
    )

    def said(self) -> dict[str, Any]:
        """The arguments of `adjusting.propose`."""
        return {"amount_cents": int(self.cleaned_data["yuan"] * 100), "reason": self.cleaned_data["reason"]}
