"""REST: what of a day is free in a room."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Sent, caller
from core import clock
from venues import opening
from venues.models import Room


class FreeHours(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(help_text="开始")
    ends_at = serializers.DateTimeField(help_text="结束")


class OneDay(Sent):
    day = serializers.DateField(required=False, help_text="日期，如2026-12-02；不写就是今天")


class Free(GenericViewSet[Room]):
    """The free hours of rooms of the client's communities."""

    scopes = {"free": "rooms:read"}
    queryset = Room.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="活动室某日空闲时间", description="开放时间里还没有人用的时段，前后已留出整理时间。", parameters=[OneDay],
        responses=FreeHours(many=True),
    )  # fmt: skip
    @action(detail=True, methods=["get"], pagination_class=None)
    def free(self, request: Request, pk: int) -> Response:
        """Stretches of one day, in order. 404 for rooms of other communities."""
        day = OneDay.read(request.query_params).get("day", clock.today())
        mine = Room.objects.for_staff(caller(request)).select_related("community").prefetch_related("hours")
        found = opening.free(get_object_or_404(mine, pk=pk), day)
        return Response(FreeHours([one._asdict() for one in found], many=True).data)
