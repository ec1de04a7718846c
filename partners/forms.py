"""What people type about partners; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from communities.fields import CodeField
from communities.filters import OwnFilter
from communities.models import Community, User
from core import clock
from partners.models import Agreement, Partner

PHONE = RegexValidator(r"^[0-9][0-9 -]{4,18}$", "请填写电话号码，如0352-1234567。")


class TradeForm(forms.Form):
    trade = forms.ChoiceField(choices=Partner.Trade.choices, required=False)

    @classmethod
    def chosen(cls, data: Any) -> str:
        """The trade in the address; whatever is wrong counts as not said."""
        form = cls(data)
        form.is_valid()
        return str(form.cleaned_data.get("trade", ""))


class FilterForm(OwnFilter):
    """Above the desk's list."""

    q = forms.CharField(label="合伙人或编号", max_length=60, required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Agreement.State.choices], required=False)

    field_order = ("q", "state", "community")


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class KnownForm(forms.Form):
    """Whom staff may choose instead of describing a new partner: those of their own agreements or whom everybody sees."""

    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="新登记一个"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        streets = Community.objects.for_staff(user).values("sub_district")
        public = Partner.objects.shown(clock.today()).filter(sub_district__in=streets)
        known = (Partner.objects.for_staff(user) | public).filter(admitted_at__isnull=False).order_by("pk")
        self.fields["partner"].queryset = known  # type: ignore[attr-defined]

    def chosen(self) -> Partner | None:
        self.is_valid()
        return self.cleaned_data.get("partner")


class EndForm(forms.Form):
    """提前终止."""

    on = day_field("终止日期", help_text="从这一天起不再公开展示")
    reason = forms.CharField(label="终止原因", max_length=100)
    agreed = forms.BooleanField(label="双方已书面同意，不必提前通知", required=False)


class HandForm(forms.Form):
    """签署: the name, and the code that was sent. `drawing` is filled in by static/sign.js, `seen` by the page."""

    name = forms.CharField(
        label="键入全名", min_length=2, max_length=40, widget=forms.TextInput({"autocomplete": "name"})
    )
    code = CodeField(label="短信验证码")
    drawing = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
