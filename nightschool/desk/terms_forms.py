"""What staff type about a term; the verbs decide (terms.py, copying_term.py)."""

from datetime import datetime
from typing import Any

from django import forms

from core import clock
from nightschool.desk.drafts_forms import YEARS
from nightschool.desk.forms import DateInput, MomentInput
from nightschool.models import Term


class TermForm(forms.ModelForm[Term]):
    """期次, new or changed."""

    opens_at = forms.DateTimeField(
        label="报名开始", widget=MomentInput, required=False, help_text="本期课程一般从这时开始报名，如工作日10:00。"
    )
    closes_at = forms.DateTimeField(label="报名截止", widget=MomentInput, required=False)

    class Meta:
        model = Term
        fields = ["name", "starts_on", "ends_on", "opens_at", "closes_at"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = {"name": "如“2027年春季”。"}

    def clean(self) -> None:
        super().clean()
        filled = self.cleaned_data
        for name in ("starts_on", "ends_on", "opens_at", "closes_at"):
            if (typed := filled.get(name)) and not YEARS[0] <= typed.year <= YEARS[1]:
                self.add_error(name, "请检查日期的年份。")
        if all(filled.get(one) for one in ("starts_on", "ends_on")) and filled["ends_on"] < filled["starts_on"]:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        if all(filled.get(one) for one in ("opens_at", "closes_at")) and filled["closes_at"] <= filled["opens_at"]:
            self.add_error("closes_at", "报名截止须晚于报名开始。")

    def validate_constraints(self) -> None:
        """Said above in words, and by the verb."""


class CopyForm(forms.Form):
    """Into which term all courses go."""

    target = forms.ModelChoiceField(label="沿用到", queryset=Term.objects.none(), empty_label="请选择期次")

    def __init__(self, data: Any = None, *, source: Term, at: datetime) -> None:
        super().__init__(data)
        others = Term.objects.filter(sub_district=source.sub_district_id, ends_on__gte=clock.local(at).date())
        self.fields["target"].queryset = others.exclude(pk=source.pk).order_by("starts_on")  # type: ignore[attr-defined]
