"""拟协议 as staff type it: the terms, up to twelve promises, up to four rooms. Shape only; the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms

from communities.models import Community, User
from partners.agreements import wording
from partners.agreements.terms import MOST_PROMISES, MOST_ROOMS, Line, Space, Terms
from partners.forms import day_field
from partners.models import Agreement, Application, Partner, Promise, Template
from venues.models import Room

SPARE = 3  # empty lines after those that are there


class StartForm(forms.Form):
    """Whom the agreement is with: an application that was admitted, or a partner and one's own community."""

    application = forms.ModelChoiceField(
        label="入选的报名", queryset=Application.objects.none(), required=False, empty_label="不从报名拟，下面选合伙人"
    )
    partner = forms.ModelChoiceField(
        label="合伙人", queryset=Partner.objects.none(), required=False, empty_label="请选择"
    )
    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)

    def __init__(self, data: Any, *, user: User) -> None:
        own = Community.objects.for_staff(user).order_by("pk")
        first = own.first()
        super().__init__({"community": first.pk if first else None} | data.dict() if data else None)
        free = Application.objects.filter(community__in=own, status=Application.Status.ADMITTED)
        drafted = Agreement.objects.exclude(status=Agreement.Status.VOID).exclude(application=None)
        free = free.exclude(pk__in=drafted.values("application"))
        admitted = Partner.objects.filter(sub_district__in=own.values("sub_district"), admitted_at__isnull=False)
        for name, found in (("application", free), ("partner", admitted), ("community", own)):
            self.fields[name].queryset = found.order_by("pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("application"):
            return said | {"partner": said["application"].partner, "community": said["application"].community}
        if not said.get("partner") and not self.errors:
            raise forms.ValidationError("请选择入选的报名或合伙人。")
        return said


class LineForm(forms.Form):
    """One promise; an empty line is none."""

    item = forms.CharField(label="项目", max_length=60)
    times = forms.IntegerField(label="每月次数", min_value=1, max_value=200)
    people = forms.IntegerField(label="每次人数", min_value=0, max_value=10_000, required=False)
    discount = forms.CharField(label="优惠", max_length=60, required=False)
    duty = forms.ChoiceField(label="职责", choices=Promise.Duty.choices, initial=Promise.Duty.SERVICE)
    focus = forms.ChoiceField(label="重点", choices=Promise.Focus.choices)
    deduct = forms.DecimalField(label="每次抵减（元）", min_value=0, max_value=10_000, decimal_places=2, required=False)

    def line(self) -> Line:
        said = self.cleaned_data
        return Line(
            said["item"], said["times"], said["people"] or 0, said["discount"], said["duty"], said["focus"],
            int((said["deduct"] or 0) * 100),
        )  # fmt: skip


class SpaceForm(forms.Form):
    """One room; an empty line is none."""

    room = forms.ModelChoiceField(label="活动室", queryset=Room.objects.none(), empty_label="不提供")
    hours = forms.IntegerField(label="每月小时", min_value=1, max_value=700)
    when = forms.CharField(label="时段", max_length=60)
    fees = forms.CharField(label="费用", max_length=60, required=False)

    def space(self) -> Space:
        said = self.cleaned_data
        return Space(said["room"], said["hours"], said["when"], said["fees"])


class Rows:
    """Forms one below the other, `mark0`, `mark1` …; whichever bears nothing in `key` is left out."""

    def __init__(self, kind: type[forms.Form], mark: str, key: str, data: Any, there: list[dict[str, Any]], most: int):
        many = min(len(there) + SPARE, most)
        if data:
            many = sum(f"{mark}{number}-{key}" in data for number in range(most))
        filled = [number for number in range(many) if not data or data.get(f"{mark}{number}-{key}", "").strip()]
        self.forms = [
            kind(data if number in filled else None, prefix=f"{mark}{number}", initial=dict(enumerate(there)).get(number), use_required_attribute=False)
            for number in range(many)
        ]  # fmt: skip
        self.given = [one for one in self.forms if one.is_bound]

    def are_valid(self) -> bool:
        said = [one.is_valid() for one in self.given]  # each, so that each shows what is wrong
        return all(said)


class RowsMixin(forms.BaseForm):
    """`lines` and `spaces` below a form; what is wrong with one of them is wrong with the form."""

    lines: Rows
    spaces: Rows

    def add_rows(self, data: Any, lines: list[dict[str, Any]], spaces: list[dict[str, Any]], rooms: Any) -> None:
        self.lines = Rows(LineForm, "line", "item", data, lines, MOST_PROMISES)
        self.spaces = Rows(SpaceForm, "room", "room", data, spaces, MOST_ROOMS)
        for one in self.spaces.forms:
            one.fields["room"].queryset = rooms  # type: ignore[attr-defined]

    def look_at_rows(self) -> None:
        if not all([self.lines.are_valid(), self.spaces.are_valid()]):
            self.add_error(None, "承诺或场地有一行没有填对，没有保存。请看下面标出的地方。")

    def promised(self) -> tuple[Line, ...]:
        return tuple(one.line() for one in self.lines.given if isinstance(one, LineForm))

    def granted(self) -> tuple[Space, ...]:
        return tuple(one.space() for one in self.spaces.given if isinstance(one, SpaceForm))


class DraftForm(RowsMixin, forms.Form):
    """The whole of a draft but its parties; `text` only of a draft that is there."""

    template = forms.ModelChoiceField(label="范本", queryset=Template.objects.none(), empty_label=None)
    title = forms.CharField(label="协议名称", max_length=60)
    starts_on, ends_on = day_field("开始日期"), day_field("到期日期")
    mode = forms.ChoiceField(label="结算方式", choices=Agreement.Mode.choices)
    percent = forms.IntegerField(
        label="社区补贴比例（%）", min_value=0, max_value=100, required=False, help_text="混合结算才填，1到99"
    )
    promise = forms.CharField(
        label="公开的公益承诺", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="居民会看到。不填就用下面的承诺明细",
    )  # fmt: skip
    pairing = forms.BooleanField(label="结对共建（在合伙人页公开显示）", required=False)
    text = forms.CharField(
        label="协议正文", widget=forms.Textarea({"rows": 20}),
        help_text="【甲方】【乙方】【期限】【承诺】【场地】【结算方式】在送签时自动填好",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, community: Community, draft: Agreement | None = None, **more: Any) -> None:
        """`initial`, `lines` and `spaces` of what it begins with."""
        lines, spaces = more.pop("lines", []), more.pop("spaces", [])
        super().__init__(data, **more)
        current = Template.objects.current().filter(sub_district=community.sub_district_id).order_by("pk")
        self.fields["template"].queryset = current  # type: ignore[attr-defined]
        self.fields["template"].initial = current.first()
        del self.fields["template" if draft else "text"]
        self.add_rows(data, lines, spaces, Room.objects.filter(community=community).in_use().order_by("name", "pk"))

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "到期日期须晚于开始日期。")
        self.look_at_rows()

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(
            title=said["title"], starts_on=said["starts_on"], ends_on=said["ends_on"], mode=said["mode"],
            percent=said["percent"] or 0, pairing=said["pairing"], promise=said["promise"], promises=self.promised(), rooms=self.granted(),
        )  # fmt: skip


def of_agreement(mine: Agreement) -> dict[str, Any]:
    """What the form of a draft begins with."""
    names = ("title", "starts_on", "ends_on", "mode", "percent", "pairing", "text")
    lines = list(mine.promises.order_by("order"))
    public = "" if mine.promise == wording.summary(lines) else mine.promise
    return {
        "initial": {name: getattr(mine, name) for name in names} | {"promise": public},
        "lines": [vars(one) | {"deduct": one.deduct_yuan if one.deduct_cents else None} for one in lines],
        "spaces": [vars(one) | {"room": one.room_id} for one in mine.grants.order_by("pk")],
    }


def asked(promises: Iterable[Any]) -> list[dict[str, Any]]:
    """The promises of an application, as the form begins with them; what does not fit is left for staff to fill in."""
    known = [one for one in promises if isinstance(one, dict)][:MOST_PROMISES]
    return [{name: one.get(name) for name in ("item", "times", "people", "discount")} for one in known]
