"""What staff type about honours; shape only, the verbs decide."""

from django import forms

from activities import honours
from activities.models import Honour
from communities.filters import OwnFilter
from core import clock


class HonourFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Honour.Status.choices], required=False)

    field_order = ("status", "community")


class HonourForm(forms.Form):
    name = forms.CharField(label="表彰名称", max_length=honours.NAME, help_text="如“优秀志愿者”")
    level = forms.ChoiceField(label="级别", choices=Honour.Level.choices, widget=forms.RadioSelect)
    on = forms.DateField(label="授予日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), initial=clock.today)
    granted_by = forms.CharField(label="授予单位", max_length=honours.NAME)
    evidence = forms.CharField(
        label="证明材料", max_length=honours.EVIDENCE, widget=forms.Textarea({"rows": 2}),
        help_text="看到的是什么：证书编号、文件号，或存放在哪里。审核的同事会照此核对。",
    )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="不通过的原因", max_length=honours.REASON, widget=forms.Textarea({"rows": 2}),
        help_text="居民会看到，并可以申诉。",
    )  # fmt: skip
