"""What is put right in a child's file, by the family or at the window."""

from collections.abc import Sequence
from typing import Any

from django import forms

from childcare.enrolment.carefiles import FACTS
from childcare.enrolment.carers import WHO, Entrusted
from childcare.enrolment.contacts import CONTACT, LEAST, MOST
from childcare.enrolment.fields import Said
from childcare.enrolment.steps import HEALTH
from childcare.enrolment_forms import GRADES, SEXES, control
from childcare.models import CareFile, Contact


class FactsForm(forms.Form):
    sex = forms.ChoiceField(label="性别", choices=SEXES, required=False)
    school = control(FACTS["school"])
    grade = forms.ChoiceField(label="年级", choices=GRADES, required=False)
    school_class = control(FACTS["school_class"])
    workplace = control(FACTS["workplace"])

    def __init__(self, data: Any = None, *, file: CareFile | None) -> None:
        super().__init__(data, initial={name: getattr(file, name) for name in FACTS} if file else None, label_suffix="")

    def said(self) -> Said:
        return dict(self.cleaned_data)


class ContactsListForm(forms.Form):
    """Two to four people in the order in which they are called."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, rows: Sequence[Contact]) -> None:
        shown = {f"{name}{at}": getattr(one, name) for at, one in enumerate(rows, 1) for name in CONTACT}
        super().__init__(data, initial=shown, label_suffix="")
        for at in range(1, MOST + 1):
            for name, field in CONTACT.items():
                made = control(field)
                made.label, made.required = f"第{at}位{field.label.removeprefix('紧急联系人')}", at <= LEAST
                self.fields[f"{name}{at}"] = made

    def said(self) -> list[Said]:
        given = self.cleaned_data
        people = [{name: given[f"{name}{at}"] for name in CONTACT} for at in range(1, MOST + 1)]
        return [one for one in people if any(one.values())]


class HealthFileForm(forms.Form):
    def __init__(self, data: Any = None, *, initial: Said | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for name, field in HEALTH.items():
            self.fields[name] = control(field)

    def said(self) -> Said:
        return dict(self.cleaned_data)


class CarerForm(forms.Form):
    name = control(WHO["name"])
    relation = control(WHO["relation"])
    phone = control(WHO["phone"])
    entrusted_on = forms.DateField(label="书面委托日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    seen = forms.BooleanField(label="已看过父母签字的书面委托原件", required=False)
    fit = forms.BooleanField(
        label="已按未成年人保护法第22、23条问过：受托人没有性侵害、虐待、遗弃、拐卖、暴力伤害等违法犯罪记录，没有吸毒、酗酒、赌博等恶习",
        required=False,
    )  # fmt: skip

    def entrusted(self) -> Entrusted:
        return Entrusted(**self.cleaned_data)
