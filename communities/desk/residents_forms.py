"""What the list of residents is filtered by, and what a whole export asks first."""

from typing import Any

from django import forms

from communities.models import Community, Estate, Grid, Resident
from communities.roll import Asked

SORTS = [("", "登记先后"), ("newest", "最新登记"), ("pinyin", "姓名拼音")]


class RollFilter(forms.Form):
    """All of it optional; what is not understood is left out. Without a status those who wait."""

    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Resident.Status.choices])
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部社区")
    estate = forms.ModelChoiceField(Estate.objects.none(), label="小区", required=False, empty_label="全部小区")
    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", required=False, empty_label="全部网格")
    sort = forms.ChoiceField(label="排序", required=False, choices=SORTS)
    q = forms.CharField(
        label="查找", required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、拼音或手机后四位"}),
    )  # fmt: skip

    def __init__(self, data: Any, *, communities: list[Community]) -> None:
        super().__init__({"status": Resident.Status.PENDING, **data})
        places = {"estate": Estate.objects, "grid": Grid.objects}
        for name, manager in places.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = manager.filter(community__in=communities).order_by("community", "name")
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[community.pk for community in communities])
        if len(communities) < 2:
            del self.fields["community"]

    def asked(self) -> Asked:
        """What was chosen, without what was left empty or not understood."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})


class WholeForm(forms.Form):
    purpose = forms.CharField(
        label="导出原因", min_length=2, max_length=200,
        help_text="例如：区民政局6月老年人摸底，报送表。会记入查看记录，并印在文件第一行。",
    )  # fmt: skip
    numbers = forms.BooleanField(label="包含证件号（确有需要才勾选）", required=False)
