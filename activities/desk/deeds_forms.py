"""小事 at the desk: the filter, the answer, the closing, and what is taken down for somebody at the counter."""

from typing import Any

from django import forms

from activities.answering import LONGEST
from activities.deedbook import STATES, Filter
from activities.models import Deed
from activities.views.deeds_forms import DeedForm
from communities.models import Community, User

MERGE = "merge"
DECIDED = ("accept", "decline")


class FilterForm(forms.Form):
    """All of it optional; what is not understood is left out."""

    state = forms.ChoiceField(label="状态", required=False, choices=list(STATES.items()))
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Deed.Kind.choices])
    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部")
    since = forms.DateField(label="从哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    q = forms.CharField(label="姓名、内容或地点", required=False, max_length=40)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = self.fields["community"]
        assert isinstance(mine, forms.ModelChoiceField)
        mine.queryset = Community.objects.for_staff(user).order_by("pk")

    def asked(self) -> Filter:
        self.is_valid()
        return Filter(**{name: value for name, value in self.cleaned_data.items() if value})


class DecideForm(forms.Form):
    """`similar`: those that it may be merged into, named by number; any other number may be typed."""

    decision = forms.ChoiceField(label="结论", widget=forms.RadioSelect, error_messages={"required": "请先选结论。"})
    into = forms.IntegerField(label="其他编号", required=False, min_value=1, max_value=2**63 - 1, widget=forms.TextInput(attrs={"inputmode": "numeric"}))  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="居民会看到。不通过要写原因；采纳建议要写怎么办。",
    )  # fmt: skip

    def __init__(self, *args: Any, deed: Deed, similar: list[Deed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        idea = deed.kind == Deed.Kind.IDEA
        decision = self.fields["decision"]
        assert isinstance(decision, forms.ChoiceField)
        merging = [(f"{MERGE}-{one.pk}", f"合并到编号{one.pk}") for one in similar]
        decision.choices = [
            ("accept", "采纳" if idea else "有效"), ("decline", "不采纳" if idea else "不通过"), *merging,
            (MERGE, "合并到其他编号"),
        ]  # fmt: skip
        decision.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        decision = str(given.get("decision", ""))
        if decision == MERGE and not given.get("into"):
            self.add_error("into", "请写合并到哪个编号。")
        if decision == "decline" and not given.get("text", "").strip():
            self.add_error("text", "请写明原因，居民会看到。")
        return given

    def target(self) -> int:
        """The number of what it is merged into; 0 for another decision."""
        decision = str(self.cleaned_data["decision"])
        if decision in DECIDED:
            return 0
        return int(decision.removeprefix(f"{MERGE}-")) if decision != MERGE else int(self.cleaned_data["into"])


class CloseForm(forms.Form):
    """已解决, or why not yet and until when, or that the community cannot do it."""

    result = forms.ChoiceField(
        label="结果", widget=forms.RadioSelect, choices=[("done", "已解决"), ("later", "还要时间"), ("cannot", "社区办不了")],
        error_messages={"required": "请先选结果。"},
    )  # fmt: skip
    outcome = forms.CharField(
        label="怎样处理的", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="居民会看到。还没办好的，写明原因；办不了的，写明该找哪里。",
    )  # fmt: skip
    until = forms.DateField(
        label="预计哪天前办结", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="选“还要时间”时填写。",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("result") == "later" and not given.get("until"):
            self.add_error("until", "请选预计办结的日期。")
        return given


class CounterForm(DeedForm):
    """For somebody who stands at the counter; the slip is signed."""

    sure = forms.BooleanField(label="已读给本人听，内容无误", error_messages={"required": "请先读给本人听，再勾选。"})
