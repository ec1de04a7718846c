"""What staff type about a training; the verb decides."""

from typing import Any

from django import forms

from activities.trainings import Lesson
from communities.models import Community, User


class TrainingForm(forms.Form):
    """One training, and everybody who took part."""

    community = forms.ModelChoiceField(label="社区", queryset=Community.objects.none(), empty_label=None)
    name = forms.CharField(label="培训名称", max_length=60)
    content = forms.CharField(label="主要内容", max_length=200, widget=forms.Textarea({"rows": 2}))
    host = forms.CharField(label="举办单位", max_length=60)
    on = forms.DateField(label="培训日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    minutes = forms.IntegerField(label="学习分钟", min_value=1, max_value=6000)
    people = forms.CharField(
        label="参加的人", max_length=6000, widget=forms.Textarea({"rows": 6}),
        help_text="一行一位：姓名；重名的，姓名后空一格写手机号后四位，如“张三 1234”。",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        field = self.fields["community"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Community.objects.for_staff(user).order_by("pk")

    def lesson(self) -> Lesson:
        return Lesson(**{name: self.cleaned_data[name] for name in ("name", "content", "host", "minutes", "on")})


class Search(forms.Form):
    q = forms.CharField(
        label="查找",
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "search", "placeholder": "培训名称或姓名"}),
    )

    def words(self) -> str:
        return self.cleaned_data["q"].strip() if self.is_valid() else ""
