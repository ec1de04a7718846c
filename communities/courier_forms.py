"""What couriers and colleagues type about them; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from communities import couriers
from communities.filters import OwnFilter
from communities.models import Courier

PLATFORMS = [(name, name) for name in couriers.PLATFORMS]


class RegisterForm(forms.Form):
    """On the courier's phone."""

    platform = forms.ChoiceField(label="平台", choices=[("", "请选择"), *PLATFORMS])
    station = forms.CharField(
        label="站点", max_length=couriers.STATION, required=False, help_text="如“华林站”。不收集您的位置。"
    )


class EndForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=couriers.REASON, help_text="小哥会在消息里看到，如“已离职”。")


class CourierFilter(OwnFilter):
    """Above the desk's list."""

    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Courier.Status.choices], required=False)
    platform = forms.ChoiceField(label="平台", choices=[("", "全部"), *PLATFORMS], required=False)
    q = forms.CharField(label="姓名", max_length=20, required=False)

    field_order = ("status", "platform", "community", "q")


class PickForm(forms.Form):
    """Ticked couriers for a notice."""

    picked = forms.MultipleChoiceField(
        error_messages={"required": "请先勾选小哥。", "invalid_choice": "名单刚刚有变动，没有办理。请重新勾选。"}
    )

    def __init__(self, data: Any, *, people: list[Courier]) -> None:
        super().__init__(data)
        self.people = {str(one.pk): one for one in people}
        self.fields["picked"].choices = [(pk, pk) for pk in self.people]  # type: ignore[attr-defined]

    def chosen(self) -> list[Courier]:
        return [self.people[pk] for pk in self.cleaned_data["picked"]]
