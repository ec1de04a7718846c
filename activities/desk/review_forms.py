"""What staff choose above the review queue."""

from django import forms

from activities import queue
from communities.filters import OwnFilter

WHOSE = [("", "我能审核的"), ("all", "全部，含须由同事审核的")]


def kinds() -> list[tuple[str, str]]:
    """As they are registered when a form is shown."""
    return [("", "全部"), *((kind.code, kind.title) for kind in queue.kinds())]


class QueueFilter(OwnFilter):
    kind = forms.ChoiceField(label="类别", choices=kinds, required=False)
    whose = forms.ChoiceField(label="范围", choices=WHOSE, required=False)

    field_order = ("kind", "community", "whose")
