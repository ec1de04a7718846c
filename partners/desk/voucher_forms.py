"""What staff type about vouchers and their uses; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from communities.fields import PhoneField
from communities.models import Community, User
from core import clock
from partners.models import Partner, Voucher
from partners.vouchers import entering, returning

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=returning.REASON, help_text="居民会在消息里看到。")


class NoteForm(forms.Form):
    note = forms.CharField(label="查看结论", max_length=returning.REASON, help_text="如“已电话核实，正常”。")


class VoucherFilter(forms.Form):
    """Above the desk's list of vouchers; a scanner types the number into `q`."""

    q = forms.CharField(label="姓名或券码", max_length=200, required=False)
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Voucher.Status.choices], required=False)
    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="全部"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["partner"].queryset = partners_of(user)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Whatever is wrong in the address counts as not said."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class UseFilter(forms.Form):
    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="全部"
    )
    community = forms.ModelChoiceField(
        label="社区", queryset=Community.objects.none(), required=False, empty_label="全部"
    )
    since = forms.DateField(label="从", required=False, widget=DAY)
    until = forms.DateField(label="到", required=False, widget=DAY)
    flagged = forms.ChoiceField(
        label="异常提示", choices=[("", "不限"), ("open", "待查看"), ("all", "全部有提示的")], required=False
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["partner"].queryset = partners_of(user)  # type: ignore[attr-defined]
        self.fields["community"].queryset = Community.objects.for_staff(user).order_by("pk")  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Whatever is wrong in the address counts as not said."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SheetForm(forms.Form):
    """社区代录: the numbers of one signature sheet."""

    partner = forms.ModelChoiceField(label="合伙人", queryset=Partner.objects.none(), empty_label="请选择")
    served_on = forms.DateField(label="服务日期", widget=DAY)
    numbers = forms.CharField(
        label="券码",
        widget=forms.Textarea({"rows": 8, "inputmode": "numeric"}),
        max_length=1200,
        help_text="每行一个8位数字。",
    )
    signed = forms.BooleanField(label="已收齐顾客签字的核销登记表", required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["partner"].queryset = partners_of(user)  # type: ignore[attr-defined]
        self.fields["served_on"].initial = clock.today()

    def sheet(self) -> dict[str, Any]:
        """The arguments of `entering.enter_sheet`."""
        return self.cleaned_data | {"numbers": entering.numbers_of(self.cleaned_data["numbers"])}


class OwnerForm(forms.Form):
    community = forms.ModelChoiceField(label="办理社区", queryset=Community.objects.none(), empty_label=None)
    phone = PhoneField(label="店主手机号", help_text="请核对店主证件。原来的店主手机马上不能再用。")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["community"].queryset = Community.objects.for_staff(user).order_by("pk")  # type: ignore[attr-defined]


def partners_of(user: User) -> Any:
    return Partner.objects.for_staff(user).order_by("name", "pk")
