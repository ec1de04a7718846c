"""REST: who was at the centre, arrivals from a gate that knows the children, and leave. The same verbs as the pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare import opening
from childcare.days import arriving, leave
from childcare.models import Attendance, LeaveNote, Place
from childcare.opening import Part
from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident, User


class CareAttendanceShape(serializers.ModelSerializer[Attendance]):
    """No health, no name: the place names the child."""

    absent = serializers.SerializerMethodField(help_text="缺勤")

    class Meta:
        model = Attendance
        fields = read_only_fields = ("id", "place", "day", "arrived_at", "left_at", "absent", "on_paper")

    def get_absent(self, one: Attendance) -> bool:
        return bool(one.absence)


class CareAttendanceFilter(Paged):
    group = Number(required=False, help_text="班编号")
    place = Number(required=False, help_text="托位编号")
    day = serializers.DateField(required=False, help_text="日期")


class CareArrival(Sent):
    place = Number(help_text="托位编号")


class CareAttendances(GenericViewSet[Attendance]):
    """Of the client's communities."""

    scopes = {"list": "care:roster", "create": "care:attend"}
    queryset = Attendance.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="托管到班记录", description="所辖社区托管中心的到班和离开时间，新的在前；不含健康情况和缺勤原因。", parameters=[CareAttendanceFilter],
        responses=CareAttendanceShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of rows, newest first."""
        asked = CareAttendanceFilter.read(request.query_params)
        names = {"group": "place__group", "place": "place", "day": "day"}
        kept: dict[str, Any] = {names[name]: value for name, value in asked.items() if name in names}
        by = caller(request)
        rows = Attendance.objects.filter(place__in=Place.objects.for_staff(by), **kept).select_related("place__child")
        page = self.paginate_queryset(rows) or []
        _looked(by, page, "到班接口")
        return self.get_paginated_response(CareAttendanceShape(page, many=True).data)

    @extend_schema(
        summary="登记到班", description="由中心的门禁在孩子到达时发送，时间以服务器为准；同老师登记一样的规则。", request=CareArrival,
        responses={201: CareAttendanceShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `arriving.refusal_to_arrive` says; 404 for others' places."""
        sent = CareArrival.read(request.data)
        made = arriving.arrive(place=_place(request, sent["place"]), by=caller(request), gate=True)
        return Response(CareAttendanceShape(made).data, status=201)


class CareLeaveShape(serializers.ModelSerializer[LeaveNote]):
    class Meta:
        model = LeaveNote
        fields = read_only_fields = ("id", "place", "day", "at", "withdrawn_at")


class CareLeaveFilter(Paged):
    place = Number(required=False, help_text="托位编号")
    day = serializers.DateField(required=False, help_text="日期")


class CareLeaveSent(Sent):
    """由社区转达家长的话。"""

    place = Number(help_text="托位编号")
    day = serializers.DateField(help_text="哪一天不来")
    guardian = Number(help_text="说请假的监护人的居民编号")


class CareLeaves(GenericViewSet[LeaveNote]):
    """Of the client's communities."""

    scopes = {"list": "care:roster", "create": "care:attend", "take_back": "care:attend"}
    queryset = LeaveNote.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="托管请假",
        description="所辖社区的请假，新的在前；不含原因。",
        parameters=[CareLeaveFilter],
        responses=CareLeaveShape,
    )
    def list(self, request: Request) -> Response:
        """A page of notes, newest first."""
        asked = CareLeaveFilter.read(request.query_params)
        kept = {name: value for name, value in asked.items() if name in ("place", "day")}
        page = self.paginate_queryset(_notes(request).filter(**kept).select_related("place__child")) or []
        _looked(caller(request), page, "请假接口")
        return self.get_paginated_response(CareLeaveShape(page, many=True).data)

    @extend_schema(
        summary="登记请假", description="转达家长的请假，同窗口一样的规则；请了假不会呼叫，监护人都会收到消息。", request=CareLeaveSent,
        responses={201: CareLeaveShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `leave.refusal_to_tell` says; 404 for others' places."""
        sent = CareLeaveSent.read(request.data)
        day: date = sent["day"]
        mine = _place(request, sent["place"])
        said_by = Resident.objects.for_staff(caller(request)).filter(pk=sent["guardian"]).first()
        made = leave.tell(place=mine, day=day, reason=leave.REASONS[0], guardian=said_by, by=caller(request))
        return Response(CareLeaveShape(made).data, status=201)

    @extend_schema(
        summary="撤回请假",
        description="当天结束以前撤回，孩子照常来；没有到班会呼叫。",
        request=None,
        responses=CareLeaveShape,
    )
    @action(detail=True, methods=["post"])
    def take_back(self, request: Request, pk: int) -> Response:
        """Refuses `care_leave_day_over` and `care_no_leave`; 404 as above."""
        note = get_object_or_404(_notes(request).select_related("place"), pk=pk)
        done = leave.withdraw(place=note.place, day=note.day, by=caller(request))
        return Response(CareLeaveShape(done).data)


def _looked(by: User, rows: Sequence[Attendance | LeaveNote], where: str) -> None:
    people = [one.place.child for one in rows]
    opening.listed(user=by, children=people, parts={Part.DAYS}, where=where, purpose="其他系统读取")


def _place(request: Request, pk: int) -> Place:
    return get_object_or_404(Place.objects.for_staff(caller(request)), pk=pk)


def _notes(request: Request) -> QuerySet[LeaveNote]:
    return LeaveNote.objects.filter(place__in=Place.objects.for_staff(caller(request)))
