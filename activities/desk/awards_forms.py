"""Above the list of awards that wait for their notice, and the title of a notice."""

from typing import Any

from django import forms

from communities import notices
from communities.models import Community, User
from core import clock


class AwardFilter(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]

    def place(self) -> Community | None:
        return self.cleaned_data["community"] if self.is_valid() else None


def this_month() -> str:
    today = clock.today()
    return f"{today.year}年{today.month}月积分公示"


class NoticeTitle(forms.Form):
    title = forms.CharField(label="公示标题", max_length=notices.TITLE, initial=this_month)
