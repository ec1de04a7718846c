"""Shape of what staff type; what it means is decided by the verbs (courses.py) and the reads (register.py, coursebook.py)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404

from communities.models import Community
from nightschool import hoping
from nightschool.coursebook import STATES
from nightschool.models import Channel, Course, Enrolment, Term
from nightschool.register import Class, Filter

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
    status = forms.ChoiceField(
        label="状态", required=False, choices=[*EVERYTHING, *Enrolment.Status.choices, *hoping.STATES]
    )
    channel = forms.ChoiceField(label="渠道", required=False, choices=EVERYTHING + Channel.choices)
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
    """The filter above the courses; another community or term is not there at all (404)."""

    state = forms.ChoiceField(label="状态", required=False, choices=[*EVERYTHING, *STATES])
    community = forms.TypedChoiceField(label="社区", required=False, coerce=int, empty_value=None)
    term = forms.TypedChoiceField(label="期次", required=False, coerce=int, empty_value=None)
    category = forms.ChoiceField(label="类别", required=False, choices=EVERYTHING + Course.Category.choices)

    def __init__(self, *args: Any, communities: list[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.pk, one.name) for one in communities]
        terms = Term.objects.filter(sub_district__communities__in=communities).distinct().order_by("-starts_on", "-pk")
        self.fields["term"].choices = EVERYTHING + [(one.pk, one.name) for one in terms]  # type: ignore[attr-defined]
        self.fields["community"].choices = EVERYTHING + names  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()

    def asked(self) -> dict[str, Any]:
        if self.is_valid():
            return self.cleaned_data
        if self.has_error("community") or self.has_error("term"):
            raise Http404
        return {}


class ReasonForm(forms.Form):
    """Why people are taken off a course; they read it."""

    reason = forms.CharField(
        label="原因", max_length=60, help_text="居民会在消息里看到这句话，60字以内。",
        error_messages={"required": "请写明原因，居民会看到。"},
    )  # fmt: skip
