"""Which days of a service record are printed."""

from datetime import date
from typing import Any

from django import forms


class PeriodForm(forms.Form):
    """Both open: a whole life."""

    since = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        if days.get("since") and days.get("until") and days["since"] > days["until"]:
            raise forms.ValidationError("开始日期在结束日期之后，请重新选择。")
        return days

    def period(self) -> tuple[date | None, date | None]:
        return self.cleaned_data["since"], self.cleaned_data["until"]
