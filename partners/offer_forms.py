"""What people type about 服务项目 and vouchers; forms look at shape only, the verbs decide."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from communities.filters import OwnFilter
from communities.models import Community, Consent, Resident, User
from communities.settings import VOUCHER_DAYS, value_of
from core import clock
from partners.forms import day_field
from partners.models import Agreement, Appointment, Offer, Partner, Slot
from partners.offers import drafting, reviewing, slots
from partners.offers.drafting import Terms
from partners.vouchers import appointments, booking
from partners.vouchers.booking import Booking, Wanted

YEAR = timedelta(days=365)


def count_field(label: str, help_text: str = "不填就不限", most: int = drafting.MOST) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False, help_text=help_text)


class OfferForm(forms.Form):
    """The terms of an offer, for the owner and for staff."""

    title = forms.CharField(label="名称", max_length=drafting.TITLE, help_text="如“理发一次”“油烟机清洗减20元”")
    note = forms.CharField(
        label="说明", max_length=drafting.NOTE, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="包含什么、不包含什么。不写“最好”“第一”“疗效”一类的广告用语",
    )  # fmt: skip
    price = forms.IntegerField(label="所需积分", min_value=drafting.PRICES.start, max_value=drafting.PRICES.stop - 1)
    worth = forms.DecimalField(
        label="原价（元）", min_value=0, max_value=drafting.DEAREST // 100, decimal_places=2,
        help_text="只用于审核和结算，居民看不到",
    )  # fmt: skip
    stock = count_field("总数（张）")
    per_person = count_field("每人限兑（张）", most=1000)
    per_household = count_field("每户限兑（张）", most=1000)
    period = forms.ChoiceField(label="限兑周期", choices=Offer.Period.choices, initial=Offer.Period.MONTH)
    group = forms.ChoiceField(label="面向", choices=Offer.Group.choices)
    booking = forms.ChoiceField(label="预约", choices=Offer.Booking.choices, help_text="要预约的，保存后添加时段")
    starts_on, ends_on = day_field("上架日期"), day_field("下架日期")
    valid_days = forms.IntegerField(label="兑换后多少天内有效", min_value=1, max_value=365, initial=30)

    def __init__(self, data: Any = None, *, offer: Offer | None = None) -> None:
        today = clock.today()
        first: dict[str, Any] = {"starts_on": today, "ends_on": today + YEAR}
        if offer:
            first = {name: getattr(offer, name) for name in Terms.__dataclass_fields__}
            first["worth"] = offer.worth_yuan
        super().__init__(data, initial=first)

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "下架日期不能早于上架日期。")

    def terms(self) -> Terms:
        said = {name: value for name, value in self.cleaned_data.items() if name in Terms.__dataclass_fields__}
        return Terms(**said, worth_cents=int(self.cleaned_data["worth"] * 100))


class PlacedOfferForm(OfferForm):
    """With the agreement that it stands on: the owner's, or those of the reader's communities."""

    agreement = forms.ModelChoiceField(label="协议", queryset=Agreement.objects.none(), empty_label=None)

    field_order = ("agreement",)

    def __init__(self, data: Any = None, *, agreements: QuerySet[Agreement]) -> None:
        super().__init__(data)
        street = agreements.values_list("community__sub_district", flat=True).first()
        if street:
            self.fields["valid_days"].initial = value_of(VOUCHER_DAYS, street)
        mine: Any = self.fields["agreement"]
        mine.queryset = agreements.select_related("partner", "community").order_by("partner__name", "pk")
        mine.label_from_instance = lambda one: f"{one.partner.name}与{one.community.name}"


class SlotForm(forms.Form):
    """预约时段: one, or the same hours on the following weeks."""

    day = day_field("日期")
    starts = forms.TimeField(label="开始", widget=forms.TimeInput({"type": "time"}))
    ends = forms.TimeField(label="结束", widget=forms.TimeInput({"type": "time"}))
    places = forms.IntegerField(label="可约人数", min_value=1, max_value=slots.PLACES, initial=1)
    weeks = forms.IntegerField(
        label="连续几周", min_value=1, max_value=slots.WEEKS, initial=1, help_text="填4就是连着4周的同一时间"
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label="要改什么", max_length=reviewing.REASON, widget=forms.Textarea({"rows": 2}), help_text="商家会看到"
    )


class MoreForm(forms.Form):
    change = forms.IntegerField(
        label="增减数量", min_value=-drafting.MOST, max_value=drafting.MOST, help_text="加10张填10，减2张填-2"
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="不能安排的原因", max_length=appointments.REASON, help_text="居民会看到，积分同时退回。"
    )


class DeskOfferFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Offer.Status.choices], required=False)
    trade = forms.ChoiceField(label="行业", choices=[("", "全部"), *Partner.Trade.choices], required=False)
    q = forms.CharField(label="名称或商家", max_length=20, required=False)

    field_order = ("q", "status", "trade", "community")


class VisitFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Appointment.Status.choices], required=False)

    field_order = ("status", "community")


class OfferFilter(forms.Form):
    """Above the residents' list."""

    trade = forms.ChoiceField(choices=Partner.Trade.choices, required=False)
    community = forms.ModelChoiceField(queryset=Community.objects.all(), required=False)

    @classmethod
    def asked(cls, data: Any) -> dict[str, Any]:
        """Whatever is wrong in the address counts as not said."""
        form = cls(data)
        form.is_valid()
        return {name: value for name, value in form.cleaned_data.items() if value}


class TakeForm(forms.Form):
    """Slot, address, wish and consent, as far as the offer asks for them; `way` is how the resident says yes."""

    slot = forms.ModelChoiceField(
        label="预约时段", queryset=Slot.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    address = forms.CharField(
        label="上门地址", max_length=booking.ADDRESS, help_text="写到楼号、单元和门牌，只给这家商家上门用"
    )
    wish = forms.CharField(
        label="需要说明的", max_length=booking.WISH, required=False, help_text="如“家里有老人，请轻敲门”"
    )
    agrees = forms.BooleanField(label="本人同意把上门地址和遮住一个字的姓名交给这家商家", required=False)
    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, offer: Offer, resident: Resident, by: User, way: Consent.Way, at: datetime
    ) -> None:
        super().__init__(data)
        self.way = way
        home = offer.booking == Booking.HOME
        names = {"slot", "wish"} if offer.booking != Booking.NONE else set()
        names |= {"address"} if home else set()
        names |= {"agrees"} if home and not booking.agreed(resident) and booking.may_agree(resident, by) else set()
        for name in set(self.fields) - names:
            del self.fields[name]
        self.has_slots = True
        if "slot" in names:
            mine: Any = self.fields["slot"]
            mine.queryset = slots.open_to(offer, at).order_by("starts_at", "pk")
            mine.label_from_instance = lambda slot: slot.when
            mine.error_messages |= {"required": "请选择一个时段。", "invalid_choice": booking.SlotGone.message}
            self.has_slots = mine.queryset.exists()

    def wanted(self) -> Wanted:
        """What is booked with the voucher."""
        sent = self.cleaned_data
        agrees = self.way if sent.get("agrees") else None
        return Wanted(sent.get("slot"), sent.get("address", ""), sent.get("wish", ""), agrees)
