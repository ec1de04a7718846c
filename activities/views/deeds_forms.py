"""What a resident fills in: which of the three, a few words, where, and perhaps a photo."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from activities.deeds import LONGEST, PLACE
from activities.models import Deed
from communities import photos
from communities.models import User
from core.refusals import Refused

ACCEPTED = "image/jpeg,image/png,image/webp"  # an iPhone turns its own format into the first of these


class DeedForm(forms.Form):
    """`by` is whose tries with photos are counted. A photo is drawn anew here, before any transaction, and only if all else is right."""

    kind = forms.ChoiceField(
        label="选一类", choices=Deed.Kind.choices, widget=forms.RadioSelect, error_messages={"required": "请先选一类。"}
    )
    text = forms.CharField(
        label="说几句", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="什么事、什么时候。请不要写别人的姓名、电话和门牌。", error_messages={"required": "请写几句说明。"},
    )  # fmt: skip
    place = forms.CharField(label="在哪里", max_length=PLACE, required=False, help_text="例如：天和城东门垃圾桶旁。")
    photo = forms.FileField(
        label="照片", required=False, help_text="最多一张，不超过10MB。请不要拍到人脸。只有您和社区工作人员能看到。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.picture: photos.Picture | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file: UploadedFile[bytes] | None = given.get("photo")
        if file and self.errors:
            self.add_error("photo", "其他内容改好后，照片要再选一次。")
        elif file:
            self._redraw(file)
        return given

    def _redraw(self, file: "UploadedFile[bytes]") -> None:
        try:
            if (file.size or 0) > photos.LARGEST:
                raise photos.PhotoTooLarge
            photos.hit(self.by)
            self.picture = photos.redraw(file.read())
        except Refused as refused:
            self.add_error("photo", refused.message)

    def sent(self) -> dict[str, Any]:
        """What `deeds.send` asks."""
        return {name: self.cleaned_data[name] for name in ("kind", "text", "place")} | {"photo": self.picture}
