"""What the ledger of hours is filtered by, and what the file for the national system asks first."""

from typing import Any

from django import forms

from activities.hourbook import STATES, Asked
from activities.models import Activity
from communities.models import Community


class HourFilter(forms.Form):
    """All of it optional; what is not understood is left out."""

    state = forms.ChoiceField(label="状态", required=False, choices=list(STATES.items()))
    since = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    kind = forms.ChoiceField(label="服务类别", required=False, choices=[("", "全部类别"), *Activity.Kind.choices])
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部社区")
    q = forms.CharField(
        label="查找", required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、拼音或手机后四位"}),
    )  # fmt: skip

    def __init__(self, data: Any, *, communities: list[Community]) -> None:
        super().__init__(data)
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[community.pk for community in communities]).order_by("pk")
        if len(communities) < 2:
            del self.fields["community"]

    def asked(self) -> Asked:
        """What was chosen, without what was left empty or not understood."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})


class WholeHoursForm(forms.Form):
    purpose = forms.CharField(
        label="导出原因", min_length=2, max_length=200,
        help_text="例如：录入全国志愿服务信息系统。会记入查看记录，并印在文件第一行。",
    )  # fmt: skip
    marks = forms.BooleanField(
        label="只导出未上报的，并标记为已上报", required=False, help_text="录入全国系统时勾选；只是备查的不要勾选。"
    )
