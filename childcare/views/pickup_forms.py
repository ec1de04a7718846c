"""What a guardian says of who comes; forms look at shape only, the verbs decide."""

from datetime import date, timedelta
from typing import Any

from django import forms

from childcare.handover.pickups import NAME, RELATION, Said
from communities.fields import PhoneField
from core import clock, words

TAIL = {"autocomplete": "off", "class": "digits", "autocapitalize": "characters"}


class PickupForm(forms.Form):
    name = forms.CharField(label="接送人姓名", max_length=NAME)
    relation = forms.CharField(label="是孩子的", max_length=RELATION, help_text="如：外婆、邻居、同学家长。")
    phone = PhoneField(label="接送人手机号")
    id_tail = forms.CharField(
        label="身份证后四位", max_length=4, widget=forms.TextInput(TAIL), help_text="老师放人前核对，最后一位可以是X。"
    )
    valid_until = forms.DateField(
        label="有效到", required=False, widget=forms.DateInput({"type": "date"}), help_text="不填就按半年。"
    )
    once = forms.BooleanField(label="只接一次", required=False)
    of_age = forms.BooleanField(label="接送人已满18周岁")

    def said(self) -> Said:
        return Said(**self.cleaned_data)


class CodeForm(forms.Form):
    name = forms.CharField(label="来接的人姓名", max_length=NAME, help_text="要和证件上的一样。")
    relation = forms.CharField(label="是孩子的", max_length=RELATION, help_text="如：爸爸的同事。")
    id_tail = forms.CharField(
        label="身份证后四位", max_length=4, required=False, widget=forms.TextInput(TAIL), help_text="知道就填，更安全。"
    )
    day = forms.TypedChoiceField(label="哪一天接", coerce=date.fromisoformat, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        day: Any = self.fields["day"]
        day.choices = [
            (one.isoformat(), f"{label}（{words.day(one)}）")
            for label, one in (("今天", today), ("明天", today + timedelta(days=1)))
        ]

    def said(self) -> dict[str, Any]:
        """The arguments of `codes.issue` that are typed."""
        return dict(self.cleaned_data)
