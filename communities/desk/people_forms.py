"""Shape of what is typed about colleagues, their duties and their terms."""

from typing import Any

from django import forms

from communities import duties
from communities.duties import RIGHTS, Role
from communities.fields import NameField, PhoneField
from communities.models import Community, SubDistrict, User
from core import clock

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeopleFilter(forms.Form):
    """All of it optional; what is not understood is left out."""

    role = forms.ChoiceField(label="职责", required=False)
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部社区")
    q = forms.CharField(label="姓名或登录名", required=False, max_length=40)
    past = forms.BooleanField(label="含已结束、已停用", required=False)

    def __init__(self, data: Any, *, communities: Any) -> None:
        super().__init__(data)
        self.fields["role"] = forms.ChoiceField(
            label="职责",
            required=False,
            choices=[("", "全部职责"), *((role.value, role.label) for role in duties.GIVEN)],
        )
        place = self.fields["community"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = communities

    def chosen(self) -> dict[str, Any]:
        """What was chosen, by name, without what was left empty or not understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DutyForm(forms.Form):
    """A role, where, and from when until when. A place is `s<number>` for a sub-district, `c<number>` for a community."""

    role = forms.ChoiceField(label="职责")
    place = forms.ChoiceField(label="范围")
    starts_on = forms.DateField(label="开始日期", widget=DAY, initial=clock.today)
    ends_on = forms.DateField(
        label="结束日期", required=False, widget=DAY, help_text="任期的最后一天；没有任期可不填。"
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {role: duties.streets_of(by, RIGHTS[role].given_by) for role in duties.GIVEN}
        streets = sorted({street for own in mine.values() for street in own}, key=lambda one: one.pk)
        communities = list(Community.objects.filter(sub_district__in=streets).order_by("sub_district", "pk"))
        self._places: dict[str, Community | SubDistrict] = {
            **{f"c{one.pk}": one for one in communities},
            **{f"s{one.pk}": one for one in streets},
        }
        roles = [(role.value, role.label) for role in duties.GIVEN if mine[role]]
        self.fields["role"] = forms.ChoiceField(label="职责", choices=[("", "请选择"), *roles])
        places = [(key, f"{one}（全街道）" if key[0] == "s" else one.name) for key, one in self._places.items()]
        self.fields["place"] = forms.ChoiceField(label="范围", choices=[("", "请选择"), *places])

    def term(self) -> dict[str, Any]:
        """What `appointing.give` is asked."""
        typed = self.cleaned_data
        return {
            "role": Role(typed["role"]), "place": self._places[typed["place"]], "starts_on": typed["starts_on"],
            "ends_on": typed["ends_on"],
        }  # fmt: skip


class AccountForm(DutyForm):
    """A new colleague, with the first duty."""

    field_order = ("name", "username", "own_phone", "role", "place", "starts_on", "ends_on")
    name = NameField(label="姓名")
    username = forms.RegexField(
        r"^[a-z][a-z0-9.-]{2,39}$", label="登录名", help_text="小写字母开头，3到40位小写字母、数字，例如zhangxiaoyan。",
        error_messages={"invalid": "登录名用小写字母开头，3到40位小写字母、数字、点或横线。"},
    )  # fmt: skip
    own_phone = PhoneField(
        label="本人手机号",
        required=False,
        help_text="用来核对是不是本人和家人的事；财务、监督员、审计员、系统管理员可不填。",
    )


class OwnPhoneForm(forms.Form):
    phone = PhoneField(label="本人手机号", help_text="用来核对是不是本人和家人的事，请与本人当面核对。")


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Two colleagues may have one name: the login name stands beside it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


class SuccessorForm(forms.Form):
    successor = ColleagueField(User.objects.none(), label="交接给", empty_label="请选择同事")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["successor"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = people
