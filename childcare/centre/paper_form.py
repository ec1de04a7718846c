"""One line of boxes for each child, typed with Enter or Tab from box to box; shape only, the verb decides."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms

from childcare.centre.day_forms import ClockField
from childcare.days.board import Row
from childcare.days.paper import Line
from childcare.models import Attendance, Handover, Staffer

CHECKS = [(one.value, one.label) for one in (Handover.Check.KNOWN, Handover.Check.DOCUMENT)]
NOTHING = [("", "")]


class PaperForm(forms.Form):
    """Fields are named by place: arrived-12, absence-12, left-12, whom-12, check-12, tail-12, staffer-12."""

    def __init__(
        self, data: Any = None, *, rows: list[Row], whom: dict[int, list[tuple[str, str]]], staff: list[Staffer]
    ) -> None:
        super().__init__(data)
        self.rows, self.staff = rows, {str(one.pk): one for one in staff}
        self.open = [row for row in rows if row.left_at is None]
        on_duty = NOTHING + [(str(one.pk), one.name) for one in staff]
        for row in self.open:
            pk, name = row.place.pk, row.place.child.name
            if row.arrived_at is None:
                self.fields[f"arrived-{pk}"] = ClockField(label=f"{name}到", required=False, widget=_box())
                self.fields[f"absence-{pk}"] = _choice(f"{name}缺勤", NOTHING + Attendance.Absence.choices)
            self.fields[f"left-{pk}"] = ClockField(label=f"{name}离", required=False, widget=_box())
            self.fields[f"whom-{pk}"] = _choice(f"{name}接走人", NOTHING + whom.get(row.place.child_id, []))
            self.fields[f"check-{pk}"] = _choice(f"{name}核验", NOTHING + CHECKS)
            self.fields[f"tail-{pk}"] = forms.CharField(
                label=f"{name}证件后四位", required=False, max_length=4, widget=_box()
            )
            self.fields[f"staffer-{pk}"] = _choice(f"{name}值班员", on_duty)

    def lines(self) -> list[Line]:
        """The arguments of `paper.enter`."""
        return [self._line(row) for row in self.open]

    def drawn(self) -> Iterator[tuple[Row, dict[str, forms.BoundField]]]:
        """For the page: each child with its boxes; none for who is gone."""
        names = ("arrived", "absence", "left", "whom", "check", "tail", "staffer")
        for row in self.rows:
            yield (
                row,
                {name: self[f"{name}-{row.place.pk}"] for name in names if f"{name}-{row.place.pk}" in self.fields},
            )

    def _line(self, row: Row) -> Line:
        said = {name: self.cleaned_data.get(f"{name}-{row.place.pk}") for name in ("arrived", "left")}
        words = {
            name: str(self.cleaned_data.get(f"{name}-{row.place.pk}") or "")
            for name in ("absence", "whom", "check", "tail", "staffer")
        }
        times: dict[str, time | None] = {
            name: value if isinstance(value, time) else None for name, value in said.items()
        }
        return Line(
            row.place,
            times["arrived"],
            words["absence"],
            times["left"],
            words["whom"],
            words["check"],
            words["tail"].strip(),
            self.staff.get(words["staffer"]),
        )


def _box() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "size": 5, "autocomplete": "off", "maxlength": 5})


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)
