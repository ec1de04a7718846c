"""What staff type about stars and certificates; what it means is decided by the verbs."""

from datetime import date
from typing import Any

from django import forms

from activities import barring, certificates
from activities.models import Star
from communities.filters import OwnFilter
from communities.models import Community

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StarFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Star.Status.choices])
    ladder = forms.ChoiceField(label="类别", required=False, choices=[("", "全部类别"), *Star.Ladder.choices])
    q = forms.CharField(label="姓名", required=False, max_length=40)


class CertificateFilter(OwnFilter):
    q = forms.CharField(label="姓名或编号", required=False, max_length=40)


class BarForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=barring.LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text="居民会看到这句话，可以申诉。请写清哪天、什么事，不要写他人姓名。",
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Of declining, lifting and revoking."""

    reason = forms.CharField(label="原因", max_length=certificates.LONGEST, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, seen_by: str = "居民会看到这句话。", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = seen_by


class AskForm(forms.Form):
    """At the counter: which unit, which days."""

    community = forms.ModelChoiceField(Community.objects.none(), label="出具单位", empty_label=None)
    from_on = forms.DateField(label="服务期间开始", widget=DATE)
    to_on = forms.DateField(label="服务期间截止", widget=DATE)

    def __init__(self, *args: Any, units: list[Community], first: date | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"from_on": first, "to_on": today}
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[one.pk for one in units])
        if len(units) == 1:
            mine.initial, mine.widget = units[0].pk, forms.HiddenInput()


class IssueForm(forms.Form):
    remarks = forms.CharField(
        label="备注", max_length=certificates.LONGEST, required=False, help_text="会印在证明上，例如：用于学校社会实践。不写家庭情况。"
    )  # fmt: skip
