"""What people type about activities; forms look at shape only, the verbs decide."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms

from activities.models import Activity, Participation
from activities.recording import LONGEST, unusual
from communities.models import Community, User
from core import clock

YEARS = (2000, 2200)  # a slip of the finger; moments end with the calendar
STATES = {"open": "报名中", "to_record": "待记录", "to_confirm": "待确认", "cancelled": "已取消"}


def asked(form: forms.Form) -> dict[str, Any]:
    """What the address of a list says; whatever is wrong in it counts as not said."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


class KindForm(forms.Form):
    kind = forms.ChoiceField(choices=Activity.Kind.choices, required=False)


class FilterForm(forms.Form):
    """Above the desk's list."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *Activity.Kind.choices], required=False)
    community = forms.ModelChoiceField(
        label="社区", queryset=Community.objects.none(), required=False, empty_label="全部"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]


class PlanForm(forms.ModelForm[Activity]):
    """新建活动."""

    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Activity.Kind.choices])
    day = forms.DateField(label="日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    begins = forms.TimeField(label="开始时间", widget=forms.TimeInput({"type": "time"}, "%H:%M"), help_text="如09:00")
    ends = forms.TimeField(label="结束时间", widget=forms.TimeInput({"type": "time"}, "%H:%M"), help_text="如11:00")

    class Meta:
        model = Activity
        fields = ("community", "kind", "title", "place", "leader", "capacity", "content", "risk")
        widgets = {"content": forms.Textarea({"rows": 3}), "risk": forms.Textarea({"rows": 3})}
        help_texts = {
            "place": "居民到哪里集合",
            "leader": "活动负责人姓名",
            "risk": "必填。如高温、交通、用具伤手等，并写明怎样避免；居民报名前会看到",
        }

    field_order = ("community", "kind", "title", "day", "begins", "ends", "place", "leader", "capacity")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError("请检查日期的年份。")
        return day

    def activity(self) -> Activity:
        """The unsaved activity."""
        made = self.save(commit=False)
        day: date = self.cleaned_data["day"]
        begins: time = self.cleaned_data["begins"]
        ends: time = self.cleaned_data["ends"]
        made.starts_at, made.ends_at = clock.at(day, begins), clock.at(day, ends)
        return made


class PeopleForm(forms.Form):
    """Ticked rows of one list. A row that changed since the page was shown is no longer among the choices."""

    picked = forms.MultipleChoiceField(
        error_messages={
            "required": "请先勾选人员。",
            "invalid_choice": "名单刚刚有变动，没有办理。请核对后重新勾选。",
        }
    )

    def __init__(self, data: Any = None, *, people: Iterable[Participation]) -> None:
        super().__init__(data)
        self.people = {participation.as_seen: participation for participation in people}
        self.fields["picked"].choices = [(name, name) for name in self.people]  # type: ignore[attr-defined]

    def chosen(self) -> list[Participation]:
        return [self.people[name] for name in self.cleaned_data["picked"]]


class RecordForm(PeopleForm):
    """记录到场: the ticked people and for how long; what is unusual asks to be looked at once more."""

    minutes = forms.IntegerField(label="服务分钟", min_value=1, max_value=LONGEST)
    sure = forms.BooleanField(label="时长已核实", required=False)

    def __init__(self, data: Any = None, *, people: Iterable[Participation], planned: int) -> None:
        super().__init__(data, people=people)
        self.planned = planned
        self.fields["minutes"].initial = min(planned, LONGEST)
        self.asks = unusual(planned, planned)

    def clean_sure(self) -> bool:
        sure: bool = self.cleaned_data["sure"]
        minutes = self.cleaned_data.get("minutes")
        self.asks = self.asks or (minutes is not None and unusual(minutes, self.planned))
        if minutes is not None and unusual(minutes, self.planned) and not sure:
            raise forms.ValidationError("时长满4小时或超过活动时长，还没有记录。请核实后勾选“时长已核实”再提交。")
        return sure


class SearchForm(forms.Form):
    q = forms.CharField(max_length=20, required=False)


class AddForm(forms.Form):
    resident = forms.IntegerField(min_value=1)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="取消原因", max_length=60, help_text="报名的居民会在消息里看到，如“因大风改期”")
