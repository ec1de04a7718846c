"""What staff type about series, schemes and what came of a salon."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from activities.desk.planning_forms import DayInput, sane
from activities.models import Activity, FollowUp, Series
from activities.series import Day
from communities import duties
from communities.models import Community, User
from core import words


class RepeatForm(forms.Form):
    """做成系列: the offered days, ticked."""

    title = forms.CharField(label="系列名称", max_length=40, required=False)
    days = forms.MultipleChoiceField(
        label="选择日期", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选择一天。"}
    )
    publish = forms.BooleanField(label="直接发布，不存草稿", required=False)

    def __init__(self, data: Any = None, *, offered: Iterable[Day], title: str) -> None:
        super().__init__(data, initial={"title": title})
        free = [one for one in offered if not one.taken]
        self.fields["days"].choices = [(one.day.isoformat(), _said(one)) for one in free]  # type: ignore[attr-defined]

    def chosen(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]


def _said(one: Day) -> str:
    return f"{words.day(one.day)}，{one.holiday}" if one.holiday else words.day(one.day)


class FirstForm(forms.Form):
    """The day on which a copied series begins."""

    first = forms.DateField(label="第一次活动的日期", widget=DayInput)

    def clean_first(self) -> date:
        day: date = self.cleaned_data["first"]
        sane(day)
        return day


class SeriesCopyForm(FirstForm):
    first = forms.DateField(widget=forms.HiddenInput)  # chosen above, where its days are shown
    title = forms.CharField(label="新系列名称", max_length=40, help_text="如“周末清洁（2027年春）”")


class SourceForm(forms.Form):
    """Whose scheme is looked at."""

    community = forms.ModelChoiceField(label="从哪个社区复制", queryset=Community.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["community"].queryset = duties.served_by(user).order_by("pk")  # type: ignore[attr-defined]

    def chosen(self) -> Community | None:
        """The community in the address, else the first of one's own."""
        asked = self.cleaned_data["community"] if self.is_valid() else None
        return asked or self.fields["community"].queryset.first()  # type: ignore[attr-defined,no-any-return]


class SchemeForm(FirstForm):
    """推广到其他社区."""

    target = forms.ModelChoiceField(label="复制到", queryset=Community.objects.none(), empty_label="请选择")
    series = forms.ModelMultipleChoiceField(
        Series.objects.none(), label="系列", required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(label="各类活动最近的一次", required=False, widget=forms.CheckboxSelectMultiple)
    posts = forms.BooleanField(label="岗位（职责和任期，不含在岗的人）", required=False)

    field_order = ("target", "first")

    def __init__(self, data: Any = None, *, user: User, source: Community) -> None:
        super().__init__(data)
        self.fields["first"].label = "从哪一天起"
        self.fields["first"].help_text = "星期几和钟点不变"
        others = duties.served_by(user).filter(sub_district=source.sub_district_id).exclude(pk=source.pk)
        self.fields["target"].queryset = others.order_by("pk")  # type: ignore[attr-defined]
        self.fields["series"].queryset = Series.objects.filter(community=source).order_by("-pk")  # type: ignore[attr-defined]
        shown = Activity.objects.filter(community=source).exclude(status=Activity.Status.DRAFT)
        there = set(shown.values_list("kind", flat=True).distinct())
        self.fields["kinds"].choices = [one for one in Activity.Kind.choices if one[0] in there]  # type: ignore[attr-defined]


class FollowUpForm(forms.Form):
    """后续."""

    kind = forms.ChoiceField(label="类别", choices=FollowUp.Kind.choices)
    text = forms.CharField(
        label="情况", max_length=200, widget=forms.Textarea({"rows": 3}),
        help_text="如“1人被物业公司录用”。不要写居民姓名和电话",
    )  # fmt: skip
    on = forms.DateField(label="日期", widget=DayInput)
