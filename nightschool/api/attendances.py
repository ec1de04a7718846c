"""REST: who was there, leave, and completions. The same verbs as the pages."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from nightschool.attending import attendance, calling_roll
from nightschool.models import Attendance, Completion, Course, Enrolment, Session

ROW = ("id", "session", "enrolment", "status", "how", "at", "note", "excused_at")


class AttendanceShape(serializers.ModelSerializer[Attendance]):
    class Meta:
        model = Attendance
        fields = read_only_fields = ROW


class AttendanceFilter(Paged):
    course = Number(required=False, help_text="课程编号")
    session = Number(required=False, help_text="课次编号")
    enrolment = Number(required=False, help_text="报名编号")


class AttendanceMark(Sent):
    """Who, which class, and what is written down; 请假 until so many hours before."""

    session = Number(help_text="课次编号")
    enrolment = Number(help_text="报名编号")
    status = serializers.ChoiceField(Attendance.Status.choices, help_text="到课、迟到、缺课，或课前请假")


class Attendances(GenericViewSet[Attendance]):
    """Who was at the classes of the client's communities."""

    scopes = {"list": "attendance:read", "create": "attendance:write", "take_back": "attendance:write"}
    queryset = Attendance.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="到课记录", description="所辖社区课程的到课、请假和缺课，新的在前。", parameters=[AttendanceFilter],
        responses=AttendanceShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of rows, newest first."""
        asked = AttendanceFilter.read(request.query_params)
        names = {"course": "session__course", "session": "session", "enrolment": "enrolment"}
        kept = {names[name]: value for name, value in asked.items() if name in names}
        page = self.paginate_queryset(self._mine(request).filter(**kept))
        return self.get_paginated_response(AttendanceShape(page, many=True).data)

    @extend_schema(
        summary="登记到课或请假", description="点名或代居民请假，同窗口一样的时间限制。", request=AttendanceMark,
        responses={201: AttendanceShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `calling_roll.tick` and `attendance.ask_leave` say; 404 for others' classes and seats."""
        sent, by = AttendanceMark.read(request.data), caller(request)
        sessions = Session.objects.filter(course__in=Course.objects.for_staff(by)).select_related("course__community")
        session = get_object_or_404(sessions, pk=sent["session"])
        seats = Enrolment.objects.for_staff(by).select_related("resident")
        seat = get_object_or_404(seats, pk=sent["enrolment"], course=session.course_id)
        how, status = Attendance.How.DESK, Attendance.Status(sent["status"])
        if status == Attendance.Status.LEAVE:
            row = attendance.ask_leave(session_id=session.pk, resident=seat.resident, by=by, how=how)
        else:
            row = calling_roll.tick(session=session, seat=seat, status=status, by=by, how=how)
        return Response(AttendanceShape(row).data, status=201)

    @extend_schema(
        summary="撤回请假", description="上课前撤回，之后照常登记到课；答复是撤回的那一条。", request=None,
        responses=AttendanceShape,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def take_back(self, request: Request, pk: int) -> Response:
        """Refuses `not_on_leave`; 404 as above."""
        row = get_object_or_404(self._mine(request), pk=pk)
        was = AttendanceShape(row).data
        attendance.take_leave_back(session_id=row.session_id, resident=row.enrolment.resident, by=caller(request))
        return Response(was)

    def _mine(self, request: Request) -> QuerySet[Attendance]:
        rows = Attendance.objects.filter(session__course__in=Course.objects.for_staff(caller(request)))
        return rows.select_related("session__course__community", "enrolment__resident")


class CompletionShape(serializers.ModelSerializer[Completion]):
    course = serializers.IntegerField(source="enrolment.course_id", read_only=True, help_text="课程编号")
    resident = serializers.IntegerField(source="enrolment.resident_id", read_only=True, help_text="居民编号")

    class Meta:
        model = Completion
        fields = read_only_fields = (
            "id", "enrolment", "course", "resident", "number", "attended", "lessons", "issued_at", "revoked_at",
        )  # fmt: skip


class CompletionFilter(Paged):
    course = Number(required=False, help_text="课程编号")


class Completions(GenericViewSet[Completion]):
    """Completions of courses of the client's communities."""

    scopes = {"list": "attendance:read"}
    queryset = Completion.objects.none()

    @extend_schema(
        summary="结业证明", description="所辖社区课程的结业证明，新的在前。", parameters=[CompletionFilter],
        responses=CompletionShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of completions, newest first."""
        asked = CompletionFilter.read(request.query_params)
        rows = Completion.objects.filter(enrolment__course__in=Course.objects.for_staff(caller(request)))
        mine = rows.filter(enrolment__course=asked["course"]) if "course" in asked else rows
        return self.get_paginated_response(
            CompletionShape(self.paginate_queryset(mine.select_related("enrolment")), many=True).data
        )
