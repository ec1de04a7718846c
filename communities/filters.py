"""Above a list of the desk: of which of the reader's communities, and whatever else a list can be narrowed by."""

from typing import Any

from django import forms

from communities.models import Community, User


class OwnFilter(forms.Form):
    """All of it optional; what is not understood is left out. A list adds fields of its own, and says their order.

    Whoever works in one community is not asked which.
    """

    community = forms.ModelChoiceField(Community.objects.none(), label="社区", required=False, empty_label="全部")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        own = Community.objects.for_staff(user).order_by("pk")
        names = [("", "全部"), *((one.pk, one.name) for one in own)]
        mine = self.fields["community"]
        mine.queryset, mine.choices = own, names  # type: ignore[attr-defined]
        if len(names) < 3:
            del self.fields["community"]

    def asked(self) -> dict[str, Any]:
        """What was said, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
