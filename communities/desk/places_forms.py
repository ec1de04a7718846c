"""Names of estates and grids, and who looks after a grid."""

from typing import Any

from django import forms

from communities.models import User


class PlaceForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40)


class GridForm(PlaceForm):
    keeper = forms.ModelChoiceField(User.objects.none(), label="网格员", required=False, empty_label="还没有定")

    def __init__(self, *args: Any, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeper = self.fields["keeper"]
        assert isinstance(keeper, forms.ModelChoiceField)
        keeper.queryset = User.objects.filter(pk__in=[one.pk for one in colleagues]).order_by("name")
