"""What is typed on the card's page."""

from typing import Any

from django import forms

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}


class PinForm(forms.Form):
    pin = forms.CharField(
        label="新密码", max_length=6, widget=forms.PasswordInput(attrs=DIGITS),
        help_text="4到6位数字，请居民本人输入，工作人员请转过脸去。",
    )  # fmt: skip
    again = forms.CharField(label="再输一次", max_length=6, widget=forms.PasswordInput(attrs=DIGITS))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "pin" in typed and "again" in typed and typed["pin"] != typed["again"]:
            raise forms.ValidationError("两次输入的密码不一样，没有保存。请重新输入。")
        return typed
