"""Shape of what residents and staff type; what it means is decided by the verbs."""

from datetime import date
from typing import Any

from django import forms

from communities import appeals
from communities.fields import CodeField, NameField, PhoneField
from communities.models import Community, Estate
from communities.settings import Value
from core import clock

# Typed, not picked: a calendar that opens at this month is far from 1958.
BIRTH_DATES = ["%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


class PhoneForm(forms.Form):
    phone = PhoneField(label="手机号", help_text="验证码会发到这个手机。")


class NewPhoneForm(forms.Form):
    phone = PhoneField(label="新手机号", help_text="验证码会发到新手机号。")


class CodeForm(forms.Form):
    code = CodeField(label="短信验证码")


class NameForm(forms.Form):
    name = NameField(label="登记时的全名")


class JoinForm(forms.Form):
    name = NameField(label="姓名", help_text="请填写真实全名，社区据此确认。")
    estate = forms.ModelChoiceField(
        Estate.objects.none(),
        label="小区",
        required=False,
        empty_label="请选择（没有可不选）",
        help_text="只需要到小区，不用填楼号房号。",
    )
    birth_date = forms.DateField(
        label="出生日期",
        required=False,
        input_formats=BIRTH_DATES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday"}),
        help_text="按年月日填8位数字，例如19580502。有年龄要求的课程会用到。",
        error_messages={"invalid": "请检查出生日期，按年月日填8位数字，例如19580502。"},
    )
    adult = forms.BooleanField(
        label="我已年满18周岁", error_messages={"required": "年满18周岁才能自己登记，请确认后勾选。"}
    )
    agreed = forms.BooleanField(
        label="我已阅读并同意《个人信息处理规则》", error_messages={"required": "请先阅读规则，同意后勾选。"}
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        estates = self.fields["estate"]
        assert isinstance(estates, forms.ModelChoiceField)
        estates.queryset = community.estates.order_by("name")

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and not date(1900, 1, 1) <= born <= clock.today():
            raise forms.ValidationError("请检查出生日期。")
        return born


class StaffSignInForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TokenForm(forms.Form):
    token = CodeField(label="动态码", help_text="打开手机上的验证器应用，填写6位数字。")


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="原密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少10位，包含小写字母、大写字母、数字、其他字符中的三种。",
    )  # fmt: skip
    again = forms.CharField(
        label="再填一次新密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次填写的新密码不一样。")
        return again


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="不通过的原因", max_length=100, help_text="登记人会看到这句话，例如：请带身份证到社区核对。"
    )


class SettingForm(forms.Form):
    value = forms.IntegerField(label="新的值")
    starts_on = forms.DateField(
        label="从哪天起生效",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="只能选明天或以后。",
    )

    def __init__(self, *args: Any, declared: Value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = forms.IntegerField(
            label=f"新的值（{declared.unit}）", min_value=declared.low, max_value=declared.high,
            help_text=f"可填{declared.low}到{declared.high}。",
        )  # fmt: skip


class AppealForm(forms.Form):
    text = forms.CharField(
        label="申诉理由", max_length=appeals.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"请写清哪里不对、应该是怎样，不超过{appeals.LONGEST}字。",
    )  # fmt: skip


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="结论", choices=[("yes", "支持"), ("no", "不支持")], coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=appeals.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="居民会看到这段话。请说明核实了什么、依据是什么。",
    )  # fmt: skip
    new_value = forms.CharField(
        label="更正后的结果", max_length=appeals.RESULT, required=False,
        help_text="支持时请填写，例如：待抵扣改为0。不支持时留空。",
    )  # fmt: skip


class HolidayForm(forms.Form):
    name = forms.CharField(label="名称", max_length=20, help_text="例如：春节、国庆节调休。")
    is_working = forms.TypedChoiceField(
        label="这些天", choices=[("no", "放假"), ("yes", "上班（调休）")], initial="no", coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    first = forms.DateField(label="从哪天", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last = forms.DateField(
        label="到哪天", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="只有一天可以不填。一次最多31天。",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One day is from itself to itself."""
        given = super().clean() or {}
        return given | {"last": given.get("last") or given.get("first")}
