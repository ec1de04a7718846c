"""REST: rooms booked by colleagues, once or week after week, for teams, partners, meetings, childcare and repairs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Sent, caller
from communities.models import Community
from venues import series
from venues.api.bookings import BookingShape, Why
from venues.claiming import Purpose
from venues.models import BookingSeries, Room, Use
from venues.series import Pattern


class RoomUse(Sent):
    room = Number(help_text="活动室编号")
    use = serializers.ChoiceField([(one.value, one.label) for one in series.USES], help_text="用途")
    title = serializers.CharField(max_length=60, help_text="事由，别人订同一时间会看到，不写居民姓名")
    unit = serializers.CharField(max_length=60, required=False, default="", help_text="使用单位")
    people = serializers.IntegerField(min_value=1, max_value=2000, required=False, help_text="人数")
    first = serializers.DateField(help_text="日期，或从哪一天起")
    last = serializers.DateField(required=False, help_text="重复到哪一天，不填只用一次")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), max_length=7, required=False,
        help_text="每周哪几天，0是周一；不填就是每天",
    )  # fmt: skip
    starts = serializers.TimeField(help_text="开始时间")
    minutes = serializers.IntegerField(min_value=series.SHORTEST, max_value=series.LONGEST, help_text="时长（分钟）")
    days = serializers.ListField(
        child=serializers.DateField(), max_length=series.MOST, required=False,
        help_text="其中要预订的日子；不填就是所有空闲的、不是节假日的日子",
    )  # fmt: skip

    def pattern(self) -> Pattern:
        asked = self.validated_data
        last = asked.get("last", asked["first"])
        weekdays = tuple(sorted(set(asked.get("weekdays", ())))) if last != asked["first"] else ()
        return Pattern(asked["first"], last, asked["starts"], asked["minutes"], weekdays)

    def purpose(self) -> Purpose:
        asked = self.validated_data
        return Purpose(Use(asked["use"]), asked["title"], unit=asked["unit"], people=asked.get("people"))


class SeriesShape(serializers.ModelSerializer[BookingSeries]):
    bookings = BookingShape(many=True, read_only=True, help_text="每一次")

    class Meta:
        model = BookingSeries
        fields = read_only_fields = (
            "id", "room", "use", "title", "weekdays", "starts", "minutes", "first", "last", "skipped", "bookings",
        )  # fmt: skip
        extra_kwargs = {"skipped": {"help_text": "跳过的日期，每项是日期和原因"}}


class RoomUses(GenericViewSet[BookingSeries]):
    """Series of the client's communities. A single day makes no series: it is a booking alone."""

    scopes = dict.fromkeys(("create", "end"), "bookings:write") | {"retrieve": "bookings:read"}
    queryset = BookingSeries.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="工作人员预订活动室", description="一次或系列；社区会议可以请居民、团队和合伙人让位，会通知他们。",
        request=RoomUse, responses={201: BookingShape(many=True)},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `series.book` does; 404 for rooms of others."""
        asked, by = RoomUse(data=request.data), caller(request)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        rooms = Room.objects.for_staff(by).select_related("community__sub_district").prefetch_related("hours")
        room, days = get_object_or_404(rooms, pk=said["room"]), said.get("days")
        made = series.book(room=room, pattern=asked.pattern(), purpose=asked.purpose(), by=by, days=days)
        return Response(BookingShape(made, many=True).data, status=201)

    @extend_schema(summary="查看系列预订", description="每一次，以及跳过的日期和原因。", responses=SeriesShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for series of other communities."""
        return Response(SeriesShape(self._mine(request, pk)).data)

    @extend_schema(
        summary="结束系列预订", description="取消以后的每一次，须写明原因。", request=Why, responses=SeriesShape
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """What has begun stays; 404 as above."""
        series.end(series=self._mine(request, pk), reason=Why.read(request.data)["reason"], by=caller(request))
        return Response(SeriesShape(self._mine(request, pk)).data)

    def _mine(self, request: Request, pk: int) -> BookingSeries:
        own = BookingSeries.objects.filter(room__community__in=Community.objects.for_staff(caller(request)))
        return get_object_or_404(
            own.select_related("room__community__sub_district").prefetch_related("bookings"), pk=pk
        )
