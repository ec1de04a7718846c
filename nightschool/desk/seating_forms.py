"""Who is to be seated, as typed at the counter: one person a line."""

from django import forms

from nightschool.seating import MOST


class NamesForm(forms.Form):
    names = forms.CharField(
        label="居民名单", max_length=1500, widget=forms.Textarea({"rows": 8}),
        help_text=f"每行一位，最多{MOST}位：手机号，或姓名加手机后四位（如“王秀兰6021”）。先来的写在前面。",
        error_messages={"required": "请至少写一位居民。"},
    )  # fmt: skip
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def lines(self) -> list[str]:
        return [line for line in self.cleaned_data["names"].splitlines() if line.strip()]

    def clean_names(self) -> str:
        names: str = self.cleaned_data["names"]
        if len([line for line in names.splitlines() if line.strip()]) > MOST:
            raise forms.ValidationError(f"一次最多{MOST}位，请分两次办。")
        return names
