"""REST: rooms with their facts and opening hours. What of them is free, and bookings: bookings.py."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, caller
from venues.models import OpeningHours, Room


class OpeningShape(serializers.ModelSerializer[OpeningHours]):
    class Meta:
        model = OpeningHours
        fields = read_only_fields = ("weekday", "opens", "closes")
        extra_kwargs = {"weekday": {"help_text": "0是周一，6是周日"}}


class RoomShape(serializers.ModelSerializer[Room]):
    hours = OpeningShape(many=True, read_only=True, help_text="开放时间；空的按街道统一时间")

    class Meta:
        model = Room
        fields = read_only_fields = (
            "id", "community", "name", "place", "floor", "area", "capacity", "facilities", "accessible", "access_note",
            "standing", "shared", "hours",
        )  # fmt: skip


class RoomAsked(Paged):
    community = Number(required=False, help_text="社区编号")
    standing = serializers.ChoiceField(choices=Room.Standing.choices, required=False, help_text="状态")


class Rooms(GenericViewSet[Room]):
    """Rooms of the client's communities. Who answers for them and who keeps the keys is not told."""

    scopes = {"list": "rooms:read", "retrieve": "rooms:read"}
    queryset = Room.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="活动室列表",
        description="本客户端所辖社区的活动室，新的在前。",
        parameters=[RoomAsked],
        responses=RoomShape,
    )
    def list(self, request: Request) -> Response:
        """A page of rooms, newest first."""
        asked = RoomAsked.read(request.query_params)
        rooms = Room.objects.for_staff(caller(request)).prefetch_related("hours")
        wanted = {name: asked[name] for name in ("community", "standing") if name in asked}
        page = self.paginate_queryset(rooms.filter(**wanted))
        return self.get_paginated_response(RoomShape(page, many=True).data)

    @extend_schema(summary="查看活动室", description="资料和开放时间。", responses=RoomShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for rooms of others."""
        rooms = Room.objects.for_staff(caller(request)).prefetch_related("hours")
        return Response(RoomShape(get_object_or_404(rooms, pk=pk)).data)
