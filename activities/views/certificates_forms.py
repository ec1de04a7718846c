"""What a resident chooses when asking for a certificate: no dates to type."""

from datetime import date
from typing import Any

from django import forms

from communities.models import Community

ALL, THIS, LAST = "all", "this", "last"
BEGINNING = date(2000, 1, 1)


class AskForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="由哪个社区出具", empty_label=None)
    period = forms.ChoiceField(label="证明哪一段时间的服务", widget=forms.RadioSelect, initial=ALL)

    def __init__(self, *args: Any, units: list[Community], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, mine, period = today, self.fields["community"], self.fields["period"]
        assert isinstance(mine, forms.ModelChoiceField) and isinstance(period, forms.ChoiceField)
        mine.queryset = Community.objects.filter(pk__in=[one.pk for one in units])
        if len(units) == 1:
            mine.initial, mine.widget = units[0].pk, forms.HiddenInput()
        period.choices = [
            (ALL, "到今天为止的全部服务"), (THIS, f"今年（{today.year}年）"), (LAST, f"去年（{today.year - 1}年）"),
        ]  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """`community`, `from_on` and `to_on` as `certificates.ask` takes them."""
        year = self.today.year
        spans = {
            ALL: (BEGINNING, self.today), THIS: (date(year, 1, 1), self.today),
            LAST: (date(year - 1, 1, 1), date(year - 1, 12, 31)),
        }  # fmt: skip
        from_on, to_on = spans[self.cleaned_data["period"]]
        return {"community": self.cleaned_data["community"], "from_on": from_on, "to_on": to_on}
