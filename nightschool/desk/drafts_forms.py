"""What staff type about a course, new or a draft; the verbs decide (drafting.py)."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField

from communities import finding, settings
from communities.models import Community, Resident, User
from core import clock, masks, words
from nightschool import drafting, planning
from nightschool.desk.forms import DateInput, MomentInput, TimeInput
from nightschool.models import Course, Term
from nightschool.timetable import LESSONS, MINUTES, Timetable
from partners.models import Partner
from venues.models import Room

YEARS = (2000, 2200)  # a slip of the finger; moments end with the calendar
GROUPS = (
    ("课程", ("title", "category", "term", "summary")),
    ("谁来教", ("teacher", "taught_by", "partner")),
    ("时间和教室", ("room", "first", "weekdays", "starts", "minutes", "lessons")),
    ("名额和报名", ("capacity", "least", "price", "mode", "opens_at", "closes_at", "own_first", "one_each")),
    ("面向谁、注意什么", ("audience", "min_age", "max_age", "for_beginners", "fee", "bring", "safety")),
)


class Group(NamedTuple):
    """Fields under one heading."""

    title: str
    fields: list[BoundField]


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.community.name}，{obj}（最多{obj.capacity}人）"


def rooms_of(user: User) -> "QuerySet[Room]":
    mine = Community.objects.for_staff(user)
    return Room.objects.in_use().filter(community__in=mine).select_related("community").order_by("community", "name")


class CourseForm(forms.ModelForm[Course]):
    """A course with its timetable, new or a draft. The room says which community gives it."""

    room = RoomField(Room.objects.none(), label="教室", empty_label="请选择教室")
    taught_by = forms.CharField(
        label="授课居民", required=False, max_length=40,
        help_text="老师是登记居民的，写姓名加手机号后四位，如“刘玉兰0317”；老师就能用手机点名。",
    )  # fmt: skip
    first = forms.DateField(label="第一课日期", widget=DateInput)
    weekdays = forms.TypedMultipleChoiceField(
        label="上课日", coerce=int, choices=[(n, f"周{name}") for n, name in enumerate(words.WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    lessons = forms.IntegerField(label="共几课", min_value=LESSONS[0], max_value=LESSONS[-1], initial=8)
    starts = forms.TimeField(label="上课时间", widget=TimeInput, initial=time(19))
    minutes = forms.IntegerField(label="每课几分钟", min_value=MINUTES[0], max_value=MINUTES[-1], initial=90)
    least = forms.IntegerField(
        label="最少开班人数", min_value=0, max_value=2000, required=False, help_text="不填按设置的百分比。"
    )
    opens_at = forms.DateTimeField(
        label="报名开始", widget=MomentInput, required=False, help_text="不填按期次的报名时间。建议提前3天公布。"
    )
    closes_at = forms.DateTimeField(
        label="报名截止",
        widget=MomentInput,
        required=False,
        help_text="不填按期次的；期次也没有，就是第一课开始（抽签、审核提前一天）。",
    )
    one_each = forms.BooleanField(label="报名开始阶段每人限报一门", required=False, help_text="只用于先到先得的课。")

    class Meta:
        model = Course
        fields = [
            "title", "category", "term", "summary", "teacher", "partner", "room", "capacity", "least", "price", "mode", "opens_at",
            "closes_at", "own_first", "audience", "min_age", "max_age", "for_beginners", "fee", "bring", "safety",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea({"rows": 3})}
        help_texts = {
            "partner": "由合伙人提供课程时选择。",
            "mode": "抽签和社区审核：先申请，不扣积分；抽中或通过时才扣。",
            "own_first": "只用于先到先得的课；抽签和审核不分先后。",
        }
        labels = {"for_beginners": "零基础可以报名"}

    def __init__(self, data: Any = None, *, user: User, instance: Course | None = None) -> None:
        super().__init__(data, instance=instance, initial=_written(instance))
        self.user, self.was = user, instance.taught_by if instance else None
        mine = Community.objects.for_staff(user)
        if instance is None and (home := mine.order_by("pk").first()):
            self.initial["min_age"] = settings.value_of(settings.MIN_AGE, home.sub_district_id)
        self._choose("room", rooms_of(user))
        self.terms = Term.objects.filter(sub_district__communities__in=mine).distinct().order_by("-starts_on", "-pk")
        self._choose("term", self.terms, "请选择期次")
        newest = self.terms.first()
        if newest and not newest.opens_at:
            self.fields["opens_at"].initial = drafting.next_morning(clock.now())
        self._choose("partner", Partner.objects.for_staff(user), "不是合伙人提供")
        self.fields["category"].choices = [("", "请选择类别"), *Course.Category.choices]  # type: ignore[attr-defined]

    def _choose(self, name: str, among: "QuerySet[Any]", empty: str = "") -> None:
        self.fields[name].queryset = among  # type: ignore[attr-defined]
        if empty:
            self.fields[name].empty_label = empty  # type: ignore[attr-defined]

    def groups(self) -> Iterator[Group]:
        """The fields under their headings."""
        for title, names in GROUPS:
            yield Group(title, [self[name] for name in names])

    def clean_taught_by(self) -> Resident | None:
        return teacher_of(self.cleaned_data["taught_by"].strip(), self.user, self.was)

    def clean_least(self) -> int:
        return self.cleaned_data["least"] or 0

    def clean(self) -> None:
        super().clean()
        term: Term | None = self.cleaned_data.get("term")
        for name in ("opens_at", "closes_at"):
            typed: datetime | None = self.cleaned_data.get(name)
            if typed and not YEARS[0] <= typed.year <= YEARS[1]:
                self.add_error(name, "请检查日期的年份。")
            elif not typed and term and not self.has_error(name):
                self.cleaned_data[name] = getattr(term, name)
        opens, closes = self.cleaned_data.get("opens_at"), self.cleaned_data.get("closes_at")
        if not opens and not self.has_error("opens_at"):
            self.add_error("opens_at", "请填写报名开始：所选的期次没有统一的报名时间。")
        if opens and closes and closes <= opens:  # the CHECK behind it would be named to the reader
            self.add_error("closes_at", "报名截止须晚于报名开始。")

    def validate_constraints(self) -> None:
        """Said by `clean` and the verb in words; the CHECKs would be named to the reader."""

    def course(self) -> Course:
        """The course as filled in, not yet saved."""
        made, filled = self.instance, self.cleaned_data
        made.community = filled["room"].community
        made.taught_by = filled["taught_by"]
        made.opens_at = filled["opens_at"]
        made.one_each_until = made.opens_at if filled["one_each"] else None
        return made

    def timetable(self) -> Timetable:
        filled = self.cleaned_data
        return Timetable(
            filled["first"], frozenset(filled["weekdays"]), filled["lessons"], filled["starts"], filled["minutes"]
        )


def teacher_of(typed: str, user: User, was: Resident | None) -> Resident | None:
    """Who is meant by a name with the last digits of the phone; `was` stays whoever they are by now."""
    if not typed:
        return None
    if was and typed == named(was):
        return was
    found = list(
        finding.residents(user, typed).filter(status=Resident.Status.CONFIRMED).select_related("community")[:6]
    )
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError("没有找到这位已确认的居民，请核对姓名和手机号后四位。")
    tails = "、".join(f"{one.name}{masks.phone(one.phone) or '（没有手机）'}" for one in found)
    raise forms.ValidationError(f"找到不止一位：{tails}。请在姓名后面写手机号后四位。")


def named(resident: Resident) -> str:
    return f"{resident.name}{resident.phone[-4:]}"


def _written(course: Course | None) -> dict[str, Any]:
    """What stands in the fields that are not the model's own."""
    if course is None or not course.pk:
        return {}
    sessions = drafting.classes_of(course)
    pattern = planning.pattern_of(sessions)
    said: dict[str, Any] = {"one_each": course.one_each_until is not None, "least": course.least or None}
    if course.taught_by:
        said["taught_by"] = named(course.taught_by)
    if pattern:
        said |= {
            "first": pattern.first, "weekdays": sorted(pattern.weekdays), "lessons": pattern.lessons, "starts": pattern.starts,
            "minutes": pattern.minutes,
        }  # fmt: skip
    return said
