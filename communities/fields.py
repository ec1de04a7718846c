"""Form fields for what people type by thumb: telephone numbers, codes, names."""

import re
import unicodedata
from typing import Any

from django import forms

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
CODE = re.compile(r"\d{6}", re.ASCII)


def mobile(typed: str) -> str:
    """The number without full-width digits, blanks, dashes and +86; whether it is one, MOBILE says."""
    return re.sub(r"^(\+86|0086)", "", re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)))


class PhoneField(forms.CharField):
    """A mobile number: full-width digits, blanks, dashes and +86 are taken away before it is judged."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "tel-national", "type": "tel"}
        super().__init__(max_length=24, widget=forms.TextInput(attrs | options.pop("attrs", {})), **options)

    def clean(self, value: Any) -> str:
        text = mobile(super().clean(value))
        if text and not MOBILE.fullmatch(text):
            raise forms.ValidationError("这不是手机号。请填写11位、以1开头的手机号。")
        return text


class CodeField(forms.CharField):
    """Six digits from a text message or an authenticator."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "digits"}
        super().__init__(max_length=12, widget=forms.TextInput(attrs), **options)

    def clean(self, value: Any) -> str:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value)))
        if not CODE.fullmatch(text):
            raise forms.ValidationError("请填写6位数字。")
        return text


class NameField(forms.CharField):
    """A person's full name: letters of any script and the dot inside; blanks around and between Han are taken away."""

    LONGEST = 40

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=self.LONGEST, widget=forms.TextInput(attrs={"autocomplete": "name"}), **options)

    def clean(self, value: Any) -> str:
        text = re.sub("[•・‧∙]", "·", unicodedata.normalize("NFKC", super().clean(value)))
        text = re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", text)
        # NFKC may make 18 letters of one, so the length is judged again.
        if not 2 <= len(text) <= self.LONGEST or not all(char.isalpha() or char in "·'-. " for char in text):
            raise forms.ValidationError("请填写真实的全名，例如：王秀兰。")
        return text
