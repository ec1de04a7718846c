"""交接记录: what is asked of whoever looks at a room, and what one use shows of itself; the desk's page and the phone's."""

from typing import Any

from django import forms

from core import clock
from venues import checks
from venues.models import Booking


class BeginForm(forms.Form):
    """开始检查."""

    well = forms.ChoiceField(
        label="房间和设备", choices=[("yes", "完好"), ("no", "有问题")], widget=forms.RadioSelect,
        error_messages={"required": "请选一项：完好，或有问题。"},
    )  # fmt: skip
    note = forms.CharField(label="情况", max_length=100, required=False, help_text="有问题的请写明，如“音响不响”。")

    def said(self) -> dict[str, Any]:
        return {"well": self.cleaned_data["well"] == "yes", "note": self.cleaned_data["note"]}


def _yes_no(label: str, yes: str, no: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("yes", yes), ("no", no)], widget=forms.RadioSelect,
        error_messages={"required": f"请选一项：{yes}，或{no}。"},
    )  # fmt: skip


class FinishForm(forms.Form):
    """结束检查. Nothing is ticked beforehand: whoever fills it in has looked."""

    water_off = _yes_no("水", "已关", "没关")
    power_off = _yes_no("电", "已断", "没断")
    locked = _yes_no("门窗", "已锁好", "没锁好")
    damage = forms.CharField(
        label="损坏", max_length=200, required=False, widget=forms.Textarea({"rows": 2}), help_text="没有损坏就不填。"
    )
    signed = forms.CharField(
        label="使用人签字", max_length=40, required=False, help_text="请使用人写上姓名；使用人已离开的不填。"
    )

    def said(self) -> dict[str, Any]:
        ticked = {name: self.cleaned_data[name] == "yes" for name in ("water_off", "power_off", "locked")}
        return ticked | {"damage": self.cleaned_data["damage"], "signed": self.cleaned_data["signed"]}


def board(use: Booking) -> dict[str, Any]:
    """Everything about one use: what was written down, the forms for what is missing, and why one cannot be filled in now."""
    now = clock.now()
    return {
        "use": use, "check": checks.check_of(use), "begin": BeginForm(), "finish": FinishForm(),
        "no_begin": checks.refusal_to_begin(use, now), "no_finish": checks.refusal_to_finish(use, now),
    }  # fmt: skip
