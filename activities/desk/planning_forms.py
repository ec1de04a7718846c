"""What staff type about an activity: a draft, a change of what was announced, how it ended. The verbs decide."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField

from activities.ending import LONGEST
from activities.kinds import TEMPLATES
from activities.models import Activity
from communities.models import Community, User
from core import clock
from partners.models import Partner
from venues.models import Room

YEARS = (2000, 2200)  # a slip of the finger; moments end with the calendar
OLDEST = 120
FIELDS = (
    "community", "kind", "title", "capacity", "place", "room", "leader", "leader_phone", "content", "risk", "dangerous",
    "insurance", "equipment", "min_age", "max_age", "skills", "training", "audience",
)  # fmt: skip
HELP = {
    "place": "居民到哪里集合",
    "leader": "活动负责人姓名，报名的居民会看到",
    "leader_phone": "报名的居民会看到，可填社区电话",
    "content": "做什么，做到什么程度",
    "risk": "必填。如高温、交通、用具伤手等，并写明怎样避免；居民报名前会看到",
    "insurance": "可能有人身危险的，发布前须填写",
    "training": "如“活动前10分钟讲解用具”",
    "audience": "如“待业青年”“老年人”",
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Group(NamedTuple):
    """Fields under one heading."""

    title: str
    fields: list[BoundField]


GROUPS = (
    ("活动", ("community", "kind", "title", "day", "begins", "ends", "sign_up_until", "capacity")),
    ("地点和负责人", ("place", "room", "leader", "leader_phone")),
    ("内容和安全", ("content", "risk", "equipment", "insurance", "dangerous")),
    ("面向谁", ("min_age", "max_age", "audience", "skills", "training", "providers")),
)


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.community}，容纳{obj.capacity}人）"


def sane(day: date | datetime | None) -> None:
    if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
        raise forms.ValidationError("请检查日期的年份。")


class PlanForm(forms.ModelForm[Activity]):
    """拟定活动: `user` chooses among own communities, their rooms, and partners known there."""

    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Activity.Kind.choices])
    day = forms.DateField(label="日期", widget=DayInput)
    begins = forms.TimeField(label="开始时间", widget=ClockInput, help_text="如09:00")
    ends = forms.TimeField(label="结束时间", widget=ClockInput, help_text="如11:00")
    sign_up_until = forms.DateTimeField(
        label="报名截止", widget=MomentInput, required=False, help_text="不填到活动开始为止"
    )
    min_age = forms.IntegerField(
        label="最低年龄", min_value=0, max_value=OLDEST, required=False, help_text="不填按这一类的惯例"
    )
    max_age = forms.IntegerField(
        label="最高年龄", min_value=0, max_value=OLDEST, required=False, help_text="不限请留空"
    )
    room = RoomField(Room.objects.none(), label="活动室", required=False, empty_label="不用活动室")
    providers = forms.ModelMultipleChoiceField(
        Partner.objects.none(), label="主讲或协办", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Activity
        fields = FIELDS
        widgets = {"content": forms.Textarea({"rows": 3}), "risk": forms.Textarea({"rows": 3})}
        help_texts = HELP

    def __init__(self, data: Any = None, *, user: User, instance: Activity | None = None, initial: Any = None) -> None:
        super().__init__(data, instance=instance, initial={**_times(instance), **(initial or {})})
        own = Community.objects.for_staff(user).order_by("pk")
        if "community" in self.fields:
            self._choose("community", own)
            self.fields["community"].initial = own.first()
        self._choose("room", Room.objects.filter(community__in=own).select_related("community").order_by("pk"))
        known = Partner.objects.for_staff(user)
        self._choose(
            "providers", (known | instance.providers.all() if instance and instance.pk else known).order_by("pk")
        )

    def _choose(self, name: str, among: QuerySet[Any]) -> None:
        self.fields[name].queryset = among  # type: ignore[attr-defined]

    def groups(self) -> Iterator[Group]:
        """The fields under their headings."""
        for title, names in GROUPS:
            yield Group(title, [self[name] for name in names if name in self.fields])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        sane(day)
        return day

    def clean_sign_up_until(self) -> datetime | None:
        closes: datetime | None = self.cleaned_data["sign_up_until"]
        sane(closes)
        return closes

    def clean_min_age(self) -> int:
        least, kind = self.cleaned_data["min_age"], self.cleaned_data.get("kind")
        return TEMPLATES[kind].min_age if least is None and kind else least or 0

    def activity(self) -> Activity:
        """The activity as typed, not saved."""
        made = self.save(commit=False)
        day: date = self.cleaned_data["day"]
        begins: time = self.cleaned_data["begins"]
        ends: time = self.cleaned_data["ends"]
        made.starts_at, made.ends_at = clock.at(day, begins), clock.at(day, ends)
        made.sign_up_until = self.cleaned_data["sign_up_until"]
        return made


class ChangeForm(PlanForm):
    """修改: of what was announced only what people did not sign up for."""

    community = kind = min_age = max_age = None  # type: ignore[assignment]

    class Meta(PlanForm.Meta):
        fields = tuple(  # type: ignore[assignment]
            name for name in FIELDS
            if name not in {"community", "kind", "title", "dangerous", "min_age", "max_age", "skills"}
        )  # fmt: skip


class FinishForm(forms.Form):
    summary = forms.CharField(
        label="活动小结", max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="做了什么、来了多少人、效果怎样。不要写居民姓名",
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label="取消原因", max_length=60, help_text="报名的居民会在消息里看到，如“因大风改期”")


class DayForm(forms.Form):
    day = forms.DateField(label="新日期", widget=DayInput)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        sane(day)
        return day


def beginning(kind: str, user: User) -> dict[str, Any]:
    """What the form of a new activity of `kind` is filled with (activities/kinds.py); nothing without a kind."""
    if not kind:
        return {"leader": user.name}
    template = TEMPLATES[kind]
    begins = template.begins
    hour, minute = divmod(begins.hour * 60 + begins.minute + template.minutes, 60)
    return {
        "kind": kind, "title": str(dict(Activity.Kind.choices)[kind]), "content": template.content, "risk": template.risk,
        "place": template.place, "begins": begins, "ends": time(hour % 24, minute), "capacity": template.capacity,
        "min_age": template.min_age, "equipment": template.equipment, "dangerous": template.dangerous, "leader": user.name,
    }  # fmt: skip


def _times(activity: Activity | None) -> dict[str, Any]:
    """The day and the clock of what is there already."""
    if activity is None or activity.pk is None:
        return {}
    starts, ends, closes = clock.local(activity.starts_at), clock.local(activity.ends_at), activity.sign_up_until
    return {
        "day": starts.date(), "begins": starts.time(), "ends": ends.time(), "sign_up_until": clock.local(closes) if closes else None,
        "min_age": activity.min_age, "max_age": activity.max_age, "providers": activity.providers.all(),
    }  # fmt: skip
