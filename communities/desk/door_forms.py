"""Shape of what staff type at their door."""

import unicodedata
from typing import Any

from django import forms

from communities.secondfactor import plain


class StepForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    token = forms.CharField(
        label="动态码", max_length=24, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "digits"}),
        help_text="打开手机上的验证器应用，填写6位数字。手机不在身边时，填写一个备用码。",
    )  # fmt: skip

    def clean_token(self) -> str:
        typed = plain(unicodedata.normalize("NFKC", self.cleaned_data["token"]))
        if not (len(typed) == 12 or (len(typed) == 6 and typed.isdecimal())):
            raise forms.ValidationError("请填写6位数字，或12位的备用码。")
        return typed


class UnlockForm(forms.Form):
    """Who one is, and the code that a colleague read out, or a recovery code of one's own."""

    username = forms.CharField(
        label="登录名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    )  # fmt: skip
    code = forms.CharField(
        label="解锁码或备用码", max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "digits"}),
        help_text="解锁码由街道管理员在“人员与职责”里生成，半小时内有效；也可以填一个自己的备用码。",
    )  # fmt: skip

    def clean_code(self) -> str:
        return plain(unicodedata.normalize("NFKC", self.cleaned_data["code"]))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"username": given.get("username", "").strip()}
