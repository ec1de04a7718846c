"""REST: bookings of rooms, made, confirmed and given back for residents. The same verbs as the pages."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident
from venues import booking as bookings, reconfirming
from venues.booking import Reason, Wish
from venues.claiming import Hours
from venues.models import Booking, Room

MOST = 24 * 60


class RoomOrder(Sent):
    room = Number(help_text="活动室编号")
    resident = Number(help_text="居民编号")
    starts_at = serializers.DateTimeField(help_text="开始，按30分钟一格")
    minutes = serializers.IntegerField(min_value=1, max_value=MOST, help_text="时长（分钟）")
    people = serializers.IntegerField(min_value=1, max_value=2000, help_text="人数")
    reason = serializers.ChoiceField(Reason.choices, default=Reason.OTHER, help_text="做什么")

    def wish(self) -> Wish:
        asked = self.validated_data
        hours = Hours(asked["starts_at"], asked["starts_at"] + timedelta(minutes=asked["minutes"]))
        return Wish(hours, asked["people"], Reason(asked["reason"]))


class BookingShape(serializers.ModelSerializer[Booking]):
    class Meta:
        model = Booking
        fields = (
            "id", "room", "resident", "use", "title", "people", "starts_at", "ends_at", "status", "reconfirmed_at", "end_reason", "at",
        )  # fmt: skip
        read_only_fields = fields


class BookingList(Paged):
    room = Number(required=False, help_text="活动室编号")


class Why(Sent):
    reason = serializers.CharField(max_length=bookings.LONGEST, help_text="取消原因，会告诉居民")


class Bookings(GenericViewSet[Booking]):
    """Bookings of rooms of the client's communities. That somebody did not come is for people to say: the desk alone."""

    scopes = dict.fromkeys(("create", "cancel", "keep"), "bookings:write") | dict.fromkeys(
        ("list", "retrieve"), "bookings:read"
    )
    queryset = Booking.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="预订列表", description="新的在前，可按活动室筛选。", parameters=[BookingList], responses=BookingShape
    )
    def list(self, request: Request) -> Response:
        """A page of bookings, newest first."""
        asked = BookingList.read(request.query_params)
        kept = {"room": asked["room"]} if "room" in asked else {}
        page = self.paginate_queryset(Booking.objects.for_staff(caller(request)).filter(**kept))
        return self.get_paginated_response(BookingShape(page, many=True).data)

    @extend_schema(
        summary="代居民预订活动室",
        description="按居民预订的规则，不用积分。",
        request=RoomOrder,
        responses={201: BookingShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `booking.refusal_for` says; 404 for rooms and residents of others."""
        order, by = RoomOrder(data=request.data), caller(request)
        order.is_valid(raise_exception=True)
        asked = order.validated_data
        rooms = Room.objects.for_staff(by).select_related("community__sub_district")
        room = get_object_or_404(rooms, pk=asked["room"])
        residents = Resident.objects.for_staff(by).select_related("community")
        resident = get_object_or_404(residents, pk=asked["resident"])
        made = bookings.book(room=room, resident=resident, wish=order.wish(), by=by)
        return Response(BookingShape(made).data, status=201)

    @extend_schema(summary="查看预订", description="预订以及变动之后的状态。", responses=BookingShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for bookings of other communities."""
        return Response(BookingShape(self._mine(request, pk)).data)

    @extend_schema(
        summary="取消预订",
        description="须写明原因，预订人会收到消息。课程和活动占用的时间不能在这里取消。",
        request=Why,
        responses=BookingShape,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """As staff may. Refuses `booking_not_standing`; 404 as above."""
        reason = Why.read(request.data)["reason"]
        gone = bookings.call_off(booking=self._mine(request, pk), reason=reason, by=caller(request))
        return Response(BookingShape(gone).data)

    @extend_schema(summary="再次确认", description="居民说会来，活动室保留。", request=None, responses=BookingShape)
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: int) -> Response:
        """Refuses `booking_too_early`, `booking_already_confirmed`, `booking_not_standing`; 404 as above."""
        kept = reconfirming.confirm_for(booking=self._mine(request, pk), by=caller(request))
        return Response(BookingShape(kept).data)

    def _mine(self, request: Request, pk: int) -> Booking:
        mine = Booking.objects.for_staff(caller(request)).select_related("room__community__sub_district")
        return get_object_or_404(mine, pk=pk)
