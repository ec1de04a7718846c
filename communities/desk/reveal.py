"""查看完整号码 at the desk: the purpose first, then the value for half a minute."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from communities import access, revealing
from communities.guards import staff_page
from communities.models import Resident, User
from core.pages import form_page, keep_form, page

OTHER = "other"


class RevealForm(forms.Form):
    field = forms.ChoiceField(label="看什么", widget=forms.RadioSelect)
    why = forms.ChoiceField(
        label="查看原因", widget=forms.RadioSelect,
        choices=[*((said, said) for said in revealing.PURPOSES), (OTHER, "其他原因，写在下面")],
    )  # fmt: skip
    other = forms.CharField(
        label="其他原因", max_length=access.LONGEST, required=False,
        help_text="原因会和您的姓名一起记入查看记录，审计员能看到；居民能看到时间和原因。",
    )  # fmt: skip

    def __init__(self, *args: object, fields: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, revealing.FIELDS[key].label) for key in fields]

    def purpose(self) -> str:
        """What the reader said, chosen or written."""
        chosen: str = self.cleaned_data["why"]
        written: str = self.cleaned_data["other"]
        return written if chosen == OTHER else "，".join(filter(None, (chosen, written)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def reveal(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The form by itself; after a POST the value, as a page or as what htmx puts in its place."""
    files = Resident.objects.for_staff(user).exclude(status=Resident.Status.CLOSED)
    resident = get_object_or_404(files.select_related("community"), pk=pk)
    open_ones = revealing.open_to(user, resident)
    first = request.GET.get("field", open_ones[0] if len(open_ones) == 1 else "")
    form = RevealForm(request.POST if request.method == "POST" else None, fields=open_ones, initial={"field": first})
    context = {"section": "residents", "resident": resident, "open_ones": open_ones}
    if not form.is_valid():
        return form_page(request, "desk/communities/reveal_form.html", form, context)
    keep_form(request, "desk/communities/reveal_form.html", form, context)
    field = form.cleaned_data["field"]
    value = revealing.reveal(resident=resident, by=user, field=field, purpose=form.purpose())
    label = revealing.FIELDS[field].label
    return page(request, "desk/communities/revealed.html", context | {"label": label, "value": value})
