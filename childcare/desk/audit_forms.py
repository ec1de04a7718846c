"""Forms of the yearly audit and of incidents. Shape only."""

from datetime import date

from django import forms

from childcare.models import Incident
from childcare.watching import pack
from communities.models import Community
from core import clock


class YearForm(forms.Form):
    """The year that an address names; last year's pack unless another is asked for."""

    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["year"].choices = [(one, f"{one}年") for one in pack.years()]  # type: ignore[attr-defined]

    def asked(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("year") or clock.today().year - 1


class ReportForm(forms.Form):
    number = forms.CharField(label="报送编号", max_length=40, help_text="网信部门系统给出的编号")
    reported_on = forms.DateField(label="报送日期", widget=forms.DateInput(attrs={"type": "date"}))


class IncidentForm(forms.Form):
    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label="请选择")
    what = forms.ChoiceField(label="情形", choices=[("", "请选择"), *Incident.What.choices])
    found_on = forms.DateField(label="发现日期", widget=forms.DateInput(attrs={"type": "date"}))
    children = forms.IntegerField(label="涉及几个孩子", min_value=1, max_value=100_000, help_text="不写姓名，只写人数")

    def __init__(self, data: object = None, *, communities: list[Community]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        mine = Community.objects.filter(pk__in=[one.pk for one in communities])
        self.fields["community"].queryset = mine.order_by("pk")  # type: ignore[attr-defined]


class StepForm(forms.Form):
    step = forms.ChoiceField(choices=[("told_on", "已告知监护人"), ("reported_on", "已报告主管部门")])
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))

    def day(self) -> date:
        return self.cleaned_data["on"]  # type: ignore[no-any-return]
