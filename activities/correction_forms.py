"""What staff type about corrections; forms look at shape only, the verbs decide."""

from django import forms

from activities.correcting import REASON
from activities.models import Correction
from communities.filters import OwnFilter


class CorrectionFilter(OwnFilter):
    """Above the list; what is not understood is left out."""

    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Correction.Status.choices], required=False)

    field_order = ("status", "community")


class CorrectionForm(forms.Form):
    """更正: how long it was in truth, and why."""

    minutes = forms.IntegerField(
        label="更正后的服务分钟", min_value=0, max_value=1440, help_text="填实际服务的分钟数；没有到场填0。"
    )
    reason = forms.CharField(
        label="更正原因", max_length=REASON, widget=forms.Textarea({"rows": 2}),
        help_text="居民会在消息里看到这句话。请写清依据，如“签到表上是11点签退”，不要写他人姓名。",
    )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="不通过的原因", max_length=REASON, widget=forms.Textarea({"rows": 2}), help_text="提出的同事会看到。"
    )
