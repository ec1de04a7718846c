"""What is typed about who was there; the verbs decide."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms

from activities import recording
from activities.entering import WHOLE, Spell, moment
from activities.models import Activity
from core import clock

ACTS = {"in": "签到", "out": "签退", "back": "撤回签到"}
TIME = "%H:%M"


class TickForm(forms.Form):
    """The organiser's ticks: who, and what is done."""

    picked = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "请先勾选人员。", "invalid_choice": "名单刚刚有变动，请重新勾选。"}
    )
    act = forms.ChoiceField(choices=list(ACTS.items()))

    def __init__(self, data: Any = None, *, people: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["picked"].choices = [(pk, pk) for pk in people]  # type: ignore[attr-defined]


class SpellForm(forms.Form):
    """From when to when; nothing typed means the whole activity."""

    began = forms.TimeField(label="到场", required=False, widget=forms.TimeInput({"placeholder": "全程不填"}, TIME))
    ended = forms.TimeField(label="离开", required=False, widget=forms.TimeInput({"placeholder": "全程不填"}, TIME))
    late_reason = forms.CharField(label="补录原因", max_length=100, required=False)
    over_reason = forms.CharField(
        label="当日超时原因", max_length=100, required=False, help_text="当天合计超过上限的才要写"
    )
    sure = forms.BooleanField(label="时长已核实", required=False)

    def __init__(self, data: Any = None, *, activity: Activity, **more: Any) -> None:
        super().__init__(data, **more)
        self.activity = activity
        self.warn = recording.warned_from(activity.community.sub_district_id)
        if not recording.is_late(activity, clock.now()):
            del self.fields["late_reason"]
        if activity.minutes < self.warn:
            del self.fields["sure"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        began, ended = (self._moment(typed.get(name)) for name in ("began", "ended"))
        self.spell = Spell(
            began or self.activity.starts_at, ended or self.activity.ends_at, typed.get("late_reason", ""),
            typed.get("over_reason", ""),
        )  # fmt: skip
        long = self.spell.minutes(self.activity) >= self.warn and typed.get("way", WHOLE) == WHOLE
        if long and "sure" in self.fields and not typed.get("sure"):
            self.add_error("sure", f"时长满{self.warn // 60}小时，还没有记录。请核实后勾选“时长已核实”再提交。")
        return typed

    def _moment(self, clocked: time | None) -> datetime | None:
        return moment(self.activity, clocked) if clocked else None


class EntryForm(SpellForm):
    """One person: a name, the end of a phone, a number of the sheet."""

    who = forms.CharField(
        label="姓名、手机后四位或序号", max_length=40,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off", "data-select": True}),
    )  # fmt: skip
    way = forms.ChoiceField(label="登记", widget=forms.RadioSelect)
    resident = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("way", "who", "began", "ended")

    def __init__(self, data: Any = None, *, ways: dict[str, str], activity: Activity, **more: Any) -> None:
        super().__init__(data, activity=activity, **more)
        self.fields["way"].choices = list(ways.items())  # type: ignore[attr-defined]
        if WHOLE not in ways:
            for name in ("began", "ended", "over_reason", "late_reason", "sure"):
                self.fields.pop(name, None)


class SheetForm(SpellForm):
    """The paper sheet, a line for each person or for several numbers."""

    typed = forms.CharField(
        label="签到表", max_length=20000,
        widget=forms.Textarea({"rows": 12, "autofocus": True, "placeholder": "1-12\n15\n王秀兰 9:00 10:30\n6021"}),
    )  # fmt: skip
    field_order = ("typed", "began", "ended")
