"""What staff type about a centre's people; forms look at shape only, the verbs decide."""

from datetime import timedelta
from typing import Any

from django import forms

from childcare.models import Centre, Staffer
from childcare.staffing import checks
from childcare.staffing.staff import NAME, Facts
from communities.models import Duty, User
from core import clock, words

DAY: dict[str, Any] = {"type": "date"}
AHEAD = 14


class StafferForm(forms.Form):
    centre = forms.ModelChoiceField(Centre.objects.none(), label="托管中心", empty_label=None)
    name = forms.CharField(label="姓名", max_length=NAME)
    contract = forms.ChoiceField(label="协议", choices=[("labour", "劳动合同"), ("volunteer", "志愿协议")])
    account = forms.ModelChoiceField(
        User.objects.none(), label="登录账号", required=False, empty_label="没有账号",
        help_text="账号和“托管老师”职责由街道管理员给；没有账号的不能登记到班和放人。",
    )  # fmt: skip
    is_lead = forms.BooleanField(label="中心负责人", required=False)
    hired_on = forms.DateField(label="入职日期", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    health_until = forms.DateField(
        label="健康证有效期至", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    first_aid_on = forms.DateField(label="急救培训日期", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict[str, Any](self.fields)
        own = Centre.objects.for_staff(user).order_by("name", "pk")
        held = Duty.objects.current().filter(role=Duty.Role.CAREGIVER, community__in=own.values("community"))
        fields["centre"].queryset = own
        fields["account"].queryset = User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")

    def said(self) -> Facts:
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("centre", "account")}
        return Facts(**kept)


def initial_of(mine: Staffer) -> dict[str, Any]:
    """The file as the form shows it."""
    names = ("centre", "name", "contract", "account", "is_lead", "hired_on", "health_until", "first_aid_on")
    return {name: getattr(mine, name) for name in names}


class CheckForm(forms.Form):
    checked_on = forms.DateField(label="查询日期", widget=forms.DateInput(DAY))
    clear = forms.TypedChoiceField(
        label="查询结果", widget=forms.RadioSelect, coerce=lambda said: said == "yes",
        choices=[("yes", "没有记录"), ("no", "有记录，不能从事托管工作")],
        help_text="只登记结果，不抄内容。有记录的，今天起的当班马上全部取消。",
    )  # fmt: skip


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="作废原因", min_length=2, max_length=checks.REASON,
        help_text="如：点错了结果。不写查询内容；作废后请重新登记，已取消的当班要重新安排。",
    )  # fmt: skip


class LeaveForm(forms.Form):
    last_day = forms.DateField(label="最后一天", widget=forms.DateInput(DAY))


class TurnsForm(forms.Form):
    """The next fortnight; ticked is on duty."""

    days = forms.MultipleChoiceField(label="当班的日期", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(one.isoformat(), words.day(one)) for one in fortnight()]


def fortnight() -> list[Any]:
    """Today and the days after it."""
    return [clock.today() + timedelta(days=n) for n in range(AHEAD)]
