"""What staff type about notices; what it means is decided by the verbs."""

from typing import Any

from django import forms

from communities import notices, publishing
from communities.filters import OwnFilter
from communities.models import Community, Notice

ROWS = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
HOW = "一行一项：姓名、空格、内容，例如：张三 志愿服务120小时。重名的在姓名后写手机号后四位。可以从Excel复制两列贴进来。单位或项目写“单位：名称 内容”。"


class NoticeForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="社区")
    title = forms.CharField(
        label="标题", max_length=notices.TITLE, help_text="例如：2026年第三季度优秀志愿者名单公示。"
    )
    text = forms.CharField(
        label="说明", max_length=notices.TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="依据、标准和结果怎么用。公示期、电话和异议办法由系统写上。",
    )  # fmt: skip
    people = forms.CharField(label="名单", required=False, max_length=60_000, widget=ROWS, help_text=HOW)

    def __init__(self, *args: Any, communities: list[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[one.pk for one in communities])
        if len(communities) == 1:
            mine.initial, mine.widget = communities[0].pk, forms.HiddenInput()


class LinesForm(forms.Form):
    people = forms.CharField(
        label="补充名单", max_length=60_000, widget=forms.Textarea(attrs={"rows": 4}), help_text=HOW
    )


class LineForm(forms.Form):
    said = forms.CharField(label="内容", max_length=notices.SAID)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤下的原因",
        max_length=publishing.REASON,
        help_text="已经公示的，居民会看到这句话，例如：名单漏列，更正后重新公示。",
    )


class NoticeFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Notice.Status.choices])
    q = forms.CharField(label="标题", required=False, max_length=40)
    field_order = ("status", "community")
