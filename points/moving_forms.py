"""What staff type to take somebody in from another community."""

from typing import Any

from django import forms

from communities import duties
from communities.fields import NameField, PhoneField
from communities.households import ADULT
from communities.models import Community, Estate, Resident, User
from core import clock, masks
from points.moving import Asked, Sheet

QUIET = {"autocomplete": "off"}


class FindForm(forms.Form):
    """The full name, and one whole number."""

    community = forms.ModelChoiceField(label="迁入社区", queryset=Community.objects.none(), empty_label=None)
    name = NameField(label="姓名（全名）")
    phone = PhoneField(label="手机号（11位）", required=False, attrs=QUIET)
    document = forms.CharField(
        label="或证件号（身份证18位）", max_length=30, required=False, widget=forms.TextInput(QUIET),
        help_text="没有手机的居民填身份证号，两样填一样就可以。",
    )  # fmt: skip

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = duties.served_by(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["community"] = forms.ModelChoiceField(own, initial=own[0], widget=forms.HiddenInput)

    def clean(self) -> None:
        super().clean()
        given = [name for name in ("phone", "document") if self.cleaned_data.get(name)]
        if not given and not self.errors:
            self.add_error("phone", "请填写整个手机号，或身份证号。")

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class TakeForm(forms.Form):
    """Who of the household comes along, where they live now, and that somebody looked."""

    estate = forms.ModelChoiceField(
        label="现在住的小区", queryset=Estate.objects.none(), required=False, empty_label="暂不填写"
    )
    family = forms.ModelMultipleChoiceField(
        label="一起迁来的同户家人", queryset=Resident.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="只勾选也在场、也要迁来的人。没有勾选的留在原社区，迁来的人不再属于那一户；整户都勾选时，户和家庭积分保留。",
    )  # fmt: skip
    seen = forms.BooleanField(label="本人（或家人）在场，已看过证件，本人要求迁入")

    def __init__(self, data: Any, *, sheet: Sheet, community: Community, number: int = 0) -> None:
        super().__init__(data, auto_id=f"take{number}_%s")
        self.fields["estate"].queryset = community.estates.order_by("name")  # type: ignore[attr-defined]
        if not sheet.family:
            del self.fields["family"]
            return
        family = Resident.objects.filter(pk__in=[one.pk for one in sheet.family]).order_by("pk")
        self.fields["family"].queryset = family  # type: ignore[attr-defined]
        self.fields["family"].label_from_instance = _masked  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        return {"estate": self.cleaned_data["estate"], "family": self.cleaned_data.get("family", ())}


def _masked(resident: Resident) -> str:
    age = resident.age_on(clock.today())
    return f"{masks.name(resident.name)}（{'年龄未登记' if age is None else '成年' if age >= ADULT else '未成年'}）"
