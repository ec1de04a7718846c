"""What people type about activities; forms look at shape only, the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms

from activities.models import Activity, Participation
from activities.recording import LONGEST, is_late, unusual, warned_from
from communities.filters import OwnFilter
from core import clock

STATES = {
    "draft": "草稿", "open": "报名中", "to_record": "待记录", "to_confirm": "待确认", "finished": "已结束", "cancelled": "已取消",
}  # fmt: skip


def asked(form: forms.Form) -> dict[str, Any]:
    """What the address of a list says; whatever is wrong in it counts as not said."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


class KindForm(forms.Form):
    kind = forms.ChoiceField(choices=Activity.Kind.choices, required=False)


class FilterForm(OwnFilter):
    """Above the desk's list."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *Activity.Kind.choices], required=False)

    field_order = ("state", "kind", "community")


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
    """记录到场: the ticked people and for how long; what is unusual asks to be looked at once more, what is late for a reason."""

    minutes = forms.IntegerField(label="服务分钟", min_value=1, max_value=LONGEST)
    sure = forms.BooleanField(label="时长已核实", required=False)
    late_reason = forms.CharField(label="补录原因", max_length=100, required=False)
    over_reason = forms.CharField(label="当日超时原因", max_length=100, required=False)

    def __init__(self, data: Any = None, *, people: Iterable[Participation], activity: Activity) -> None:
        super().__init__(data, people=people)
        self.planned, self.warn = activity.minutes, warned_from(activity.community.sub_district_id)
        self.fields["minutes"].initial = min(self.planned, LONGEST)
        self.asks = unusual(self.planned, self.planned, self.warn)
        self.late = is_late(activity, clock.now())

    def clean_sure(self) -> bool:
        sure: bool = self.cleaned_data["sure"]
        minutes = self.cleaned_data.get("minutes")
        asks = minutes is not None and unusual(minutes, self.planned, self.warn)
        self.asks = self.asks or asks
        if asks and not sure:
            hours = self.warn // 60
            raise forms.ValidationError(
                f"时长满{hours}小时或超过活动时长，还没有记录。请核实后勾选“时长已核实”再提交。"
            )
        return sure


class SearchForm(forms.Form):
    q = forms.CharField(max_length=20, required=False)


class AddForm(forms.Form):
    resident = forms.IntegerField(min_value=1)
