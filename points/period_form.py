"""The month or year that 对账 speaks of."""

import re
from datetime import date
from typing import Any

from django import forms

from points.reconciliation import Period

NAMED = re.compile(r"(\d{4})(?:-(\d\d))?")


class PeriodForm(forms.Form):
    """Any month or year from `first`, the first day of the books, to `today`; without one, or with nonsense, this month."""

    period = forms.ChoiceField(label="期间", required=False)

    def __init__(self, data: Any, *, first: date, today: date) -> None:
        self.this_month = Period.month(today.year, today.month)
        super().__init__({"period": data.get("period") or self.this_month.value})
        years = range(today.year, first.year - 1, -1)
        self.fields["period"].choices = [(f"{year}年", _of(year, first, today)) for year in years]  # type: ignore[attr-defined]

    def asked(self) -> Period:
        named = NAMED.fullmatch(self.cleaned_data["period"]) if self.is_valid() else None
        if named is None:
            return self.this_month
        year, month = int(named[1]), named[2]
        return Period.month(year, int(month)) if month else Period.year(year)


def _of(year: int, first: date, today: date) -> list[tuple[str, str]]:
    last = today.month if year == today.year else 12
    begin = first.month if year == first.year else 1
    months = [Period.month(year, month) for month in range(last, begin - 1, -1)]
    return [(one.value, str(one)) for one in (*months, Period.year(year))]
