"""Shape of what a colleague types at the counter; what it means is decided by the verbs (communities/counter.py)."""

from datetime import date
from typing import Any

from django import forms

from communities.paging import number
from core import clock

PLACE = {"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "class": "digits"}


class ChoiceForm(forms.Form):
    """Which line of the page: by its place, as it was when the page was drawn (`offered`), whatever has changed since."""

    place = forms.CharField(label="输入序号，按回车", max_length=4, widget=forms.TextInput(PLACE))
    offered = forms.CharField(max_length=4000, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keys = cleaned.get("offered", "").split()
        place = number(cleaned.get("place", "").strip())
        if "place" in cleaned and not 0 < place <= len(keys):
            raise forms.ValidationError({"place": f"请输入1到{len(keys)}之间的序号。"})
        return cleaned | {"key": keys[place - 1] if 0 < place <= len(keys) else ""}


class ActForm(forms.Form):
    """The last look: the person was known, and signs; whose card has a PIN may type that instead."""

    pin = forms.CharField(
        label="卡密码",
        required=False,
        max_length=6,
        widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "off", "class": "digits"}),
        help_text="请居民自己输入。不填的，在办理单上签字。",
    )

    sure = forms.BooleanField(
        label="已当面核对身份，居民同意办理",
        widget=forms.CheckboxInput({"autofocus": True}),
        error_messages={"required": "请先核对身份，问明居民同意，再勾选。"},
    )
    way = forms.ChoiceField(
        label="居民怎样来的",
        choices=[("desk", "在窗口"), ("call", "打电话")],
        initial="desk",
        required=False,
        widget=forms.RadioSelect,
        help_text="打电话的，请先问出生年份和住址，核对无误再办理；不用签字，也不要问密码。",
    )
    field_order = ("way", "sure", "pin")

    def __init__(self, *args: Any, has_pin: bool, calls: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_pin:
            del self.fields["pin"]
        if calls:
            self.fields["sure"].label = "已核对身份，居民同意办理"
        else:
            del self.fields["way"]

    def proof(self) -> str | None:
        """The PIN that was typed; None when the resident signs."""
        return self.cleaned_data.get("pin") or None

    def called(self) -> bool:
        """Whether the resident is on the telephone."""
        return bool(self.cleaned_data.get("way") == "call")


class SlipFilter(forms.Form):
    """Which day's slips; today's unless a day is named."""

    day = forms.DateField(label="日期", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def asked(self) -> date | None:
        """The day, or None when what was typed is none (the form says so)."""
        return (self.cleaned_data["day"] or clock.today()) if self.is_valid() else None
