"""What people type about partners; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from communities.models import Community, User
from core import clock
from partners.models import Agreement, Partner

NEW = ("name", "kind", "trade", "summary")
PHONE = RegexValidator(r"^[0-9][0-9 -]{4,18}$", "请填写电话号码，如0352-1234567。")


class TradeForm(forms.Form):
    trade = forms.ChoiceField(choices=Partner.Trade.choices, required=False)

    @classmethod
    def chosen(cls, data: Any) -> str:
        """The trade in the address; whatever is wrong counts as not said."""
        form = cls(data)
        form.is_valid()
        return str(form.cleaned_data.get("trade", ""))


class FilterForm(forms.Form):
    """Above the desk's list."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Agreement.State.choices], required=False)
    community = forms.ModelChoiceField(
        label="社区", queryset=Community.objects.none(), required=False, empty_label="全部"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class SignForm(forms.ModelForm[Agreement]):
    """新签协议: with a partner who is known, or with a new one."""

    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="新登记一个（填写下面几栏）"
    )
    name = forms.CharField(label="合伙人名称", max_length=60, required=False)
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), *Partner.Kind.choices], required=False)
    trade = forms.ChoiceField(label="行业", choices=[("", "请选择"), *Partner.Trade.choices], required=False)
    summary = forms.CharField(
        label="服务内容", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
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
        fields = ("community", "partner", "number", "title", "promise", "text", "signed_on", "starts_on", "ends_on")
        widgets = {"promise": forms.Textarea({"rows": 2}), "text": forms.Textarea({"rows": 8})}
        help_texts = {
            "promise": "写明项目、次数、人数，如“每月免费检修小家电2次”。居民会看到",
            "number": "与纸质协议一致",
        }

    field_order = ("community", "partner", *NEW, "address", "hours", "phone")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()
        self.fields["partner"].queryset = self.known(user)  # type: ignore[attr-defined]
        self.fields["signed_on"].initial = clock.today

    @staticmethod
    def known(user: User) -> QuerySet[Partner]:
        """Whom staff may choose: partners of their own agreements, and those whom everybody sees."""
        streets = Community.objects.for_staff(user).values("sub_district")
        public = Partner.objects.shown(clock.today()).filter(sub_district__in=streets)
        return (Partner.objects.for_staff(user) | public).order_by("pk")

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "到期日期须晚于开始日期。")
        if self.cleaned_data.get("partner") or "partner" in self.errors:
            return
        for field in NEW:
            if field not in self.errors and not self.cleaned_data.get(field):
                self.add_error(field, "新登记的合伙人须填写这一栏。")

    def agreement(self) -> Agreement:
        """The unsaved agreement, with its partner, who is unsaved when new."""
        said = self.cleaned_data
        made = self.save(commit=False)
        made.partner = said["partner"] or Partner(
            sub_district_id=made.community.sub_district_id,
            **{field: said[field] for field in (*NEW, "address", "hours", "phone")},
        )
        return made


class EndForm(forms.Form):
    """提前终止."""

    on = day_field("终止日期", help_text="从这一天起不再公开展示")
