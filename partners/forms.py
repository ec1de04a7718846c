"""What people type about partners; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from communities.filters import OwnFilter
from communities.models import Community, User
from core import clock
from partners.models import Agreement, Partner

NEW = ("name", "kind", "trade", "summary", "address", "hours", "phone")
PHONE = RegexValidator(r"^[0-9][0-9 -]{4,18}$", "请填写电话号码，如0352-1234567。")


class TradeForm(forms.Form):
    trade = forms.ChoiceField(choices=Partner.Trade.choices, required=False)

    @classmethod
    def chosen(cls, data: Any) -> str:
        """The trade in the address; whatever is wrong counts as not said."""
        form = cls(data)
        form.is_valid()
        return str(form.cleaned_data.get("trade", ""))


class FilterForm(OwnFilter):
    """Above the desk's list."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Agreement.State.choices], required=False)

    field_order = ("state", "community")


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class SignForm(forms.ModelForm[Agreement]):
    """登记协议: with `partner`, who is known, or with a new one, who is described here."""

    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)
    name = forms.CharField(label="合伙人名称", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), *Partner.Kind.choices])
    trade = forms.ChoiceField(label="行业", choices=[("", "请选择"), *Partner.Trade.choices])
    summary = forms.CharField(
        label="服务内容", max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="居民会看到。不写疗效、排名等广告用语",
    )  # fmt: skip
    address = forms.CharField(label="地址", max_length=100, required=False)
    hours = forms.CharField(label="服务时间", max_length=60, required=False, help_text="如周一至周六09:00—18:00")
    phone = forms.CharField(
        label="对外电话", max_length=20, required=False, validators=[PHONE], help_text="会向居民公开"
    )
    signed_on, starts_on, ends_on = day_field("签订日期"), day_field("开始日期"), day_field("到期日期")

    class Meta:
        model = Agreement
        fields = ("community", "number", "title", "promise", "text", "signed_on", "starts_on", "ends_on")
        labels = {"number": "协议编号", "title": "协议名称", "text": "协议正文"}
        widgets = {"promise": forms.Textarea({"rows": 2}), "text": forms.Textarea({"rows": 8})}
        help_texts = {
            "promise": "写明项目、次数、人数，如“每月免费检修小家电2次”。居民会看到",
            "number": "与纸质协议一致",
        }

    field_order = ("community", *NEW)

    def __init__(self, data: Any = None, *, user: User, partner: Partner | None) -> None:
        super().__init__(data)
        self.partner = partner
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()
        self.fields["signed_on"].initial = clock.today
        if partner:
            for name in NEW:
                del self.fields[name]

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "到期日期须晚于开始日期。")

    def agreement(self) -> Agreement:
        """The unsaved agreement, with its partner, who is unsaved when new."""
        made = self.save(commit=False)
        made.partner = self.partner or Partner(
            sub_district_id=made.community.sub_district_id, **{name: self.cleaned_data[name] for name in NEW}
        )
        return made


class KnownForm(forms.Form):
    """Whom staff may choose instead of describing a new partner: those of their own agreements or whom everybody sees."""

    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="新登记一个"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        streets = Community.objects.for_staff(user).values("sub_district")
        public = Partner.objects.shown(clock.today()).filter(sub_district__in=streets)
        known = (Partner.objects.for_staff(user) | public).order_by("pk")
        self.fields["partner"].queryset = known  # type: ignore[attr-defined]

    def chosen(self) -> Partner | None:
        self.is_valid()
        return self.cleaned_data.get("partner")


class EndForm(forms.Form):
    """提前终止."""

    on = day_field("终止日期", help_text="从这一天起不再公开展示")
