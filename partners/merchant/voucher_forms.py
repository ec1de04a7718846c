"""What is typed on a shop's phone; forms look at shape only, the verbs decide."""

from datetime import date, timedelta
from typing import Any

from django import forms

from communities.fields import PhoneField
from core import clock
from partners.vouchers import clerks

TILL: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off", "class": "digits"}


class NumberForm(forms.Form):
    number = forms.CharField(
        label="输入8位券码", max_length=12, widget=forms.TextInput(TILL | {"placeholder": "0000 0000"})
    )


class CheckForm(forms.Form):
    """What the customer says besides the number on paper."""

    said = forms.CharField(max_length=8, widget=forms.TextInput(TILL))

    def __init__(self, data: Any = None, *, birthday: bool) -> None:
        super().__init__(data)
        self.fields["said"].label = "生日月日4位（如0302）" if birthday else "登记手机号的后4位"


class ClerkForm(forms.Form):
    phone = PhoneField(label="手机号", help_text="用这个手机号收验证码登录后就能核销。")
    label = forms.CharField(label="给谁用", max_length=clerks.LABEL, help_text="如“前台1号”“王师傅”")


class HistoryFilter(forms.Form):
    """A day, or the month of the address; whatever is wrong counts as not said."""

    day = forms.DateField(label="哪一天", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    month = forms.DateField(required=False, input_formats=["%Y-%m"])

    def asked(self) -> dict[str, date]:
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return found or {"month": clock.today().replace(day=1)}


def spans(asked: dict[str, date]) -> list[tuple[str, str, bool]]:
    """Today, this month and the last one as a tap each: what it is called, its address, whether it is shown now."""
    today = clock.today()
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    months = [
        (label, f"month={first:%Y-%m}", asked.get("month") == first)
        for label, first in (("本月", this), ("上个月", last))
    ]
    return [("今天", f"day={today}", asked.get("day") == today), *months]
