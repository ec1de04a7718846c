"""What a caregiver types about a day; forms look at shape only, the verbs decide."""

from datetime import time
from typing import Any

from django import forms

from childcare.days import arriving, calls, leave, rollcall
from childcare.days.board import Row
from childcare.models import Alarm, Attendance, Call
from communities.models import Guardian

PURPOSES = ("联系家长", "核对过敏和健康", "核对接送人", "处理受伤或不舒服")


class ArrivalForm(forms.Form):
    brought_by = forms.CharField(
        label="送来的人", max_length=arriving.BROUGHT, required=False, help_text="写称呼，如：外婆、自己来。"
    )
    state = forms.CharField(
        label="晨午检",
        max_length=arriving.STATE,
        required=False,
        help_text="体温和精神状态，如：36.5，正常。加密保存。",
    )

    def said(self) -> dict[str, Any]:
        """The arguments of `arriving.arrive`."""
        return dict(self.cleaned_data)


class AbsenceForm(forms.Form):
    absence = forms.ChoiceField(
        label="为什么没来", choices=Attendance.Absence.choices, widget=forms.RadioSelect,
        help_text="“无故未到”不停止打电话，直到知道孩子在哪里。",
    )  # fmt: skip


class LeaveForm(forms.Form):
    """Who called, of those whose word counts; nobody is chosen beforehand."""

    guardian = forms.ChoiceField(
        label="哪位监护人来电",
        widget=forms.RadioSelect,
        help_text="听声音、问孩子的生日，核对是本人。监护人都会收到消息。",
    )
    reason = forms.ChoiceField(label="为什么不来", choices=[(one.value, one.label) for one in leave.REASONS])

    def __init__(self, data: Any = None, *, speakers: list[Guardian]) -> None:
        super().__init__(data)
        self.people = {str(one.pk): one.guardian for one in speakers}
        fields = dict[str, Any](self.fields)
        fields["guardian"].choices = [(str(one.pk), f"{one.relation}{one.guardian.name}") for one in speakers]

    def said(self) -> dict[str, Any]:
        """The arguments of `leave.tell`."""
        return {"guardian": self.people[self.cleaned_data["guardian"]], "reason": self.cleaned_data["reason"]}


class RollForm(forms.Form):
    """The boxes are drawn by the page: one line of big letters for each child. It sends along whom it `shown`."""

    occasion = forms.ChoiceField(label="什么时候", choices=[(one, one) for one in rollcall.OCCASIONS])

    def __init__(self, data: Any = None, *, rows: list[Row]) -> None:
        super().__init__(data)
        self.here = {str(row.place.pk) for row in rows}

    def ticked(self) -> set[int]:
        """The numbers of places that were sent and are known; what is no number counts as not sent."""
        return {int(one) for one in self._sent("present") if one in self.here}

    def shown(self) -> set[int]:
        """Whom the page asked for when it was opened."""
        return {int(one) for one in self._sent("shown") if one.isascii() and one.isdecimal() and len(one) < 19}

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []

    def said(self) -> dict[str, Any]:
        """The arguments of `rollcall.call`."""
        return {"present": self.ticked(), "shown": self.shown(), "occasion": self.cleaned_data["occasion"]}


class SheetForm(forms.Form):
    purpose = forms.ChoiceField(label="为什么查看", choices=[(one, one) for one in PURPOSES])


class CallForm(forms.Form):
    whom = forms.CharField(max_length=40, widget=forms.HiddenInput)
    result = forms.ChoiceField(label="结果", choices=Call.Result.choices, widget=forms.HiddenInput)
    note = forms.CharField(label="说明", max_length=calls.NOTE, required=False)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label="孩子现在", widget=forms.RadioSelect)
    words = forms.CharField(
        label="说明", max_length=calls.WORDS, required=False, help_text="没有人接通电话，或者选“其他”，一定要写。"
    )

    def __init__(self, data: Any = None, *, alarm: Alarm) -> None:
        super().__init__(data)
        fields = dict[str, Any](self.fields)
        fields["outcome"].choices = [(one, one) for one in calls.SAFE[calls.Kind(alarm.kind)]]


class ClockField(forms.Field):
    """15:42, 1542, 15.42, 15：42; empty is None."""

    def clean(self, value: Any) -> time | None:
        text = str(value or "").strip().translate(str.maketrans("：.。 ", "::::")).replace(":", "")
        if not text:
            return None
        if (
            not (text.isascii() and text.isdecimal() and len(text) in (3, 4))
            or int(text[-2:]) > 59
            or int(text[:-2]) > 23
        ):
            raise forms.ValidationError("时间写成15:42或1542。")
        return time(int(text[:-2]), int(text[-2:]))
