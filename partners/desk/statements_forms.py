"""What staff and finance type about statements; forms look at shape only, the verbs decide."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from communities import duties
from communities.models import Community, User
from core import clock
from partners.forms import day_field
from partners.models import Agreement, Partner, Statement
from partners.settling import book, correcting, paying, signing

MONTHS = 12


class StatementFilter(forms.Form):
    """Above the list; whatever is wrong in the address counts as not said."""

    month = forms.TypedChoiceField(label="月份", required=False, coerce=date.fromisoformat, empty_value=None)
    partner = forms.ModelChoiceField(Partner.objects.none(), label="合伙人", required=False, empty_label="全部")
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Statement.Status.choices], required=False)
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_books(user).order_by("pk")
        mine: Any = self.fields
        mine["month"].choices = [("", "全部"), *((one.isoformat(), book.named(one)) for one in book.months(user))]
        billed = Statement.objects.for_books(user).values("partner")
        mine["partner"].queryset = Partner.objects.filter(pk__in=billed).order_by("name", "pk")
        mine["community"].queryset = own
        if len(own) < 2:
            del self.fields["community"]

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DrawForm(forms.Form):
    """Of which agreement, and which of the last twelve months."""

    pair = forms.ModelChoiceField(Agreement.objects.none(), label="合伙人和社区", empty_label="请选择")
    month = forms.TypedChoiceField(label="月份", coerce=date.fromisoformat)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        own = Agreement.objects.filter(community__in=duties.served_by(user), status=Agreement.Status.SIGNED)
        newest = own.order_by("partner", "community", "-pk").distinct("partner", "community")
        mine: Any = self.fields
        mine["pair"].queryset = Agreement.objects.filter(pk__in=newest.values("pk")).select_related(
            "partner", "community"
        )
        mine["month"].choices = [(one.isoformat(), book.named(one)) for one in _past(clock.today())]

    def drawn(self) -> dict[str, Any]:
        """The arguments of `drawing.draw`."""
        pair = self.cleaned_data["pair"]
        return {"partner": pair.partner, "community": pair.community, "month": self.cleaned_data["month"]}


def _past(today: date) -> list[date]:
    """The first days of the last twelve whole months, the newest first."""
    number = today.year * 12 + today.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(1, MONTHS + 1)]


class AnswerForm(forms.Form):
    text = forms.CharField(label="答复", max_length=signing.LONGEST, widget=forms.Textarea({"rows": 2}))


class BackForm(forms.Form):
    text = forms.CharField(
        label="退回的原因", max_length=signing.LONGEST, widget=forms.Textarea({"rows": 2}), help_text="合伙人会看到。"
    )


class PayForm(forms.Form):
    invoice = forms.CharField(label="发票号", max_length=paying.INVOICE)
    paid_on = day_field("支付日期")
    yuan = forms.DecimalField(label="支付金额（元）", min_value=Decimal("0.01"), max_digits=12, decimal_places=2)

    def paid(self) -> dict[str, Any]:
        """The arguments of `paying.pay`."""
        said = self.cleaned_data
        return {"invoice": said["invoice"], "paid_on": said["paid_on"], "amount_cents": int(said["yuan"] * 100)}


class CorrectForm(forms.Form):
    yuan = forms.DecimalField(
        label="更正金额（元）", max_digits=10, decimal_places=2, help_text="少付的填正数，多付的填负数，如-15.00"
    )
    reason = forms.CharField(label="原因", max_length=correcting.REASON, help_text="写明哪一张券、哪一项弄错了。")

    def said(self) -> dict[str, Any]:
        """The arguments of `correcting.propose`."""
        return {"amount_cents": int(self.cleaned_data["yuan"] * 100), "reason": self.cleaned_data["reason"]}
