"""What staff type about gifts; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from communities import duties
from communities.models import Community, SubDistrict, User
from partners import exchanging, gifts
from partners.models import Exchange, Gift


class GiftForm(forms.Form):
    """登记礼品. Who may, gives it for the whole sub-district: `place` is c<community> or s<sub-district>."""

    place = forms.ChoiceField(label="谁来发放")
    title = forms.CharField(label="礼品", max_length=gifts.TITLE)
    price = forms.IntegerField(label="所需积分", min_value=gifts.PRICES.start, max_value=gifts.PRICES.stop - 1)
    spec = forms.CharField(label="规格", max_length=gifts.SPEC, required=False, help_text="如“5公斤”“250克”")
    unit = forms.CharField(label="单位", max_length=gifts.UNIT, initial="件", help_text="如“件”“袋”“瓶”")
    group = forms.ChoiceField(label="面向", choices=Gift.Group.choices)
    a_month = forms.IntegerField(label="每人每月限兑", min_value=1, max_value=31, required=False)
    per_household = forms.BooleanField(label="紧俏，每户每季度限兑1件", required=False)
    where = forms.CharField(
        label="领取地点和时间",
        max_length=gifts.WHERE,
        help_text="如“社区服务大厅，工作日9:00—17:00”“每月第一个周三9:00—11:00”",
    )
    note = forms.CharField(label="说明", max_length=gifts.NOTE, required=False, help_text="如尺码")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.places: dict[str, Community | SubDistrict] = {
            f"c{one.pk}": one for one in Community.objects.for_staff(user).select_related("sub_district").order_by("pk")
        }
        self.places |= {f"s{one.pk}": one for one in duties.streets_of(user, duties.Role.STREET_ADMIN)}
        self.fields["place"].choices = [(key, str(one)) for key, one in self.places.items()]  # type: ignore[attr-defined]

    def offered(self) -> dict[str, Any]:
        """The arguments of `gifts.offer`."""
        given = dict(self.cleaned_data)
        place = self.places[given.pop("place")]
        whole = isinstance(place, SubDistrict)
        return given | {"community": None if whole else place, "sub_district": place if whole else None}


class HandForm(forms.Form):
    """Who received it; both empty when it was the resident."""

    taker = forms.CharField(label="代领人姓名", max_length=exchanging.TAKER, required=False)
    relation = forms.CharField(
        label="与居民关系", max_length=exchanging.RELATION, required=False, help_text="如“女儿”。本人领取的两项都不填"
    )


class BackForm(forms.Form):
    reason = forms.CharField(label="退回原因", max_length=gifts.REASON, help_text="居民会在消息里看到，积分同时退回。")


class ExchangeFilter(forms.Form):
    """Above the desk's list of exchanges; a scanner types the number into `q`."""

    q = forms.CharField(label="姓名或领取码", max_length=20, required=False)
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Exchange.Status.choices], required=False)
    gift = forms.ModelChoiceField(label="礼品", queryset=Gift.objects.none(), required=False, empty_label="全部")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["gift"].queryset = Gift.objects.for_staff(user).order_by("title", "pk")  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Whatever is wrong in the address counts as not said."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
