"""What is typed into a resident's file at the counter."""

from copy import deepcopy
from datetime import date
from typing import Any, cast

from django import forms

from communities import identity, phones
from communities.desk.guardians_forms import KinshipForm
from communities.fields import NameField, PhoneField
from communities.files import Facts
from communities.forms import BIRTH_DATES
from communities.guardians import Kinship
from communities.models import Community, Correction, Estate, Grid, Guardian, Resident
from core.refusals import Refused


class FactsForm(forms.Form):
    """What `Facts` say. The number becomes an `identity.Number`, or an error beside its field."""

    name = NameField(label="姓名", help_text="与证件一致的全名。")
    document = forms.ChoiceField(label="证件类型", choices=Resident.Document.choices, initial=Resident.Document.ID_CARD)
    number = forms.CharField(
        label="证件号", required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="只在办理证明、减免或托管需要时登记，加密保存，只显示后四位。",
    )  # fmt: skip
    birth_date = forms.DateField(
        label="出生日期", required=False, input_formats=BIRTH_DATES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="8位数字，例如19580502。填了身份证号可以不填。",
        error_messages={"invalid": "请检查出生日期，按年月日填8位数字，例如19580502。"},
    )  # fmt: skip
    estate = forms.ModelChoiceField(Estate.objects.none(), label="小区", required=False, empty_label="未填写")
    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", required=False, empty_label="未划分")

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, places in (("estate", community.estates), ("grid", community.grids)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = places.order_by("name")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        typed = given.get("number", "")
        try:
            given["number"] = identity.clean(typed, given.get("document", "")) if typed else None
        except Refused as refused:
            self.add_error("number", refused.message)
        return given

    def facts(self) -> Facts:
        given = self.cleaned_data
        born = cast("date | None", given["birth_date"])
        return Facts(given["name"], born, given["estate"], given["grid"], given["number"])


class OpenForm(FactsForm):
    phone = PhoneField(label="手机号", required=False, help_text="没有手机可不填，在窗口凭证件或积分卡办理。")
    signed = forms.BooleanField(
        label="本人已在窗口读过《个人信息处理规则》并在纸上签字",
        error_messages={"required": "请先请本人读过规则并签字，再勾选。"},
    )
    another = forms.BooleanField(label="已经核对，不是同一个人，仍然新建", required=False)
    field_order = ("name", "phone", "document", "number", "birth_date", "estate", "grid", "signed", "another")

    def __init__(self, *args: Any, guardian: Resident | None = None, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guarded = guardian is not None
        if guardian:
            self.fields.update(deepcopy(KinshipForm.base_fields))
            self.fields["phone"].help_text = "14周岁以上有自己的手机才填；未满14周岁由监护人的手机办理，请留空。"
            self.fields["signed"].label = f"监护人{guardian.name}已在窗口读过《个人信息处理规则》并在纸上签字"
        if not asks and not self.data.get("another"):
            self.fields["another"].widget = forms.HiddenInput()

    def kinship(self) -> Kinship | None:
        """What the colleague saw of the minor and the guardian; None without a guardian."""
        given = self.cleaned_data
        return Kinship(given["relation"], Guardian.Basis(given["basis"]), given["agreed"]) if self.guarded else None


class CorrectForm(FactsForm):
    forget_number = forms.BooleanField(label="删除档案里的证件号", required=False)
    reason = forms.ChoiceField(label="更正原因", choices=Correction.Reason.choices)
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, resident: Resident, **kwargs: Any) -> None:
        super().__init__(*args, community=resident.community, **kwargs)
        number, born = self.fields["number"], self.fields["birth_date"]
        born.help_text = "已登记，不改就留空。" if resident.birth_date else "8位数字，例如19580502。"
        if resident.document_tail:
            number.help_text = f"已登记，后四位{resident.document_tail}。不改就留空。"
        else:
            del self.fields["forget_number"]


class MoveForm(forms.Form):
    """A new number; `sharing` is asked for when the number serves somebody already, `everyone` when others share the old one."""

    phone = PhoneField(label="新手机号", help_text="以后用这个号码登录和接收短信。请与本人当面或电话核对。")
    sharing = forms.ChoiceField(
        label="这个号码已有人用", required=False, choices=phones.Sharing.choices, widget=forms.RadioSelect
    )
    everyone = forms.BooleanField(required=False)

    def __init__(self, *args: Any, others: list[Resident], asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["everyone"].label = f"原号码上的{'、'.join(one.name for one in others)}也一起换"
        if not others:
            del self.fields["everyone"]
        if not asks and not self.data.get("sharing"):
            self.fields["sharing"].widget = forms.HiddenInput()

    def clean_sharing(self) -> phones.Sharing | None:
        return phones.Sharing(self.cleaned_data["sharing"]) if self.cleaned_data["sharing"] else None
