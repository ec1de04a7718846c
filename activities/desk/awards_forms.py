"""The title of a notice of awards."""

from django import forms

from communities import notices
from core import clock


def this_month() -> str:
    today = clock.today()
    return f"{today.year}年{today.month}月积分公示"


class NoticeTitle(forms.Form):
    title = forms.CharField(label="公示标题", max_length=notices.TITLE, initial=this_month)
