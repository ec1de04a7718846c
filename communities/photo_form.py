"""图片: the one picture that staff put on a page that opens on a slow phone, of a course or of a room."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities import photos
from communities.models import User
from core.refusals import Refused

ACCEPTED = "image/jpeg,image/png,image/webp"


class PhotoForm(forms.Form):
    """`by` is whose tries are counted. The picture is drawn anew here, before any transaction."""

    photo = forms.FileField(
        label="图片", help_text="JPG、PNG或WebP，会自动缩小到40KB以内。不要用居民的正脸照片。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, by: User) -> None:
        super().__init__(data, files)
        self.by = by
        self.picture: photos.Picture | None = None

    def clean_photo(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["photo"]
        try:
            if (file.size or 0) > photos.LARGEST:
                raise photos.PhotoTooLarge
            photos.hit(self.by)
            self.picture = photos.redraw(file.read(), photos.ADORNING)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None
        return file
