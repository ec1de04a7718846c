"""What is typed about a volunteer; the verbs decide."""

from typing import Any

from django import forms

from activities.kinds import TEMPLATES
from activities.models import Activity, Volunteer
from activities.volunteers import NUMBER, SKILLS, Facts
from communities.models import Consent

KINDS = [(kind, Activity.Kind(kind).label) for kind, template in TEMPLATES.items() if template.volunteering]


class VolunteerForm(forms.Form):
    """性别, 专业技能, 服务类别."""

    sex = forms.ChoiceField(label="性别", choices=[("", "不填"), *Volunteer.Sex.choices], required=False)
    skills = forms.CharField(
        label="专业技能", max_length=SKILLS, required=False, help_text="如会理发、会修电器、退休教师"
    )
    kinds = forms.MultipleChoiceField(
        label="愿意参加的服务", choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, volunteer: Volunteer | None = None) -> None:
        known = {key: getattr(volunteer, key) for key in ("sex", "skills", "kinds")} if volunteer else {}
        super().__init__(data, initial=known)

    def facts(self) -> Facts:
        return Facts(**{key: self.cleaned_data[key] for key in ("sex", "skills", "kinds")})


class SignedForm(VolunteerForm):
    """At the desk: also how the person said yes."""

    way = forms.ChoiceField(
        label="本人怎样同意", widget=forms.RadioSelect,
        choices=[(Consent.Way.SIGNATURE, "在纸上签了字"), (Consent.Way.COUNTER, "在场口头同意，由我代录")],
        error_messages={"required": "请选择本人怎样同意。没有本人同意不能登记。"},
    )  # fmt: skip


class NumberForm(forms.Form):
    number = forms.CharField(
        label="志愿者编号", max_length=NUMBER, required=False, help_text="全国志愿服务信息系统给的编号，没有请留空"
    )


class RegisterFilter(forms.Form):
    """Above the register."""

    kind = forms.ChoiceField(label="服务类别", choices=[("", "全部"), *KINDS], required=False)
    q = forms.CharField(label="姓名、技能或编号", max_length=20, required=False)
