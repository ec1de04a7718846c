"""What the owner types about a statement."""

from django import forms

from partners.settling import signing


class DisputeForm(forms.Form):
    text = forms.CharField(
        label="哪里不对", max_length=signing.LONGEST, widget=forms.Textarea({"rows": 4}),
        help_text="如“18日撤销的那张已经重新核销，没有算进去”。",
    )  # fmt: skip
