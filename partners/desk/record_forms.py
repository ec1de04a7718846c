"""登记协议 as staff type it: what was signed on paper before there were drafts."""

from typing import Any

from django import forms

from communities.models import Community, User
from core import clock
from partners.desk.draft_forms import RowsMixin
from partners.forms import PHONE, day_field
from partners.models import Agreement, Partner
from venues.models import Room

NEW = ("name", "kind", "trade", "summary", "address", "hours", "phone")


class SignForm(RowsMixin, forms.ModelForm[Agreement]):
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
        self.add_rows(data, [], [], Room.objects.filter(community__in=own).in_use().order_by("community", "name", "pk"))

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "到期日期须晚于开始日期。")
        self.look_at_rows()

    def agreement(self) -> Agreement:
        """The unsaved agreement, with its partner, who is unsaved when new."""
        made = self.save(commit=False)
        made.partner = self.partner or Partner(
            sub_district_id=made.community.sub_district_id, **{name: self.cleaned_data[name] for name in NEW}
        )
        return made
