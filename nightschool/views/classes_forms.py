"""What is typed about who was there; the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms

from communities.models import Community
from nightschool.attending import absence, completing, feedback
from nightschool.attending.calling_roll import TICKED, Line
from nightschool.leaving import Late
from nightschool.models import Attendance, Enrolment

STARS = [(5, "5星，很满意"), (4, "4星，满意"), (3, "3星，一般"), (2, "2星，不太满意"), (1, "1星，不满意")]
STATES = [("today", "今天"), ("uncalled", "待点名"), ("over", "已上完"), ("ahead", "未上")]


class TickForm(forms.Form):
    """The teacher's ticks: who, and what is written down."""

    picked = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "请先勾选人员。", "invalid_choice": "名单刚刚有变动，请重新勾选。"}
    )
    act = forms.ChoiceField(choices=[(status.value, status.label) for status in TICKED])

    def __init__(self, data: Any = None, *, people: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["picked"].choices = [(pk, pk) for pk in people]  # type: ignore[attr-defined]


class RollForm(forms.Form):
    """The whole list of a class: one choice for each person, nothing for who is not written down yet."""

    def __init__(self, data: Any = None, *, lines: list[Line]) -> None:
        super().__init__(data)
        self.lines = {f"seat-{line.seat.pk}": line for line in lines if not line.mine}
        for name, line in self.lines.items():
            leave = [("", "请假")] if line.status == Attendance.Status.LEAVE else [("", "未登记")]
            choices = [*leave, *((status.value, status.label) for status in TICKED)]
            initial = line.status if line.status in TICKED else ""
            self.fields[name] = forms.ChoiceField(
                label=line.seat.resident.name,
                choices=choices,
                initial=initial,
                required=False,
                widget=forms.RadioSelect,
            )

    def marks(self, *, rest: str = "") -> list[tuple[Enrolment, Attendance.Status]]:
        """What was changed; with `rest` (到课 or 缺课) that is what becomes of whoever is still nowhere."""
        chosen = [(self.lines[name], value) for name, value in self.cleaned_data.items()]
        given = rest if rest in TICKED else ""
        filled = [(line, value or ("" if line.row else given)) for line, value in chosen]
        return [(line.seat, Attendance.Status(value)) for line, value in filled if value and value != line.status]


class ClassFilter(forms.Form):
    """Which classes the desk lists."""

    state = forms.ChoiceField(label="情况", choices=[("", "最近"), *STATES], required=False)
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部社区")

    def __init__(self, data: Any, *, communities: Any) -> None:
        super().__init__(data)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=absence.LONGEST, help_text="居民会看到；写“因病”这样的话就够，不写病情。"
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=completing.LONGEST, help_text="居民会看到。")


class LateForm(forms.Form):
    reason = forms.ChoiceField(
        label="原因",
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Late],
        help_text="居民会看到这一项。",
    )


class FeedbackForm(forms.Form):
    stars = forms.TypedChoiceField(label="您觉得这门课怎么样", coerce=int, choices=STARS, widget=forms.RadioSelect)
    words = forms.CharField(
        label="想说的话", required=False, max_length=feedback.LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text="可以不写。老师和社区只看到平均分和意见，看不到是谁写的；请不要写姓名、电话。",
    )  # fmt: skip
