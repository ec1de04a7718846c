"""REST: the book of hours, to be read. What stands there was seen by two people; spending points never lowers it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import hours
from activities.models import Service
from communities.clients import Number, Paged, caller
from communities.models import Resident

SHOWN = (
    "id", "resident", "title", "kind", "content", "place", "unit", "leader", "on", "starts_at", "ends_at", "minutes",
    "credited", "means", "late_reason", "confirmed_at", "replaces", "voided_at", "void_reason", "reported_at",
)  # fmt: skip


class ServiceShape(serializers.ModelSerializer[Service]):
    class Meta:
        model = Service
        fields = read_only_fields = SHOWN


class Filter(Paged):
    community = Number(required=False, help_text="社区编号")
    resident = Number(required=False, help_text="居民编号")
    since = serializers.DateField(required=False, help_text="服务日期从哪天起，含当天")
    until = serializers.DateField(required=False, help_text="服务日期到哪天止，含当天")


class HoursShape(serializers.Serializer[Any]):
    credited = serializers.IntegerField(help_text="累计计入分钟（满半小时计）")


class Services(GenericViewSet[Service]):
    """Records of service of the client's communities, those that a correction voided included."""

    scopes = {"list": "hours:read"}
    queryset = Service.objects.none()

    @extend_schema(
        summary="服务时长台账",
        description="本客户端所辖社区的服务记录，新的在前；作废的也在内，以voided_at区分。",
        parameters=[Filter],
        responses=ServiceShape,
    )
    def list(self, request: Request) -> Response:
        """A page of records, newest first."""
        asked = Filter.read(request.query_params)
        words = {"community": "community", "resident": "resident", "since": "on__gte", "until": "on__lte"}
        kept = {words[name]: value for name, value in asked.items() if name in words}
        page = self.paginate_queryset(Service.objects.for_staff(caller(request)).filter(**kept))
        return self.get_paginated_response(ServiceShape(page, many=True).data)


class Hours(GenericViewSet[Resident]):
    scopes = {"hours": "hours:read"}
    lookup_value_converter = "int"

    @extend_schema(summary="居民的服务时长", description="与积分无关：用掉积分，时长不会减少。", responses=HoursShape)
    @action(detail=True)
    def hours(self, request: Request, pk: int) -> Response:
        """Minutes that count, a whole life long. 404 for residents of other communities."""
        resident = get_object_or_404(Resident.objects.for_staff(caller(request)), pk=pk)
        return Response(HoursShape({"credited": hours.credited(resident)}).data)
