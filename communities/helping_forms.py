"""What is filled in about a family helper: by the resident on the own phone, or at the desk with the resident present."""

from typing import Any

from django import forms

from communities import helping
from communities.fields import NameField, PhoneField
from communities.models import Consent


class HelperForm(forms.Form):
    name = NameField(label="代办人姓名", help_text="请填写全名。")
    phone = PhoneField(label="代办人手机号", help_text="代办人用这个号码登录。请核对清楚，填错了别人就能看到您的积分。")
    relation = forms.ChoiceField(
        label="与本人的关系", choices=[("", "请选择"), *((one, one) for one in helping.RELATIONS)]
    )
    agreed = forms.BooleanField(
        label="我已看过上面的说明，同意这位亲友替我办理",
        error_messages={"required": "同意以后才能登记代办人，请看过说明后勾选。"},
    )

    def appointment(self) -> dict[str, Any]:
        """What `helping.appoint` asks about the helper and the consent."""
        return {name: self.cleaned_data[name] for name in ("name", "phone", "relation")} | {"way": Consent.Way.TAP}


class DeskHelperForm(HelperForm):
    way = forms.ChoiceField(
        label="本人怎么同意的", choices=[("signature", "本人在纸上签了字"), ("counter", "本人在窗口口头同意，由我代录")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("name", "phone", "relation", "way", "agreed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = "居民本人在场，已听我读过上面的说明，并且同意"
        self.fields["phone"].help_text = "代办人用这个号码登录。请当面核对一遍，填错了别人就能看到这位居民的积分。"

    def appointment(self) -> dict[str, Any]:
        return super().appointment() | {"way": Consent.Way(self.cleaned_data["way"])}
