"""What is handed in when a paper sign-in sheet was typed into Excel."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities.importing import batches


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Excel文件", help_text="只收.xlsx，不超过5MB、500行。", widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请先选择文件。", "empty": "这个文件是空的，没有读取。"},
    )  # fmt: skip

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        content = file.read() if (file.size or 0) <= batches.LARGEST else b"\0" * (batches.LARGEST + 1)
        if refused := batches.refusal_for(content):
            raise forms.ValidationError(refused.message)
        self.cleaned_data["content"] = content
        return file

    def sheet(self) -> dict[str, Any]:
        """What `handing.begin` asks."""
        return {"name": self.cleaned_data["file"].name or "签到表.xlsx", "content": self.cleaned_data["content"]}


class WriteForm(forms.Form):
    late_reason = forms.CharField(
        label="补录原因", max_length=100, required=False, help_text="已过记录期限，要写明为什么晚了，确认的同事会看到。"
    )
