"""What residents and staff type about objections; what it means is decided by the verbs."""

from typing import Any

from django import forms

from communities import objections
from communities.models import Notice, NoticeItem


class ObjectionForm(forms.Form):
    """`item` empty: the whole notice."""

    item = forms.ModelChoiceField(
        NoticeItem.objects.none(), label="针对哪一项", required=False, empty_label="不针对某一项"
    )
    text = forms.CharField(
        label="异议内容", max_length=objections.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"请写清哪里不对、您了解的情况，不超过{objections.LONGEST}字。",
    )  # fmt: skip

    def __init__(self, *args: Any, notice: Notice, named: dict[int, str], **kwargs: Any) -> None:
        """`named`: what the reader sees of each line that may be chosen."""
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ModelChoiceField)
        item.queryset = notice.items.filter(pk__in=named, live=True).order_by("pk")
        item.label_from_instance = lambda one: named[one.pk]  # type: ignore[method-assign, assignment]


class ObjectionAnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="结论", choices=[("yes", "成立"), ("no", "不成立")], coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=objections.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="提出人会看到这段话。请说明核实了什么、依据是什么，不要写出其他人的个人信息。",
    )  # fmt: skip
