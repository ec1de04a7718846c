"""家长在窗口: a draft opens at the counter for a colleague who says that the guardian stands there, and why; for twenty minutes.

In the session stand numbers of drafts and moments alone. The page, and nothing else, opens drafts to staff: REST has none.
"""

from datetime import timedelta

from django import forms
from django.http import HttpRequest

from childcare.models import Enrolment
from core import clock

KEY = "care_counter"
STAYS = timedelta(minutes=20)  # less than the desk waits for an idle colleague
WHYS = ("家长来窗口接着填写", "家长来窗口更正", "陪家长提交报名")


class PresentForm(forms.Form):
    why = forms.ChoiceField(
        label="为什么打开",
        choices=[("", "请选择"), *((one, one) for one in WHYS)],
        help_text="会记入查看记录，家长能看到。",
    )
    there = forms.BooleanField(
        label="监护人本人现在在窗口", error_messages={"required": "监护人本人不在窗口的，不能打开报名草稿。"}
    )


def came(request: HttpRequest, enrolment: Enrolment) -> None:
    """From now on for half an hour; what is over goes out of the session."""
    now = clock.now()
    mine = {key: until for key, until in _mine(request).items() if until > now.timestamp()}
    request.session[KEY] = mine | {str(enrolment.pk): (now + STAYS).timestamp()}


def is_there(request: HttpRequest, enrolment: Enrolment) -> bool:
    return _mine(request).get(str(enrolment.pk), 0.0) > clock.now().timestamp()


def _mine(request: HttpRequest) -> dict[str, float]:
    kept: dict[str, float] = request.session.get(KEY, {})
    return kept
