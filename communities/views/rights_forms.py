"""What a resident writes when asking something of their own data."""

from django import forms

from communities import rights
from communities.models import RightsRequest

Kind = RightsRequest.Kind
HINTS = {
    Kind.CORRECT: ("哪里不对，应该是什么", "例如：出生日期写成了1960年，应该是1958年5月2日。"),
    Kind.DELETE: ("要删除哪些信息", "例如：请删除我的出生日期。积分账本按规定要保存，不能删除。"),
    Kind.EXPLAIN: ("想了解什么", "例如：为什么有人查看过我的手机号。"),
    Kind.CLOSE: ("想说的话", "不用说明理由。"),
}


class AskForm(forms.Form):
    text = forms.CharField(max_length=rights.LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: object, kind: RightsRequest.Kind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        text = self.fields["text"]
        text.label, text.help_text = HINTS[kind]
        text.required = kind != Kind.CLOSE
