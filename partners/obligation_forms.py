"""What people type about promises kept, complaints, stars, suspending and leaving; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communities import photos
from communities.filters import OwnFilter
from communities.models import User
from core import clock
from core.refusals import Refused
from partners.forms import day_field
from partners.models import Agreement, Complaint, Delivery, Leaving, Partner, Promise, ShopVisit, Suspension
from partners.obligations import reporting, witnessing

ACCEPTED = "image/jpeg,image/png,image/webp"
STARS = [(5, "5星，很满意"), (4, "4星，满意"), (3, "3星，一般"), (2, "2星，不满意"), (1, "1星，很不满意")]
LONG = forms.Textarea({"rows": 3})


def text(label: str, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=LONG, **more)


class DeliveryForm(forms.Form):
    """`by` is whose tries with photos are counted; a photo is drawn anew here, before any transaction."""

    on = day_field("哪一天", help_text=f"今天或过去{reporting.OLDEST}天以内")
    times = forms.IntegerField(label="次数", min_value=1, max_value=31, initial=1)
    people = forms.IntegerField(label="服务人数", min_value=0, max_value=reporting.PEOPLE.stop - 1)
    minutes = forms.IntegerField(label="共多少分钟", min_value=1, max_value=10080)
    note = text("做了什么", reporting.NOTE, help_text="请不要写居民的姓名、电话和门牌。")
    photo = forms.FileField(
        label="照片", required=False, help_text="最多一张，不拍人脸。", widget=forms.FileInput({"accept": ACCEPTED})
    )

    def __init__(self, data: Any = None, files: Any = None, *, by: User) -> None:
        super().__init__(data, files)
        self.by = by
        self.picture: photos.Picture | None = None
        self.fields["on"].initial = clock.today

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

    def said(self) -> dict[str, Any]:
        """What `reporting.report` asks, but for the promise."""
        names = ("on", "times", "people", "minutes", "note")
        return {name: self.cleaned_data[name] for name in names} | {"photo": self.picture}


class DeskDeliveryForm(DeliveryForm):
    """A colleague says which promise of `agreement` it was."""

    promise = forms.ModelChoiceField(label="承诺", queryset=Promise.objects.none(), empty_label=None)

    field_order = ("promise",)

    def __init__(self, data: Any = None, files: Any = None, *, by: User, agreement: Agreement) -> None:
        super().__init__(data, files, by=by)
        self.fields["promise"].queryset = agreement.promises.order_by("order")  # type: ignore[attr-defined]


class DeliveryFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Delivery.Status.choices], required=False)
    q = forms.CharField(label="合伙人", max_length=20, required=False)

    field_order = ("q", "status", "community")


class NoteForm(forms.Form):
    note = forms.CharField(label="说明", max_length=reporting.WHY, required=False, help_text="不认可的，请写明原因")


class StarsForm(forms.Form):
    stars = forms.TypedChoiceField(label="满意吗", choices=STARS, coerce=int, widget=forms.RadioSelect)
    remark = forms.CharField(
        label="意见", max_length=witnessing.REMARK, required=False, help_text="只有社区看得到，不公开。",
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class ComplaintForm(forms.Form):
    kind = forms.ChoiceField(label="哪方面", choices=Complaint.Kind.choices)
    text = text("什么事", 500, help_text="什么时候、什么情况、希望怎么办。合伙人看不到您的姓名和这里写的话。")


class DeskComplaintForm(ComplaintForm):
    """For somebody who came or called; `agreement` says which partner, in which community."""

    agreement = forms.ModelChoiceField(label="合伙人", queryset=Agreement.objects.none(), empty_label="请选择")

    field_order = ("agreement",)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        signed = Agreement.objects.for_staff(user).filter(status=Agreement.Status.SIGNED)
        newest = signed.order_by("partner", "community", "-pk").distinct("partner", "community").values("pk")
        mine = Agreement.objects.filter(pk__in=newest).select_related("partner", "community")
        self.fields["agreement"].queryset = mine.order_by("partner__name", "pk")  # type: ignore[attr-defined]


class ComplaintFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Complaint.Status.choices], required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *Complaint.Kind.choices], required=False)

    field_order = ("status", "kind", "community")


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="是否属实",
        choices=[("yes", "属实"), ("no", "不属实")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    answer = text("答复", 500, help_text="居民和合伙人都会看到。不写居民的姓名、电话和门牌。")


class AgainForm(forms.Form):
    text = text("为什么再提", 500)


class SuspendForm(forms.Form):
    cause = forms.ChoiceField(label="原因", choices=Suspension.Cause.choices)
    reason = text("情况", 200, help_text="合伙人会看到。不写居民的姓名。")


class ReasonForm(forms.Form):
    reason = text("原因", 200)


class LeaveForm(forms.Form):
    reason = text("原因", 300, help_text="合伙人会看到，并可以申辩。")


class OwnLeaveForm(forms.Form):
    """The owner's own wish: from which community."""

    agreement = forms.ModelChoiceField(label="和哪个社区", queryset=Agreement.objects.none(), empty_label=None)
    reason = text("原因", 300)

    def __init__(self, data: Any = None, *, partner: Partner) -> None:
        super().__init__(data)
        held = Agreement.objects.in_force(clock.today()).filter(partner=partner).select_related("partner", "community")
        self.fields["agreement"].queryset = held.order_by("pk")  # type: ignore[attr-defined]

    @property
    def has_any(self) -> bool:
        return self.fields["agreement"].queryset.exists()  # type: ignore[attr-defined,no-any-return]


class WordForm(forms.Form):
    """申辩."""

    answer = text("我们的说明", 1000)


class DecideForm(forms.Form):
    leave = forms.TypedChoiceField(
        label="决定",
        choices=[("yes", "退出"), ("no", "保留，不退出")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    minutes = text("评议小组决定", 500, help_text="日期、参加人、意见和结论")
    vouchers = forms.ChoiceField(label="已发的券（决定退出的）", choices=Leaving.Vouchers.choices)


class DoneForm(forms.Form):
    sign_removed_on = day_field("标牌收回日期")


class VisitForm(forms.Form):
    """门前五包: five scores; `shop` is the agreement in force of whom was visited."""

    shop = forms.ModelChoiceField(label="合伙人", queryset=Agreement.objects.none(), empty_label="请选择")
    on = day_field("日期")
    pledged = forms.BooleanField(label="已签门前五包承诺书", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        mine = Agreement.objects.for_staff(user).in_force(clock.today()).select_related("partner", "community")
        self.fields["shop"].queryset = mine.order_by("partner__name", "pk")  # type: ignore[attr-defined]
        self.fields["on"].initial = clock.today
        for number, duty in enumerate(ShopVisit.DUTIES):
            self.fields[f"score{number}"] = forms.IntegerField(label=f"{duty}（0到20分）", min_value=0, max_value=20)
        self.order_fields(("shop", "on", *(f"score{number}" for number in range(5)), "pledged", "note"))

    def said(self) -> dict[str, Any]:
        """What `visiting.visit` asks."""
        given = dict(self.cleaned_data)
        shop = given.pop("shop")
        scores = [given.pop(f"score{number}") for number in range(5)]
        return given | {"partner": shop.partner, "community": shop.community, "scores": scores}


class EvaluationNote(forms.Form):
    note = forms.CharField(label="说明", max_length=300, required=False)
