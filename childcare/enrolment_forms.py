"""托管报名 as a family, or a colleague for one, types it: one form a step. The shape is here, what is kept is in enrolment/steps.py."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from childcare.enrolment import drafting
from childcare.enrolment.fields import Choice, Day, Field, Fields, Said, Whole, Yes
from childcare.enrolment.steps import (
    CHILD,
    CONSENTS,
    CONTACTS,
    GUARDIANS,
    HEALTH,
    MOST_PICKUPS,
    PICKUP,
    SERVICE,
    Step,
    numbered,
)
from childcare.models import Enrolment, Group
from childcare.places import showcase
from communities.forms import BIRTH_DATES
from communities.models import Resident, User
from core import clock

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
GRADES = [("", "请选择"), ("0", "学前"), *((str(one), f"{'一二三四五六七八九'[one - 1]}年级") for one in range(1, 10))]
SEXES = [("", "请选择"), ("m", "男"), ("f", "女")]
LONG = {"maxlength": "200", "rows": "2"}


def control(field: Field) -> forms.Field:
    """What is typed for it."""
    if isinstance(field, Yes):
        return forms.BooleanField(label=field.label, required=False)
    if isinstance(field, Day):
        return forms.DateField(
            label=field.label, required=field.required, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        )
    if isinstance(field, Choice):
        choices = [("", "请选择"), *((one, one) for one in field.among)]
        return forms.ChoiceField(label=field.label, required=field.required, choices=choices)
    if isinstance(field, Whole):
        return forms.IntegerField(label=field.label, required=field.required)
    wide = field.most >= 100
    widget = forms.Textarea(LONG | {"maxlength": str(field.most)}) if wide else forms.TextInput()
    return forms.CharField(label=field.label, required=field.required, max_length=field.most, widget=widget)


class StepForm(forms.Form):
    """Any step; `said()` is what `drafting.save_step` keeps."""

    kept: Fields = {}
    use_required_attribute = False

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.enrolment = enrolment
        for name, field in self.kept.items():
            if name not in self.fields:
                self.fields[name] = control(field)
        self.order_fields(self.field_order)

    def said(self) -> Said:
        return dict(self.cleaned_data)


class ChildForm(StepForm):
    kept = CHILD
    sex = forms.ChoiceField(label="性别", choices=SEXES, required=False)
    grade = forms.ChoiceField(label="年级", choices=GRADES, required=False)
    document = forms.ChoiceField(label="证件类型", choices=Resident.Document.choices, required=False)
    birth_date = forms.DateField(
        label="出生日期", required=False, input_formats=BIRTH_DATES,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="8位数字，例如20180502。填了身份证号可以不填。",
        error_messages={"invalid": "请检查出生日期，按年月日填8位数字，例如20180502。"},
    )  # fmt: skip
    number = forms.CharField(
        label="证件号", required=False, max_length=30, widget=forms.TextInput({"autocomplete": "off"}),
        help_text="可以不填。填了会加密保存，只显示后四位。",
    )  # fmt: skip
    field_order = ("name", "sex", "birth_date", "document", "number", "school", "grade", "school_class")

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        super().__init__(data, enrolment=enrolment, initial=initial)
        if initial and initial.get("tail"):
            self.fields["number"].help_text = f"已填写，后四位{initial['tail']}，不改就留空。"
        if enrolment.child_id:  # the file says who it is
            for name in ("name", "birth_date", "document", "number"):
                del self.fields[name]


class GuardiansForm(StepForm):
    kept = GUARDIANS
    own = ("relation", "workplace")
    second = ("second_name", "second_relation", "second_phone")
    carer = ("carer_name", "carer_relation", "carer_phone", "carer_on")


class ContactsForm(StepForm):
    kept = CONTACTS


class HealthForm(StepForm):
    kept = HEALTH
    agreed = forms.BooleanField(label="我同意登记孩子的健康情况", required=False)
    emergency = forms.BooleanField(label="紧急情况时，同意中心先送孩子就医", required=False)
    clear = forms.BooleanField(label="家长要求删除已填写的健康情况", required=False)
    field_order = ("agreed", *HEALTH, "clear")

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        super().__init__(data, enrolment=enrolment, initial=initial)
        if not (initial or {}).get("kept"):
            del self.fields["clear"]


class ServiceForm(StepForm):
    kept = SERVICE
    group = forms.ModelChoiceField(Group.objects.none(), label="班", empty_label="请选择")
    plan = forms.MultipleChoiceField(
        label="每周哪几天来", choices=list(enumerate(WEEKDAYS)), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择每周哪几天来。"},
    )  # fmt: skip
    lunch = forms.BooleanField(label="在中心用餐", required=False)
    nap = forms.BooleanField(label="在中心午休", required=False)
    alone = forms.BooleanField(
        label="孩子可以自己离开", required=False, help_text="只限四年级及以上，第7步还要您单独同意；不选，由大人接走。"
    )
    both_work = forms.BooleanField(label="我们是双职工家庭", required=False)
    sibling = forms.BooleanField(label="孩子的兄弟姐妹已在本中心", required=False)
    field_order = ("group", "plan", "starts_on", "lunch", "nap", "alone", "both_work", "sibling")

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        super().__init__(data, enrolment=enrolment, initial=initial)
        groups = Group.objects.filter(centre=enrolment.centre_id, status=Group.Status.OPEN, last_on__gte=clock.today())
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = groups.order_by("kind", "name")
        field.label_from_instance = said_of  # type: ignore[assignment]

    def said(self) -> Said:
        return self.cleaned_data | {
            "group": self.cleaned_data["group"].pk,
            "plan": [int(one) for one in self.cleaned_data["plan"]],
        }


def said_of(group: Group) -> str:
    """The group in a list: its name, days and hours, short enough for a phone."""
    days = showcase.weekdays_of(group.weekdays)
    return f"{group.name}（{days}{group.starts:%H:%M}—{group.ends:%H:%M}）"


class PickupsForm(StepForm):
    """Up to four people, each a group of fields name1, relation1, …; an empty one is nobody."""

    agreed = forms.BooleanField(label="我同意登记接送人", required=False)

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        people = list((initial or {}).get("people", []))
        shown = {f"{name}{at}": value for at, one in enumerate(people, 1) for name, value in one.items()}
        super().__init__(data, enrolment=enrolment, initial=(initial or {}) | shown)
        for at in range(1, MOST_PICKUPS + 1):
            for name, field in PICKUP.items():
                made = control(field)
                made.required = False
                self.fields[f"{name}{at}"] = made

    def said(self) -> Said:
        given = self.cleaned_data
        people = [{name: given[f"{name}{at}"] for name in PICKUP} for at in range(1, MOST_PICKUPS + 1)]
        return {
            "agreed": given["agreed"],
            "people": [one for one in people if any(one[name] for name in ("name", "phone", "id_tail"))],
        }

    def groups(self) -> list[list[forms.BoundField]]:
        """For the page: one list of fields a person."""
        return [[self[f"{name}{at}"] for name in PICKUP] for at in range(1, MOST_PICKUPS + 1)]


class ConsentsForm(StepForm):
    kept = CONSENTS

    def __init__(self, data: Any = None, *, enrolment: Enrolment, initial: Said | None = None) -> None:
        super().__init__(data, enrolment=enrolment, initial=initial)


def again(enrolment: Enrolment, at: int, by: User) -> tuple[Step, StepForm]:
    """The step `at` with what was kept of it, where a refusal is to be mended."""
    asked = numbered(at)
    assert asked is not None
    return asked, FORMS[asked.key](None, enrolment=enrolment, initial=drafting.shown(enrolment, asked, by))


FORMS: Mapping[str, Callable[..., StepForm]] = {
    "child": ChildForm, "guardians": GuardiansForm, "contacts": ContactsForm, "health": HealthForm, "service": ServiceForm,
    "pickups": PickupsForm, "consents": ConsentsForm,
}  # fmt: skip
