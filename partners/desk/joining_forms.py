"""What staff type about calls, checks, marks and licences; forms look at shape only, the verbs decide."""

from datetime import timedelta
from typing import Any

from django import forms

from communities.filters import OwnFilter
from communities.models import Community, User
from communities.settings import CALL_DAYS
from core import clock
from partners.forms import day_field
from partners.joining import calling, checking, scoring
from partners.joining.calling import Plan
from partners.models import Application, Call, Criterion, Licence, Lookup, Partner

HANDED_IN = [one for one in Application.Status.choices if one[0] != Application.Status.DRAFT]


class JoiningFilter(OwnFilter):
    """Above the list of applications."""

    q = forms.CharField(label="名称或信用代码", max_length=60, required=False)
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *HANDED_IN], required=False)
    call = forms.ModelChoiceField(Call.objects.none(), label="招募", required=False, empty_label="全部")

    field_order = ("q", "status", "call", "community")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["call"].queryset = Call.objects.for_staff(user).order_by("-pk")  # type: ignore[attr-defined]


class CallFilter(OwnFilter):
    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Call.Status.choices], required=False)

    field_order = ("status", "community")


class LookupForm(forms.Form):
    register = forms.ChoiceField(label="查询项目", choices=Lookup.Register.choices)
    nothing_found = forms.TypedChoiceField(
        label="结果", choices=[("yes", "未见异常"), ("no", "查到异常")], coerce=lambda value: value == "yes"
    )
    looked_on = day_field("查询日期")
    reference = forms.CharField(label="截图号", max_length=checking.REFERENCE, required=False)
    note = forms.CharField(label="说明", max_length=checking.LOOKED, required=False, help_text="查到异常的写明情况")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"looked_on": clock.today()}, label_suffix="")


class NoteForm(forms.Form):
    """A reason that the applicant, or whoever reads the call, sees."""

    note = forms.CharField(label="说明", widget=forms.Textarea({"rows": 3}), help_text="对方会看到")

    def __init__(self, data: Any = None, *, most: int) -> None:
        super().__init__(data, label_suffix="")
        self.fields["note"].max_length = most  # type: ignore[attr-defined]
        self.fields["note"].widget.attrs["maxlength"] = most


class CallForm(forms.Form):
    """招募公告 with its scoring sheet; an empty line of the sheet is none."""

    community = forms.ModelChoiceField(Community.objects.none(), label="社区", empty_label=None)
    title = forms.CharField(label="标题", max_length=calling.TITLE)
    text = forms.CharField(
        label="招募内容", max_length=calling.TEXT, widget=forms.Textarea({"rows": 6}),
        help_text="写明需求、条件、场地、怎样评选。不得限定本地企业或指定某一家",
    )  # fmt: skip
    trades = forms.MultipleChoiceField(
        label="行业", choices=Partner.Trade.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不勾就是不限行业",
    )  # fmt: skip
    places = forms.IntegerField(label="名额", min_value=1, max_value=calling.MOST_PLACES, initial=1)
    opens_on, closes_on = day_field("公告日期"), day_field("截止日期", help_text="首尾都算，至少7天")

    def __init__(self, data: Any = None, *, user: User, call: Call | None = None) -> None:
        sheet = calling.SHEET
        initial: dict[str, Any] = {"opens_on": clock.today()}
        initial["closes_on"] = clock.today() + timedelta(days=CALL_DAYS.default)
        if call:
            sheet = tuple(Criterion.objects.filter(call=call).order_by("order").values_list("name", "weight"))
            names = ("title", "text", "trades", "places", "opens_on", "closes_on", "community")
            initial = {name: getattr(call, name) for name in names}
        for place, (name, weight) in enumerate(sheet):
            initial |= {f"name_{place}": name, f"weight_{place}": weight}
        super().__init__(data, initial=initial, label_suffix="")
        own = Community.objects.for_staff(user).order_by("pk")
        self.fields["community"].queryset = own  # type: ignore[attr-defined]
        self.fields["community"].disabled = call is not None
        self.stated = list(self.fields)
        for place in range(calling.MOST_LINES):
            self.fields[f"name_{place}"] = forms.CharField(label="评分项", max_length=calling.LINE, required=False)
            self.fields[f"weight_{place}"] = forms.IntegerField(
                label="满分", min_value=1, max_value=calling.WHOLE, required=False
            )

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.stated]

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        return [[self[f"name_{place}"], self[f"weight_{place}"]] for place in range(calling.MOST_LINES)]

    def plan(self) -> Plan:
        given = self.cleaned_data
        pairs = [(given[f"name_{n}"], given[f"weight_{n}"] or 0) for n in range(calling.MOST_LINES)]
        sheet = tuple((name, weight) for name, weight in pairs if name or weight)
        names = ("title", "text", "places", "opens_on", "closes_on")
        return Plan(**{name: given[name] for name in names}, trades=tuple(given["trades"]), sheet=sheet)


class ReviewersForm(forms.Form):
    reviewers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="评审人", widget=forms.CheckboxSelectMultiple,
        help_text="本社区和街道的工作人员，与任何一家报名者都没有亲属关系",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data, label_suffix="")
        numbers = [one.pk for one in scoring.candidates(call)]
        self.fields["reviewers"].queryset = User.objects.filter(pk__in=numbers).order_by("pk")  # type: ignore[attr-defined]


class ExcuseForm(forms.Form):
    """更换评审人."""

    reason = forms.CharField(
        label="退出原因", max_length=scoring.EXCUSE, help_text="如生病、调离、与报名者有关。会留在汇总表上"
    )
    instead = forms.ModelChoiceField(
        User.objects.none(), label="接替的评审人", required=False, empty_label="不另指定（其余评审人够数）"
    )

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data, label_suffix="")
        numbers = {one.pk for one in scoring.candidates(call)} - set(call.reviewers.values_list("user", flat=True))
        self.fields["instead"].queryset = User.objects.filter(pk__in=numbers).order_by("pk")  # type: ignore[attr-defined]


class MarksForm(forms.Form):
    """One mark for each line of the sheet."""

    def __init__(self, data: Any = None, *, criteria: list[Criterion], kept: list[int], remark: str = "") -> None:
        initial = {f"mark_{place}": value for place, value in enumerate(kept)} | {"remark": remark}
        super().__init__(data, initial=initial, label_suffix="")
        self.count = len(criteria)
        for place, one in enumerate(criteria):
            self.fields[f"mark_{place}"] = forms.IntegerField(
                label=f"{one.name}（满分{one.weight}）", min_value=0, max_value=one.weight
            )
        self.fields["remark"] = forms.CharField(label="评语", max_length=scoring.REMARK, required=False)

    def marks(self) -> list[int]:
        return [self.cleaned_data[f"mark_{place}"] for place in range(self.count)]


class LicenceFilter(forms.Form):
    """Above the desk's list of licences."""

    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "全部"), ("unchecked", "待核对"), ("ending", "快到期"), ("lapsed", "已过期")],
    )  # fmt: skip
    kind = forms.ChoiceField(label="证照", choices=[("", "全部"), *Licence.Kind.choices], required=False)

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SeenForm(forms.Form):
    """核对: what the colleague saw in the original. yes: needed for the offers, may: not needed, no: not as it says."""

    seen = forms.ChoiceField(choices=[("yes", ""), ("may", ""), ("no", "")])
    reason = forms.CharField(required=False, max_length=100)
