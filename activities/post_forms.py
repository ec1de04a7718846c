"""What staff and holders type about posts; forms look at shape only, the verbs decide."""

from datetime import date
from typing import Any

from django import forms

from activities import claims, duty_months, posts
from activities.post_book import STATES
from communities.filters import OwnFilter
from communities.models import Community, User
from core import clock


class PostFilter(OwnFilter):
    """Above the desk's list."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False)
    for_couriers = forms.ChoiceField(
        label="面向", choices=[("", "全部"), ("yes", "仅限小哥"), ("no", "全体居民")], required=False
    )

    field_order = ("state", "community", "for_couriers")


class PostForm(forms.Form):
    """设立岗位."""

    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)
    title = forms.CharField(label="岗位名称", max_length=posts.TITLE, help_text="如“天和城3号楼楼道长”")
    duty = forms.CharField(label="职责", max_length=posts.DUTY, widget=forms.Textarea({"rows": 3}))
    term_months = forms.IntegerField(label="任期（月）", min_value=1, max_value=posts.TERM, initial=12)
    for_couriers = forms.BooleanField(label="仅限已登记的小哥", required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()


class GiveForm(forms.Form):
    starts_on = forms.DateField(
        label="上岗日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="满月履职按整月计，月中上岗的从下个月算起。",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})


class WhyForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=claims.REASON, help_text="居民会在消息里看到。")


class SayForm(forms.Form):
    """报满月履职: which month, and how it was served."""

    month = forms.DateField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="履职情况", max_length=duty_months.NOTE, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="如“巡查4次，清理楼道2次”",
    )  # fmt: skip

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        return month.replace(day=1)
