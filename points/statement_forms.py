"""Shape of what is asked of a statement: by kind and by days; and of the consent that is given at the counter."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from core import clock
from points.models import Entry
from points.statement import Filter


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Span(forms.Form):
    """Two days, both of which belong to it."""

    since = forms.DateField(label="从哪天", required=False, widget=DayInput)
    until = forms.DateField(label="到哪天", required=False, widget=DayInput)

    def clean(self) -> None:
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期。")


class StatementFilter(Span):
    """The filter above a statement."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Entry.Kind.choices])
    field_order = ("kind", "since", "until")

    def asked(self) -> Filter | None:
        """What to look for; None when something typed makes no sense (the form says what)."""
        return Filter(**self.cleaned_data) if self.is_valid() else None

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.asked_again)

    @property
    def said(self) -> str:
        """获得，2026年11月1日至2026年11月22日; what is shown, in words."""
        asked = self.asked()
        if asked is None:
            return ""
        kind = Entry.Kind(asked.kind).label if asked.kind else "全部类别"
        since, until = (day and f"{day.year}年{day.month}月{day.day}日" for day in (asked.since, asked.until))
        return f"{kind}，{since or '开始'}至{until or '现在'}" if since or until else kind

    @property
    def asked_again(self) -> str:
        """The same question as the query of an address."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


class PassbookPeriod(Span):
    """The days that a passbook is printed for; this year, unless others are chosen."""

    def __init__(self, data: Any) -> None:
        today = clock.today()
        this_year = {"since": f"{today.year}-01-01", "until": today.isoformat()}
        super().__init__({name: data.get(name) or day for name, day in this_year.items()})
        for field in self.fields.values():
            field.required = True

    def period(self) -> tuple[date, date] | None:
        """First and last day; None when they make no sense (the form says what)."""
        return (self.cleaned_data["since"], self.cleaned_data["until"]) if self.is_valid() else None


class ConsentForm(forms.Form):
    """At the counter: the person themselves said yes, and a colleague heard it."""

    agreed = forms.BooleanField(
        label="本人在窗口说明同意", error_messages={"required": "须本人同意，请当面确认后勾选。"}
    )
