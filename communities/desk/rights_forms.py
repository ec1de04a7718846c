"""What staff write about somebody's own data: an answer, a request taken down at the counter, how identity was checked."""

from django import forms

from communities import closing, rights
from communities.models import Consent, RightsRequest


class FileForm(forms.Form):
    kind = forms.ChoiceField(label="申请什么", choices=RightsRequest.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="内容", max_length=rights.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请照居民的原话填写。注销可以不写。",
    )  # fmt: skip


class AnswerForm(forms.Form):
    done = forms.TypedChoiceField(
        label="结论", choices=[("yes", "已办理"), ("no", "不同意")], coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=rights.LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="居民会看到这段话。请写明改了什么；不同意的，写明原因和依据。",
    )  # fmt: skip


class RefuseForm(AnswerForm):
    """For what is done on another page: here it can only be refused."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        done = self.fields["done"]
        assert isinstance(done, forms.TypedChoiceField)
        done.choices = [("no", "不同意")]
        done.initial = "no"


class CloseForm(forms.Form):
    reason = forms.CharField(
        label="怎样核对的本人身份", max_length=closing.LONGEST,
        help_text="例如：本人到窗口，核对了身份证原件。不要写证件号。",
    )  # fmt: skip
    sure = forms.BooleanField(
        label="已告诉本人：注销后不能恢复，积分不能再用", error_messages={"required": "请先告诉本人，再勾选。"}
    )


class ConsentForm(forms.Form):
    """How the resident said yes at the counter; nothing is chosen beforehand."""

    way = forms.ChoiceField(
        label="本人怎样同意的", widget=forms.RadioSelect,
        choices=[one for one in Consent.Way.choices if one[0] != Consent.Way.TAP],
    )  # fmt: skip
