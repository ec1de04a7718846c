"""What a colleague types about evidence; shape only, the verbs decide. What is looked at is one choice: it says the category, too."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities import access, photos
from communities.desk.people_forms import DAY
from communities.filters import OwnFilter
from communities.hardship import About, Again, Category, Said
from communities.hardship.deciding import REASONS
from communities.hardship.kinds import NUMBER_MOST, PAPERS, SYSTEMS
from communities.models import Evidence, User
from communities.photo_form import ACCEPTED
from core import clock
from core.refusals import Refused

VIEWED, LOOKED_UP = Evidence.Way.VIEWED, Evidence.Way.LOOKED_UP
Offer = tuple[Category, Evidence.Way, str]
OFFERS: dict[str, Offer] = {
    f"{kind.value}-{way.value}-{number}": (kind, way, name)
    for kind in Category
    for way, names in ((VIEWED, PAPERS[kind]), (LOOKED_UP, SYSTEMS[kind]))
    for number, name in enumerate(names)
}
STATUSES = [("", "全部"), *Evidence.Status.choices, ("due", "要复核续期")]


def offered() -> list[tuple[str, Any]]:
    """For a select: by category, the papers to be looked at and the systems to be asked."""
    groups = [
        (kind.label, [(key, _said(way, name)) for key, (mine, way, name) in OFFERS.items() if mine == kind])
        for kind in Category
    ]
    return [("", "请选择"), *groups]


def _said(way: Evidence.Way, name: str) -> str:
    return f"看原件：{name}" if way == VIEWED else f"系统查询：{name}"


class PictureForm(forms.Form):
    """With a picture that may be left out; it is drawn anew here, before any transaction. `by` is whose tries are counted."""

    image = forms.FileField(
        label="证件照片", required=False, help_text="复核人员看过就删除，最多留30天。当面看清了就不用拍。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, by: User) -> None:
        super().__init__(data, files)
        self.by = by
        self.picture: photos.Picture | None = None

    def clean_image(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["image"]
        if file is not None:
            try:
                if (file.size or 0) > photos.LARGEST:
                    raise photos.PhotoTooLarge
                photos.hit(self.by)
                self.picture = photos.redraw(file.read())
            except Refused as refused:
                raise forms.ValidationError(refused.message) from None
        return file


class RecordForm(PictureForm):
    """`said()` is what `hardship.record` asks for."""

    seen = forms.ChoiceField(
        label="看了什么",
        choices=offered,
        help_text="只看家庭已有的证件，或在系统里查询。不要求居民开证明，也不开证明。",
    )
    about = forms.ChoiceField(label="是谁的", choices=About.choices)
    number = forms.CharField(
        label="证号", required=False, max_length=NUMBER_MOST, help_text="残疾人证填20位证号，其他可不填。加密保存。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    seen_on = forms.DateField(label="查看日期", widget=DAY, initial=clock.today)
    starts_on = forms.DateField(
        label="从哪天起算", widget=DAY, initial=lambda: clock.today().replace(day=1), help_text="最早为查看当月1日。"
    )
    ends_on = forms.DateField(
        label="证件有效期到", required=False, widget=DAY, help_text="残疾人证必填；没有写有效期的证件不填。"
    )
    unstable = forms.BooleanField(label="收入不稳定或有劳动能力，半年复核一次", required=False)
    field_order = ("seen", "about", "number", "seen_on", "starts_on", "ends_on", "unstable", "image")

    def said(self) -> Said:
        given = self.cleaned_data
        kind, way, name = OFFERS[given["seen"]]
        named = {"paper": name} if way == VIEWED else {"system": name}
        return Said(
            kind, About(given["about"]), way, given["seen_on"], given["starts_on"], given["ends_on"], number=given["number"],
            unstable=given["unstable"], image=self.picture, **named,
        )  # fmt: skip


class RenewForm(PictureForm):
    """`again()` is what `hardship.renew` asks for; which category it is stands sealed and is not asked."""

    way = forms.ChoiceField(label="怎样复核", choices=Evidence.Way.choices, widget=forms.RadioSelect)
    seen_on = forms.DateField(label="查看日期", widget=DAY, initial=clock.today)
    ends_on = forms.DateField(
        label="证件有效期到", required=False, widget=DAY, help_text="证件上写了的请填，没有写的不填；复核人员会再核对。"
    )
    field_order = ("way", "seen_on", "ends_on", "image")

    def again(self) -> Again:
        given = self.cleaned_data
        ends_on: date | None = given["ends_on"]
        return Again(Evidence.Way(given["way"]), given["seen_on"], ends_on, self.picture)


class LookForm(forms.Form):
    """Why a reviewer opens it; kept in the log of looks, which the family can read."""

    purpose = forms.CharField(
        label="查看原因", max_length=access.LONGEST, initial="复核优待依据", help_text="会和您的姓名一起记入查看记录，家庭能看到时间和原因。"
    )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label="不予通过的原因", choices=[("", "请选择"), *Evidence.Decline.choices])


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label="终止的原因", choices=[("", "请选择"), *((one.value, one.label) for one in REASONS)],
        help_text="从下一张账单起不再减免，以前的不追回。",
    )  # fmt: skip


class EvidenceFilter(OwnFilter):
    """Above the desk's list."""

    status = forms.ChoiceField(label="状态", choices=STATUSES, required=False)
    q = forms.CharField(label="姓名", max_length=20, required=False)
    field_order = ("status", "community", "q")
