"""What is given when residents are imported: a file or a pasted table, and for which community."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities.importing import batches
from communities.models import Community

PASTED = 200_000  # characters, about three thousand rows


class SheetForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", empty_label="请选择")
    file = forms.FileField(
        label="Excel文件", required=False, help_text="只收.xlsx，不超过5MB、2万行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    # Without maxlength: the browser would cut a long table off and say nothing.
    pasted = forms.CharField(
        label="或者从Excel里复制，粘贴到这里", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="连表头一起复制，一次大约3000行以内。",
    )  # fmt: skip

    def __init__(self, *args: Any, communities: list[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[one.pk for one in communities]).order_by("pk")
        if len(communities) == 1:
            mine.initial, mine.widget = communities[0], forms.HiddenInput()

    def sources(self) -> list[forms.BoundField]:
        """The two ways to hand a sheet in, of which one is enough."""
        return [self["file"], self["pasted"]]

    def clean_file(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None:
            content = file.read() if (file.size or 0) <= batches.LARGEST else b"\0" * (batches.LARGEST + 1)
            if refused := batches.refusal_for(content):
                raise forms.ValidationError(refused.message)
            self.cleaned_data["content"] = content
        return file

    def clean_pasted(self) -> str:
        text: str = self.cleaned_data["pasted"]
        if len(text) > PASTED:
            raise forms.ValidationError("粘贴的内容太长，没有提交。请改为上传.xlsx文件。")
        return text

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        given = super().clean() or {}
        file, pasted = given.get("file"), str(given.get("pasted", "")).strip()
        if not self.errors and bool(file) == bool(pasted):
            raise forms.ValidationError("请上传一个文件，或者粘贴表格内容，两样只要一样。")
        return given

    def sheet(self) -> dict[str, Any]:
        """What `batches.begin` asks."""
        file = self.cleaned_data["file"]
        name = file.name if file else "粘贴的表格"
        content = self.cleaned_data["content"] if file else self.cleaned_data["pasted"].encode()
        return {"community": self.cleaned_data["community"], "name": name, "content": content}


class ConfirmForm(forms.Form):
    register = forms.BooleanField(label="一并登记表里新出现的小区和网格", required=False)
