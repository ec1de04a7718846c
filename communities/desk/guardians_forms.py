"""What a colleague at the counter saw of a guardian and a child, both present."""

from typing import Any

from django import forms

from communities import guardians
from communities.guardians import Kinship
from communities.models import Guardian, Resident

RELATIONS = [("", "请选择"), *((one, one) for one in guardians.RELATIONS)]
BASES = [("", "请选择"), *Guardian.Basis.choices]


class FindForm(forms.Form):
    q = forms.CharField(
        label="查找监护人", max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、拼音或手机后四位"}),
    )  # fmt: skip


class KinshipForm(forms.Form):
    """`kinship()` is what `guardians.register` asks for. The last box stands for itself: a no costs nothing else."""

    relation = forms.ChoiceField(label="是孩子的", choices=RELATIONS)
    basis = forms.ChoiceField(label="看过的证明", choices=BASES, help_text="只看原件，不留复印件、不拍照。")
    present = forms.BooleanField(
        label="孩子和监护人都在场，证明上的两个人就是他们",
        error_messages={"required": "请孩子和监护人一起到窗口，核对后再勾选。"},
    )
    agreed = forms.BooleanField(label="监护人已在纸上签字，同意孩子参加志愿服务", required=False)

    def kinship(self) -> Kinship:
        given = self.cleaned_data
        return Kinship(given["relation"], Guardian.Basis(given["basis"]), given["agreed"])


class RegisterForm(KinshipForm):
    guardian = forms.ChoiceField(label="监护人", widget=forms.RadioSelect)
    field_order = ("guardian", "relation", "basis", "present", "agreed")

    def __init__(self, *args: Any, people: list[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["guardian"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(one.pk), _said(one)) for one in people]


def _said(one: Resident) -> str:
    where = one.estate.name if one.estate else "小区未填"
    return f"{one.name}（{where}，{f'手机尾号{one.phone[-4:]}' if one.phone else '无手机'}）"
