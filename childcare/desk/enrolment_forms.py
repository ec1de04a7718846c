"""What the desk types about families: filters, what was seen of the papers, why a file is opened."""

from typing import Any

from django import forms

from childcare.enrolment import book
from childcare.enrolment.deciding import Papers
from childcare.enrolment.fields import Said
from childcare.models import Enrolment
from communities import access
from communities.filters import OwnFilter
from communities.models import Guardian, Resident, User

BASES = [("", "请选择"), *Guardian.Basis.choices]
PURPOSES = ("联系家长", "核对登记资料", "办理家长交来的变更", "处理紧急情况")
OTHER = "other"


class EnrolmentFilter(OwnFilter):
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "全部"), *(one for one in Enrolment.Status.choices if one[0] != Enrolment.Status.DRAFT)],
    )  # fmt: skip


class ChildrenFilter(OwnFilter):
    group = forms.ChoiceField(label="班", required=False)
    q = forms.CharField(label="姓名或拼音首字母", max_length=20, required=False)
    agreed = forms.ChoiceField(label="监护人同意", required=False, choices=[("", "全部"), ("no", "没有同意")])

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *((str(one.pk), f"{one.centre}：{one.name}") for one in book.groups(user))]


class PapersForm(forms.Form):
    """What was seen. Fields that this family does not need are not asked."""

    basis = forms.ChoiceField(label="监护人出示的证明", choices=BASES, help_text="只看原件，不留复印件、不拍照。")
    second = forms.ChoiceField(
        label="另一位监护人的证明", choices=[("", "这次不登记"), *Guardian.Basis.choices], required=False
    )
    known = forms.ChoiceField(label="孩子的档案", widget=forms.RadioSelect, required=False)
    another = forms.BooleanField(label="已经核对，同名的不是同一个孩子，仍然新建", required=False)
    carer_fit = forms.BooleanField(
        label="已看过委托照护的书面委托，并按未成年人保护法第22、23条问过：受托人没有相关违法犯罪记录和恶习",
        required=False,
    )
    seen = forms.BooleanField(label="已当面看过证件原件，孩子和监护人与报名填写的一致", required=False)
    signed = forms.BooleanField(label="监护人已读过规则和协议，并在纸质同意书上逐项签字", required=False)

    def __init__(self, data: Any = None, *, review: dict[str, Any]) -> None:
        super().__init__(data, label_suffix="")
        self.here: dict[str, Resident] = {str(one.pk): one for one in review["known"]}
        known = self.fields["known"]
        assert isinstance(known, forms.ChoiceField)
        known.choices = [("", "新建档案"), *((key, f"用已有档案：{one.name}") for key, one in self.here.items())]
        unasked = {
            "basis": review["answers"], "second": review["second"] is None, "known": not self.here, "another": not self.here,
            "carer_fit": not review["said"]["guardians"]["carer_name"], "signed": review["tapped"],
        }  # fmt: skip
        for name, left_out in unasked.items():
            if left_out:
                del self.fields[name]

    def papers(self) -> Papers:
        given: Said = self.cleaned_data
        basis, second = given.get("basis"), given.get("second")
        return Papers(
            seen=given["seen"], signed=given.get("signed", False), basis=Guardian.Basis(basis) if basis else None,
            second=Guardian.Basis(second) if second else None, known=self.here.get(given.get("known", "")),
            another=given.get("another", False), carer_fit=given.get("carer_fit", False),
        )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *Enrolment.Decline.choices])

    def said(self) -> Enrolment.Decline:
        return Enrolment.Decline(self.cleaned_data["reason"])


class PurposeForm(forms.Form):
    why = forms.ChoiceField(
        label="查看原因",
        widget=forms.RadioSelect,
        choices=[*((one, one) for one in PURPOSES), (OTHER, "其他原因，写在下面")],
    )
    other = forms.CharField(
        label="其他原因",
        max_length=access.LONGEST,
        required=False,
        help_text="原因会记入查看记录，孩子的监护人能看到。",
    )

    def purpose(self) -> str:
        given = self.cleaned_data
        return str(given["other"] if given["why"] == OTHER else given["why"])
