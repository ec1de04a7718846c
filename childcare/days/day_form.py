"""What a guardian sends with one tap: the day, and why."""

from django import forms

from childcare.days import leave


class LeaveForm(forms.Form):
    day = forms.DateField()
    reason = forms.ChoiceField(choices=[(one.value, one.label) for one in leave.REASONS], required=False)

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or leave.REASONS[0].value
