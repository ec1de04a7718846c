"""What applicants, and colleagues for them, type; forms look at shape only, the verbs decide."""

from typing import Any

from django import forms

from communities.models import Community, User
from partners.forms import PHONE, day_field
from partners.joining import applying, creditcode, handing_in
from partners.joining.applying import MOST_PEOPLE, MOST_TIMES, PromiseLine, Service, Subject
from partners.joining.handing_in import Pledge
from partners.models import Application, Call, Partner

LINES = 4
WHO = (
    "name", "kind", "trade", "credit_code", "legal_person", "registered_address", "address", "scope", "founded_on", "contact",
    "contact_phone",
)  # fmt: skip

OF_FIRMS = ("credit_code", "legal_person", "registered_address")


class WhereForm(forms.Form):
    """Where it is handed in: to a community, or to a call of one that is open."""

    community = forms.ModelChoiceField(Community.objects.none(), label="报名的社区", empty_label=None)

    def __init__(self, data: Any = None, *, user: User | None = None) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk") if user else Community.objects.joinable()
        self.fields["community"].queryset = own.select_related("sub_district")  # type: ignore[attr-defined]
        self.fields["community"].initial = own.first()


class SubjectForm(forms.ModelForm[Partner]):
    """主体. `fixed`: somebody judges or has judged who this is, so name, code and trade stand."""

    founded_on = day_field("成立日期", required=False)
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=40, required=False,
        help_text="营业执照或登记证书上的18位代码。能人和没有执照的主理人不填",
    )  # fmt: skip
    contact_phone = forms.CharField(label="联系电话", max_length=20, validators=[PHONE])

    class Meta:
        model = Partner
        fields = WHO
        labels = {"name": "名称", "kind": "主体类型", "address": "经营地址", "contact": "联系人"}
        help_texts = {
            "name": "与证照一致；能人和没有执照的主理人填写姓名",
            "address": "在社区里开店或服务的地方",
        }
        widgets = {"scope": forms.Textarea({"rows": 2})}

    field_order = WHO
    use_required_attribute = False  # what a person leaves empty, a firm does not

    def __init__(self, data: Any = None, *, instance: Partner | None = None, fixed: bool = False) -> None:
        super().__init__(data, instance=instance, label_suffix="")
        self.fixed = fixed
        kind = (data or {}).get("kind") or (instance.kind if instance else "")
        for name in ("kind", "trade"):
            blank, *known = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [(blank[0], "请选择"), *known]  # type: ignore[attr-defined]
        for name in OF_FIRMS:
            self.fields[name].required = kind not in applying.CODELESS
        self.fields["contact"].required = True
        for name in WHO if fixed else ():
            self.fields[name].disabled = name not in applying.ALWAYS

    def clean_credit_code(self) -> str:
        code = creditcode.normalised(str(self.cleaned_data["credit_code"]))
        kind = self.cleaned_data.get("kind")
        refused = None if kind in applying.CODELESS and not code else creditcode.refusal_for(code)
        if refused:
            raise forms.ValidationError(refused.message)
        return "" if kind == Partner.Kind.PERSON else code

    def said(self) -> Subject:
        return Subject(**{name: self.cleaned_data[name] for name in WHO})


class ServiceForm(forms.Form):
    """服务与承诺. The promises are so many lines of four fields each; an empty item is no line."""

    services = forms.CharField(label="服务内容", max_length=300, widget=forms.Textarea({"rows": 3}))
    audience = forms.CharField(label="服务对象", max_length=100, required=False, help_text="如老人、儿童、全体居民")
    room_wanted = forms.CharField(
        label="所需场地", max_length=200, required=False, help_text="需要社区提供场地的，写明面积、时段"
    )
    safety = forms.CharField(label="安全措施", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    insurance = forms.CharField(label="保险", max_length=200, required=False, help_text="如公众责任险，写明保额")

    def __init__(self, data: Any = None, *, application: Application | None = None) -> None:
        kept = application.promises if application else []
        names = ("services", "audience", "room_wanted", "safety", "insurance")
        initial = {name: getattr(application, name) for name in names} if application else {}
        self.count = max(LINES, len(kept))
        for place, line in enumerate(kept):
            initial |= {f"{name}_{place}": value or None for name, value in line.items()}
        super().__init__(data, initial=initial, label_suffix="")
        self.stated = list(self.fields)
        for place in range(self.count):
            self.fields |= {
                f"item_{place}": forms.CharField(label="项目", max_length=60, required=False),
                f"times_{place}": forms.IntegerField(
                    label="每月几次", min_value=1, max_value=MOST_TIMES, required=False
                ),
                f"people_{place}": forms.IntegerField(
                    label="每次几人", min_value=0, max_value=MOST_PEOPLE, required=False
                ),
                f"discount_{place}": forms.CharField(label="优惠", max_length=60, required=False),
            }

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.stated]

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        parts = ("item", "times", "people", "discount")
        return [[self[f"{part}_{place}"] for part in parts] for place in range(self.count)]

    def clean(self) -> None:
        super().clean()
        for place in range(self.count):
            said = {part: self.cleaned_data.get(f"{part}_{place}") for part in ("item", "times", "people", "discount")}
            if said["item"] and not said["times"]:
                self.add_error(f"times_{place}", "写明每月几次。")
            elif not said["item"] and any(said.values()):
                self.add_error(f"item_{place}", "写明项目，不要的整行清空。")

    def said(self) -> Service:
        given = self.cleaned_data
        lines = [
            PromiseLine(given[f"item_{n}"], given[f"times_{n}"], given[f"people_{n}"] or 0, given[f"discount_{n}"])
            for n in range(self.count) if given[f"item_{n}"]
        ]  # fmt: skip
        return Service(**{name: given[name] for name in self.stated}, promises=tuple(lines))


class PledgeForm(forms.Form):
    pledged = forms.BooleanField(label="我承诺：近三年没有严重违法行为，所填内容真实", required=False)
    kinship = forms.ChoiceField(
        label="您或家人是否与社区、街道工作人员有亲属关系", choices=[("no", "没有"), ("yes", "有")],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    note = forms.CharField(
        label="亲属关系说明", max_length=handing_in.NOTE, required=False, help_text="选“有”的，写明是谁、什么关系"
    )

    def __init__(self, data: Any = None, *, application: Application | None = None) -> None:
        initial = {}
        if application and application.kinship is not None:
            known = "yes" if application.kinship else "no"
            initial = {"kinship": known, "note": application.kinship_note}
        super().__init__(data, initial=initial, label_suffix="")

    def said(self) -> Pledge:
        kinship = {"yes": True, "no": False}.get(self.cleaned_data["kinship"])
        return Pledge(self.cleaned_data["pledged"], kinship, self.cleaned_data["note"])


class OpenCallForm(forms.Form):
    """Which call, named in the address; whatever is wrong counts as none."""

    call = forms.ModelChoiceField(Call.objects.none(), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["call"].queryset = Call.objects.published().select_related("community__sub_district")  # type: ignore[attr-defined]

    def chosen(self) -> Call | None:
        self.is_valid()
        return self.cleaned_data.get("call")
