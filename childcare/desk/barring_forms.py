"""What a head or worker says of a bar; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from childcare.handover.barring import BASES, LOOKS, NAME, NUMBER, Facts
from childcare.models import Place
from communities.models import Resident, User
from core import clock


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label="查看原因", min_length=2, max_length=100, help_text="写明后才显示，会记入查看记录。"
    )


class BarForm(forms.Form):
    child = forms.ModelChoiceField(Resident.objects.none(), label="孩子", empty_label="请选择")
    name = forms.CharField(label="禁止接走的人", max_length=NAME, help_text="是监护人的，写和档案一样的姓名。")
    looks = forms.CharField(
        label="外貌特征", max_length=LOOKS, help_text="老师在门口认人用，如：1米75，平头，左手有疤。"
    )
    basis = forms.ChoiceField(label="看过的文书", choices=[(one, one) for one in BASES])
    number = forms.CharField(label="文号", max_length=NUMBER)
    ruled_on = forms.DateField(label="文书日期", widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Place.objects.for_staff(user).held_on(clock.today())
        child: Any = self.fields["child"]
        child.queryset = (
            Resident.objects.filter(pk__in=held.values("child")).select_related("community").order_by("name", "pk")
        )
        child.label_from_instance = lambda one: one.name

    def said(self) -> Facts:
        return Facts(**{name: value for name, value in self.cleaned_data.items() if name != "child"})
