"""What staff type to change a course that is open: a class moved or called off, another room, more seats, a merger, the picture."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from communities.models import Resident, User
from core import clock, masks
from nightschool.amending import FACTS
from nightschool.desk.drafts_forms import YEARS, RoomField, named, teacher_of
from nightschool.desk.forms import DateInput, ReasonForm, TimeInput
from nightschool.models import Course, Enrolment, Session
from venues.claiming import Hours
from venues.models import Room


class HoursFields(forms.Form):
    """A day with its hours."""

    day = forms.DateField(label="日期", widget=DateInput)
    starts = forms.TimeField(label="开始", widget=TimeInput)
    ends = forms.TimeField(label="结束", widget=TimeInput)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError("请检查日期的年份。")
        return day

    def hours(self) -> Hours | None:
        filled = self.cleaned_data
        if not filled["day"]:
            return None
        return Hours(clock.at(filled["day"], filled["starts"]), clock.at(filled["day"], filled["ends"]))


def _beginning(session: Session) -> dict[str, Any]:
    starts, ends = clock.local(session.starts_at), clock.local(session.ends_at)
    return {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "room": session.room_id}


class MoveForm(HoursFields, ReasonForm):
    """调课: a new time, a new room, or both."""

    room = RoomField(Room.objects.none(), label="教室", empty_label=None)
    field_order = ("day", "starts", "ends", "room", "reason")

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data, initial=_beginning(session))
        self.fields["room"].queryset = _rooms_for(session.course)  # type: ignore[attr-defined]


class CallOffForm(HoursFields, ReasonForm):
    """停课, and when the class is made up for, if it is."""

    field_order = ("reason", "day", "starts", "ends")

    def __init__(self, data: Any = None, *, session: Session) -> None:
        said = _beginning(session)
        super().__init__(data, initial={"starts": said["starts"], "ends": said["ends"]})
        for field in ("day", "starts", "ends"):
            self.fields[field].required = False
        self.fields["day"].label = "补课日期"
        self.fields["day"].help_text = "不补课就不填。补课在原教室，会加在课程安排最后。"
        self.fields["starts"].label, self.fields["ends"].label = "补课开始", "补课结束"

    def clean(self) -> None:
        super().clean()
        filled = self.cleaned_data
        if filled.get("day") and not (filled.get("starts") and filled.get("ends")):
            self.add_error("starts", "请填写补课几点开始、几点结束。")


class RoomForm(ReasonForm):
    """Another room for the whole course."""

    room = RoomField(Room.objects.none(), label="新教室", empty_label="请选择教室")
    field_order = ("room", "reason")

    def __init__(self, data: Any = None, *, course: Course) -> None:
        super().__init__(data)
        self.fields["room"].queryset = _rooms_for(course).exclude(pk=course.room_id)  # type: ignore[attr-defined]


def _rooms_for(course: Course) -> "QuerySet[Room]":
    return Room.objects.in_use().filter(community=course.community_id).select_related("community").order_by("name")


class FactsForm(forms.ModelForm[Course]):
    """改说明: what is said of an open course."""

    taught_by = forms.CharField(
        label="授课居民",
        required=False,
        max_length=40,
        help_text="老师是登记居民的，写姓名加手机号后四位；老师就能用手机点名。",
    )

    class Meta:
        model = Course
        fields = [name for name in FACTS if name != "taught_by"]
        widgets = {"summary": forms.Textarea({"rows": 3})}
        labels = {"for_beginners": "零基础可以报名"}
        help_texts = {"audience": "如“想学插花的居民，坐着上课”。"}

    field_order = FACTS

    def __init__(self, data: Any = None, *, course: Course, user: User) -> None:
        self.user, self.was = user, course.taught_by
        super().__init__(data, instance=course, initial={"taught_by": named(self.was) if self.was else ""})

    def clean_taught_by(self) -> Resident | None:
        return teacher_of(self.cleaned_data["taught_by"].strip(), self.user, self.was)

    def validate_constraints(self) -> None:
        """None is about these fields."""

    def course(self) -> Course:
        """As filled in, not yet saved."""
        self.instance.taught_by = self.cleaned_data["taught_by"]
        return self.instance


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(label="名额", min_value=1, max_value=2000)


class MergeForm(ReasonForm):
    """Into which course, and who agreed."""

    into = forms.ModelChoiceField(label="并入", queryset=Course.objects.none(), empty_label="请选择课程")
    agreed = forms.MultipleChoiceField(
        label="已问过、同意转入的人", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="没有勾选的人退课，积分全额退回。",
    )  # fmt: skip
    field_order = ("into", "agreed", "reason")

    def __init__(self, data: Any = None, *, course: Course, among: "QuerySet[Course]", seats: list[Enrolment]) -> None:
        super().__init__(data, initial={"into": course.merged_into_id, "reason": course.cancel_reason})
        into = self.fields["into"]
        into.queryset = among  # type: ignore[attr-defined]
        into.label_from_instance = _merge_name  # type: ignore[attr-defined]
        people = [(one.pk, f"{one.resident.name} {masks.phone(one.resident.phone) or '没有手机'}") for one in seats]
        self.fields["agreed"].choices = people  # type: ignore[attr-defined]

    def numbers(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["agreed"]]


def _merge_name(course: Course) -> str:
    price = f"{course.price}积分" if course.price else "免费"
    return f"{course.title}（{course.community.name}，剩{course.capacity - course.taken}个名额，{price}）"
