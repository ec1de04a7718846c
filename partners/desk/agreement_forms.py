"""What staff type about agreements besides their terms; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities import photos
from communities.models import SubDistrict, User
from communities.photo_form import ACCEPTED
from core import clock
from core.refusals import Refused
from partners.agreements import wording
from partners.forms import PHONE, day_field
from partners.models import Agreement, Ceremony, Partner


class PaperForm(forms.Form):
    """A page as a picture: drawn anew here, before any transaction; `by` is whose tries are counted."""

    title = forms.CharField(label="名称", max_length=40, help_text="如“营业执照”“签字页第1页”")
    photo = forms.FileField(
        label="图片", widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="JPG、PNG或WebP，每页一张，会自动缩小到500KB以内。",
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
            self.picture = photos.redraw(file.read())
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None
        return file

    def said(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "picture": self.picture, "by": self.by}


class OnPaperForm(forms.Form):
    """确认纸质签字."""

    partner_name = forms.CharField(label="乙方签字人", min_length=2, max_length=40)
    community_name = forms.CharField(label="甲方签字人", min_length=2, max_length=40)


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=100)


class TemplateForm(forms.Form):
    """起草范本."""

    title = forms.CharField(
        label="范本名称", max_length=40, initial="社区合伙人协议", help_text="名称相同的，是它的新一版"
    )
    text = forms.CharField(
        label="正文", widget=forms.Textarea({"rows": 28}), initial=wording.DEFAULT,
        help_text="须含【甲方】【乙方】【期限】【承诺】【场地】【结算方式】，拟协议时自动填好",
    )  # fmt: skip
    sub_district = forms.ModelChoiceField(label="街道", queryset=SubDistrict.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, streets: list[SubDistrict], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        own = SubDistrict.objects.filter(pk__in=[one.pk for one in streets]).order_by("pk")
        self.fields["sub_district"].queryset = own  # type: ignore[attr-defined]
        self.fields["sub_district"].initial = own.first()


class PartnerForm(forms.ModelForm[Partner]):
    """What everybody sees of a partner."""

    phone = forms.CharField(label="对外电话", max_length=20, required=False, validators=[PHONE])

    class Meta:
        model = Partner
        fields = ("summary", "address", "hours", "phone")
        widgets = {"summary": forms.Textarea({"rows": 2})}


class CeremonyForm(forms.ModelForm[Ceremony]):
    on = day_field("日期", initial=clock.today)
    agreements = forms.ModelMultipleChoiceField(
        label="签订的协议", queryset=Agreement.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Ceremony
        fields = ("title", "on", "place", "words", "agreements")
        widgets = {"words": forms.Textarea({"rows": 3})}
        help_texts = {"words": "居民会看到。不写居民的姓名"}

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        own = Agreement.objects.for_staff(user).filter(status=Agreement.Status.SIGNED)
        newest = own.select_related("partner", "community").order_by("-signed_on", "-pk")[:50]
        self.fields["agreements"].queryset = own  # type: ignore[attr-defined]
        self.fields["agreements"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one}，{one.number}") for one in newest
        ]

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"text": given.pop("words"), "agreements": list(given["agreements"])}
