"""Shape of what staff type; what it means is decided by the verbs (courses.py) and the reads (register.py, coursebook.py)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import Http404

from communities.models import Community, User
from core import clock, words
from nightschool.coursebook import STATES
from nightschool.models import Course, Enrolment
from nightschool.register import Class, Filter
from nightschool.timetable import LESSONS, MINUTES, Timetable
from partners.models import Partner
from venues.models import Room

EVERYTHING = [("", "全部")]
MOMENT = "%Y-%m-%dT%H:%M"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class EnrolmentFilter(forms.Form):
    """The filter above the register; a course of another community is not there at all (404)."""

    course = forms.TypedChoiceField(label="课程", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label="状态", required=False, choices=EVERYTHING + Enrolment.Status.choices)
    channel = forms.ChoiceField(label="渠道", required=False, choices=EVERYTHING + Enrolment.Channel.choices)
    since = forms.DateField(label="报名日期从", required=False, widget=DateInput)
    until = forms.DateField(label="到", required=False, widget=DateInput)
    q = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)  # typed in the search field at the top

    def __init__(self, *args: Any, classes: Iterable[Class], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(one.id, f"{one.title}（{one.term}）") for one in classes]
        self.fields["course"].choices = EVERYTHING + titles  # type: ignore[attr-defined]

    def asked(self) -> Filter | None:
        """What to look for; None when something typed makes no sense (the form says what)."""
        if self.is_valid():
            return Filter(**self.cleaned_data)
        if self.has_error("course"):
            raise Http404
        return None


class CourseFilter(forms.Form):
    """The filter above the courses; another community is not there at all (404)."""

    state = forms.ChoiceField(label="状态", required=False, choices=[*EVERYTHING, *STATES])
    community = forms.TypedChoiceField(label="社区", required=False, coerce=int, empty_value=None)
    category = forms.ChoiceField(label="类别", required=False, choices=EVERYTHING + Course.Category.choices)

    def __init__(self, *args: Any, communities: list[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.pk, one.name) for one in communities]
        self.fields["community"].choices = EVERYTHING + names  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()

    def asked(self) -> dict[str, Any]:
        if self.is_valid():
            return self.cleaned_data
        if self.has_error("community"):
            raise Http404
        return {}


class ReasonForm(forms.Form):
    """Why people are taken off a course; they read it."""

    reason = forms.CharField(
        label="原因", max_length=60, help_text="居民会在消息里看到这句话，60字以内。",
        error_messages={"required": "请写明原因，居民会看到。"},
    )  # fmt: skip


class CourseForm(forms.ModelForm[Course]):
    """A new course with its timetable. The room says which community gives it."""

    first = forms.DateField(label="第一课日期", widget=DateInput)
    weekdays = forms.TypedMultipleChoiceField(
        label="上课日", coerce=int, choices=[(n, f"周{name}") for n, name in enumerate(words.WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    lessons = forms.IntegerField(label="共几课", min_value=LESSONS[0], max_value=LESSONS[-1], initial=8)
    starts = forms.TimeField(label="上课时间", widget=TimeInput, initial=time(19))
    minutes = forms.IntegerField(label="每课几分钟", min_value=MINUTES[0], max_value=MINUTES[-1], initial=90)
    opens_at = forms.DateTimeField(label="报名开始", widget=MomentInput)
    closes_at = forms.DateTimeField(
        label="报名截止", widget=MomentInput, required=False, help_text="不填就是第一课开始的时间。"
    )

    class Meta:
        model = Course
        fields = [
            "title", "category", "term", "teacher", "partner", "room", "capacity", "price", "first", "weekdays", "starts",
            "minutes", "lessons", "opens_at", "closes_at", "min_age", "max_age", "for_beginners", "summary", "bring", "safety",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea({"rows": 3})}
        help_texts = {"term": "如“第2期”“2026秋季”。", "partner": "由合伙人提供课程时选择。"}
        labels = {"for_beginners": "零基础可以报名"}

    field_order = Meta.fields

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Community.objects.for_staff(user)
        rooms = Room.objects.filter(community__in=mine).select_related("community").order_by("community", "name")
        room, partner = self.fields["room"], self.fields["partner"]
        room.queryset = rooms  # type: ignore[attr-defined]
        room.label_from_instance = _room_name  # type: ignore[attr-defined]
        room.empty_label = "请选择教室"  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "请选择类别"), *Course.Category.choices]  # type: ignore[attr-defined]
        partner.queryset = Partner.objects.for_staff(user)  # type: ignore[attr-defined]
        partner.empty_label = "不是合伙人提供"  # type: ignore[attr-defined]
        self.fields["opens_at"].initial = _next_morning(clock.now())

    def clean(self) -> None:
        super().clean()
        opens, closes = self.cleaned_data.get("opens_at"), self.cleaned_data.get("closes_at")
        if opens and closes and closes <= opens:  # the CHECK behind it would be named to the reader
            self.add_error("closes_at", "报名截止须晚于报名开始。")

    def course(self) -> Course:
        """The course as filled in, not yet saved."""
        self.instance.community = self.cleaned_data["room"].community
        return self.instance

    def timetable(self) -> Timetable:
        filled = self.cleaned_data
        return Timetable(
            filled["first"], frozenset(filled["weekdays"]), filled["lessons"], filled["starts"], filled["minutes"]
        )


def _room_name(room: Room) -> str:
    return f"{room.community.name}，{room}（最多{room.capacity}人）"


def _next_morning(at: datetime) -> datetime:
    return clock.at(clock.local(at).date() + timedelta(days=1), time(10))
