"""证照 as it is typed by its owner or a colleague, with a photo that is drawn anew before any transaction."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities import photos
from communities.models import User
from core.refusals import Refused
from partners.agreements import licences
from partners.models import Licence, Partner

ACCEPTED = "image/jpeg,image/png,image/webp"


class LicenceForm(forms.Form):
    """`by` is whose tries with photos are counted; what such a partner usually holds stands first."""

    kind = forms.ChoiceField(label="证照")
    number = forms.CharField(label="证号", max_length=licences.NUMBER)
    issuer = forms.CharField(label="发证机关", max_length=licences.ISSUER)
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="长期有效的不填",
    )
    photo = forms.FileField(
        label="照片", required=False, help_text="不超过10MB，只有您和社区工作人员能看到",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, partner: Partner, by: User) -> None:
        super().__init__(data, files)
        self.by = by
        self.picture: photos.Picture | None = None
        first = [str(kind) for kind in licences.expected(partner)]
        ordered = sorted(Licence.Kind.choices, key=lambda one: first.index(one[0]) if one[0] in first else len(first))
        self.fields["kind"].choices = ordered  # type: ignore[attr-defined]

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

    def sent(self) -> licences.Sent:
        """What `licences.send` asks."""
        said = {name: self.cleaned_data[name] for name in ("kind", "number", "issuer", "valid_until")}
        return licences.Sent(**said, picture=self.picture)
