"""REST: small deeds and suggestions sent in for residents, as a hotline or another system receives them. Without photos."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import deeds
from activities.models import Deed
from communities.clients import Number, Sent, caller
from communities.models import Resident

SHOWN = (
    "id", "resident", "kind", "text", "place", "at", "status", "answer_by", "answered_at", "answer", "merged_into", "close_by",
    "solved_at", "outcome",
)  # fmt: skip


class DeedShape(serializers.ModelSerializer[Deed]):
    class Meta:
        model = Deed
        fields = read_only_fields = SHOWN


class DeedOrder(Sent):
    resident = Number(help_text="居民编号")
    kind = serializers.ChoiceField(Deed.Kind.choices, help_text="类别")
    text = serializers.CharField(max_length=300, help_text="内容")
    place = serializers.CharField(max_length=60, required=False, help_text="地点，用文字说明")


class Deeds(GenericViewSet[Deed]):
    """What the client itself sent in for residents of its communities; what others sent is for the staff's eyes."""

    scopes = {"create": "deeds:write", "retrieve": "deeds:write"}
    queryset = Deed.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民提交小事",
        description="随手拍、小善举或建议，由工作人员审核。",
        request=DeedOrder,
        responses={201: DeedShape},
    )
    def create(self, request: Request) -> Response:
        """Send in. Refuses as `deeds.refusal_for` says; 404 for residents of others."""
        asked, by = DeedOrder.read(request.data), caller(request)
        number = asked.pop("resident")
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=number)
        return Response(DeedShape(deeds.send(resident=resident, by=by, **asked)).data, status=201)

    @extend_schema(summary="查看小事", description="审核和处理的状态。", responses=DeedShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for what others sent, and for deeds of other communities."""
        mine = Deed.objects.for_staff(caller(request)).filter(by=caller(request))
        return Response(DeedShape(get_object_or_404(mine, pk=pk)).data)
