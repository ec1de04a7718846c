"""What a head or worker says of a bar; forms look at shape only, the verbs decide."""

from collections.abc import Sequence
from typing import Any

from django import forms

from childcare.handover.barring import BASES, LIFTING, LOOKS, NAME, NUMBER, Facts, Known, Lifting
from childcare.models import Place
from communities.models import Resident, User
from core import clock

OTHER = ""


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label="查看原因", min_length=2, max_length=100, help_text="写明后才显示，会记入查看记录。"
    )


class ChildForm(forms.Form):
    """Chosen first: whom the file names is read then."""

    child = forms.ModelChoiceField(Resident.objects.none(), label="孩子", empty_label="请选择")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Place.objects.for_staff(user).held_on(clock.today())
        child: Any = self.fields["child"]
        child.queryset = (
            Resident.objects.filter(pk__in=held.values("child")).select_related("community").order_by("name", "pk")
        )
        child.label_from_instance = lambda one: one.name


class BarForm(forms.Form):
    """Somebody of the file, by the name that stands there, or another name: never both."""

    child = forms.IntegerField(widget=forms.HiddenInput)
    known = forms.ChoiceField(label="禁止接走的人", required=False, help_text="家里登记过的，在这里选，姓名才对得上。")
    name = forms.CharField(label="其他人的姓名", max_length=NAME, required=False, help_text="写和文书一样的姓名。")
    looks = forms.CharField(
        label="外貌特征", max_length=LOOKS, help_text="老师在门口认人用，如：1米75，平头，左手有疤。"
    )
    basis = forms.ChoiceField(label="看过的文书", choices=[(one, one) for one in BASES])
    number = forms.CharField(label="文号", max_length=NUMBER)
    ruled_on = forms.DateField(label="文书日期", widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, child: Resident, known: Sequence[Known], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].initial = child.pk
        field: Any = self.fields["known"]
        field.choices = [(OTHER, "不在下面")] + [(one.name, f"{one.name}（{one.relation}）") for one in known]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("known")) == bool(typed.get("name", "").strip()):
            raise forms.ValidationError("请选一位家里登记过的人，或者写其他人的姓名，只要一样。没有登记。")
        return typed

    def said(self) -> Facts:
        typed = self.cleaned_data
        facts = {name: typed[name] for name in ("looks", "basis", "number", "ruled_on")}
        return Facts(name=typed["known"] or typed["name"], **facts)


class LiftForm(forms.Form):
    """The paper that lifts it; why it was opened goes with it."""

    purpose = forms.CharField(widget=forms.HiddenInput, max_length=100)
    basis = forms.ChoiceField(label="凭什么解除", choices=[(one, one) for one in LIFTING])
    number = forms.CharField(label="文号", max_length=NUMBER)
    ruled_on = forms.DateField(label="文书日期", widget=forms.DateInput({"type": "date"}))

    def said(self) -> Lifting:
        typed = self.cleaned_data
        return Lifting(typed["basis"], typed["number"], typed["ruled_on"])
