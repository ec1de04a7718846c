"""What staff type about points; forms look at shape only, the verbs decide."""

from django import forms

from communities import notices
from communities.filters import OwnFilter
from core import clock
from points.adjusting import GROUNDS, LONGEST
from points.ledger import MOST
from points.models import Adjustment


class AdjustmentFilter(OwnFilter):
    """Above the list; what is not understood is left out."""

    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Adjustment.Status.choices], required=False)

    field_order = ("status", "community")


class PersonSearch(forms.Form):
    q = forms.CharField(max_length=20, required=False)

    def words(self) -> str:
        return self.cleaned_data["q"].strip() if self.is_valid() else ""


class AdjustForm(forms.Form):
    """增加 or 扣减, and how many: a minus sign is too easily overlooked."""

    way = forms.ChoiceField(label="怎样调整", choices=[("give", "增加"), ("take", "扣减")], widget=forms.RadioSelect)
    points = forms.IntegerField(label="积分", min_value=1, max_value=MOST)
    ground = forms.ChoiceField(
        label="扣减的理由", choices=[("", "增加不用选"), *GROUNDS.items()], required=False,
        help_text="只有这三种情况可以扣减，居民会看到选了哪一种。",
    )  # fmt: skip
    reason = forms.CharField(
        label="原因", max_length=LONGEST - max(map(len, GROUNDS)) - 1, widget=forms.Textarea({"rows": 3}),
        help_text="居民会在消息和积分明细里看到这句话。请写清哪天、什么事，不要写他人姓名和家庭困难情况。",
    )  # fmt: skip

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("way") == "take" and not self.cleaned_data.get("ground"):
            self.add_error("ground", "扣减要选一种理由。")

    def said(self) -> str:
        """The reason; of what is taken, with its ground in front."""
        reason: str = self.cleaned_data["reason"]
        return reason if self.cleaned_data["way"] == "give" else f"{self.cleaned_data['ground']}：{reason}"

    def amount(self) -> int:
        """Signed."""
        points: int = self.cleaned_data["points"]
        return points if self.cleaned_data["way"] == "give" else -points


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label="收回的原因", max_length=LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text="居民会在消息和积分明细里看到这句话。例如：当天没有到场，名单记错。",
    )  # fmt: skip


class RejectForm(forms.Form):
    reason = forms.CharField(
        label="不通过的原因", max_length=LONGEST, widget=forms.Textarea({"rows": 2}), help_text="提出的同事会看到。"
    )


def this_month() -> str:
    today = clock.today()
    return f"{today.year}年{today.month}月积分调整公示"


class NoticeTitle(forms.Form):
    title = forms.CharField(label="公示标题", max_length=notices.TITLE, initial=this_month)
