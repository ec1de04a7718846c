"""Shape of what an administrator types about a rule; what it means is decided by points/rules.py."""

from typing import Any

from django import forms

from points.models import Rule
from points.rules import LONGEST_DECISION, LONGEST_NAME, MOST, MOST_POINTS, Body

CAPS = ("day_points", "day_times", "month_times")


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


def _most(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST, **options)


class RuleForm(forms.Form):
    name = forms.CharField(label="项目名称", max_length=LONGEST_NAME, help_text="居民在“积分怎么来”里看到这个名称。")
    points = forms.IntegerField(
        label="积分", min_value=0, max_value=MOST_POINTS, help_text=f"0到{MOST_POINTS}的整数。填0表示停用。"
    )
    day_points = _most("这一项每人每天最多多少积分", help_text="不填为不限，总封顶仍然有效。")
    day_times = _most("这一项每人每天最多几次")
    month_times = _most("这一项每人每月最多几次")
    notice_from = forms.IntegerField(
        label="公示要求：一次多少积分起", min_value=1, max_value=MOST, initial=100, help_text="填1表示每一笔。"
    )
    starts_on = _day(
        label="从哪天起执行",
        help_text="一般公示后从下个月1日起执行；也可以选明天以后的任何一天。不能往前改，已经记的积分不重算。",
    )
    body = forms.ChoiceField(label="由谁决定", choices=Body.choices)
    decided_on = _day(label="决定日期")
    decided = forms.CharField(
        label="决定内容", max_length=LONGEST_DECISION, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：入冬后应急任务多，到会7人，全体同意每小时提高到18积分。",
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind:
            self.fields["points"].label = "每小时多少积分" if kind == Rule.Kind.TIMED else "每次多少积分"
        if kind == Rule.Kind.EXEMPT:
            for name in CAPS:
                del self.fields[name]


class NewRuleForm(RuleForm):
    code = forms.CharField(
        label="代码", max_length=20, help_text="只用大写字母和下划线，例如FITNESS。定了就不能改。",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="类别", widget=forms.RadioSelect,
        choices=[
            (Rule.Kind.TIMED, "计时服务：按小时记分，计入每天和每月总封顶"),
            (Rule.Kind.UNTIMED, "按次项目：按次记分，计入按次项目的每月总封顶"),
            (Rule.Kind.EXEMPT, "据实项目：凭证明逐笔记分，不设封顶"),
        ],
        help_text="定了就不能改。",
    )  # fmt: skip
    field_order = ("code", "kind")


class DayForm(forms.Form):
    """What the button 撤回 sends."""

    starts_on = forms.DateField()
