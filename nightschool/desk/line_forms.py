"""Shape of what staff type on the pages of a line."""

from typing import Any

from django import forms

from nightschool.line.book import SHOWN, STANDING
from nightschool.models import Waiting


class ShownForm(forms.Form):
    """Which rows of the line."""

    shown = forms.ChoiceField(label="显示", required=False, choices=SHOWN)

    def asked(self) -> str:
        return (self.cleaned_data["shown"] or STANDING) if self.is_valid() else STANDING


class MoveForm(forms.Form):
    """Where to, and why; those whose place changes read it."""

    to = forms.IntegerField(label="调到第几位", min_value=1, max_value=9999)
    reason = forms.CharField(
        label="原因", max_length=60, help_text="次序有变的居民都会看到，请不要写姓名、病情和家庭情况。60字以内。",
        error_messages={"required": "请写明原因，次序有变的居民都会看到。"},
    )  # fmt: skip


class DoorForm(forms.Form):
    """On which seat: one that is free, or one whose offer was given up by word of mouth."""

    seat = forms.ModelChoiceField(
        label="用哪个名额", required=False, queryset=Waiting.objects.none(), empty_label="空着的名额",
        help_text="待确认的名额，须本人已当面或电话说放弃。",
    )  # fmt: skip

    def __init__(self, *args: Any, waiting: Waiting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = waiting.course.line.offered().exclude(pk=waiting.pk).select_related("resident")
        seat = self.fields["seat"]
        seat.queryset = offers.order_by("offer_until")  # type: ignore[attr-defined]
        seat.label_from_instance = lambda one: f"{one.resident.name}放弃的名额"  # type: ignore[attr-defined]
