"""Who joins a household, and how they agreed to it."""

from typing import Any

from django import forms

from communities.models import Consent, Resident

WAYS = [(Consent.Way.SIGNATURE, "已在同意书上签字"), (Consent.Way.COUNTER, "当面口头同意，由我代录")]


class FindForm(forms.Form):
    q = forms.CharField(
        label="查找家人", max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、拼音或手机后四位"}),
    )  # fmt: skip


class AgreedForm(forms.Form):
    way = forms.ChoiceField(label="怎样同意的", choices=WAYS, help_text="未成年人由户里的成年家人签字。")
    agreed = forms.BooleanField(
        label="已当面讲清楚：登记在同一户，家人各自同意后可以一起用积分，随时可以退出",
        error_messages={"required": "请先当面讲清楚，本人同意后勾选。"},
    )


class JoinForm(AgreedForm):
    resident = forms.ChoiceField(label="谁加入", widget=forms.RadioSelect)
    field_order = ("resident", "way", "agreed")

    def __init__(self, *args: Any, people: list[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["resident"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(one.pk), _said(one)) for one in people]


def _said(one: Resident) -> str:
    where = one.estate.name if one.estate else "小区未填"
    phone = f"手机尾号{one.phone[-4:]}" if one.phone else "无手机"
    return f"{one.name}（{where}，{phone}{'，现在在另一户' if one.household_id else ''}）"
