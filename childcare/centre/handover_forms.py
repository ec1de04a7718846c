"""What the teacher taps and types when a child leaves; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from childcare.handover.asking import Check, Way
from childcare.models import Staffer

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "digits"}
FIXED = {Way.CODE: Check.CODE, Way.ALONE: Check.CONSENT}
TAIL = {"autocomplete": "off", "class": "digits", "autocapitalize": "characters"}


class HandoverForm(forms.Form):
    """`who` is a way and the number of the row that the page offered: pickup:12."""

    who = forms.RegexField(r"^(guardian|pickup|carer|code|alone):[0-9]{1,18}$", widget=forms.HiddenInput)
    check = forms.ChoiceField(choices=Check.choices, required=False)
    id_tail = forms.CharField(label="证件后四位", max_length=4, required=False, widget=forms.TextInput(TAIL))
    code = forms.CharField(label="接送码", max_length=6, required=False, widget=forms.TextInput(DIGITS))
    second = forms.ModelChoiceField(Staffer.objects.none(), label="第二位老师", required=False, empty_label="请选择")
    proof = forms.CharField(
        label="第二位老师的动态码", max_length=128, required=False, strip=True,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[Staffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        second: Any = self.fields["second"]
        second.queryset = Staffer.objects.filter(pk__in=[one.pk for one in colleagues]).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """A way of its own says its check; of all others the button that was pressed does, and it is never guessed."""
        typed = super().clean() or {}
        way = str(typed.get("who", "")).split(":")[0]
        if way not in FIXED and not typed.get("check"):
            raise forms.ValidationError("没有选择怎么核对的，没有登记离开。请点“当面认识”或“核对证件”。")
        if typed.get("check") == Check.KNOWN and typed.get("id_tail"):
            raise forms.ValidationError("填了证件后四位，请点“核对证件，放人”。没有登记离开。")
        return typed

    def whom(self) -> tuple[Way, int]:
        """Which way, and which row."""
        way, number = self.cleaned_data["who"].split(":")
        return Way(way), int(number)

    def said(self) -> dict[str, Any]:
        """The arguments of `releasing.release` that are typed."""
        typed = self.cleaned_data
        way, _ = self.whom()
        check = FIXED.get(way) or Check(typed["check"])
        return {"way": way, "check": check} | {name: typed[name] for name in ("id_tail", "code", "second", "proof")}


class NoteForm(forms.Form):
    text = forms.CharField(label="哪里不对", min_length=2, max_length=100, help_text="记录本身不改，说明写在旁边。")


class TurnForm(forms.Form):
    """Who, and on which of the days that the page shows."""

    staffer = forms.ModelChoiceField(Staffer.objects.none(), label="员工", empty_label="请选择")
    days = forms.TypedMultipleChoiceField(label="日期", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, staff: Any, days: list[tuple[str, str]], coerce: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict[str, Any](self.fields)
        fields["staffer"].queryset = staff
        fields["days"].choices, fields["days"].coerce = days, coerce
