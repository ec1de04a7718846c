"""Shapes of what staff type about applications; what it means is decided in applications/book.py and approving.py."""

from django import forms

from nightschool.applications.approving import LONGEST
from nightschool.applications.book import Filter
from nightschool.models import Application, Channel

EVERYTHING = [("", "全部")]


class ApplicationFilter(forms.Form):
    """The filter above the applications of one course."""

    status = forms.ChoiceField(label="状态", required=False, choices=EVERYTHING + Application.Status.choices)
    channel = forms.ChoiceField(label="渠道", required=False, choices=EVERYTHING + Channel.choices)
    points = forms.ChoiceField(
        label="积分", required=False, choices=[*EVERYTHING, ("enough", "够"), ("short", "还不够")]
    )
    q = forms.CharField(label="姓名、手机号后四位", required=False, max_length=20)

    def asked(self) -> Filter | None:
        """What to look for; None when something typed makes no sense (the form says what)."""
        return Filter(**self.cleaned_data) if self.is_valid() else None


class DeclineForm(forms.Form):
    """Why people get no seat; they read it, and may appeal."""

    reason = forms.CharField(
        label="原因", max_length=LONGEST, help_text="居民会在消息里看到这句话，可以申诉。",
        error_messages={"required": "请写明原因，居民会看到。"},
    )  # fmt: skip
