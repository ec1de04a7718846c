"""Above the list of what was sent."""

from django import forms

from communities.filters import OwnFilter
from notifications import kinds
from notifications.models import Message

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class SentFilter(OwnFilter):
    q = forms.CharField(label="居民姓名、手机尾号或卡号", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Message.State.choices], required=False)
    channel = forms.ChoiceField(label="渠道", choices=[("", "全部"), *Message.Channel.choices], required=False)
    subject = forms.ChoiceField(
        label="事项",
        choices=lambda: [("", "全部"), *((one.key, one.label) for one in kinds.subjects())],
        required=False,
    )
    since = forms.DateField(label="从哪天", required=False, widget=DAY)
    until = forms.DateField(label="到哪天", required=False, widget=DAY)

    field_order = ("q", "state", "channel", "subject", "community", "since", "until")
