"""REST: courses, and seats taken and given back for residents. The same verbs as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident
from nightschool import enrolment, leaving
from nightschool.models import Channel, Course, CourseQuerySet, Enrolment, Session

COURSE = (
    "id", "community", "title", "category", "term", "teacher", "summary", "audience", "room", "min_age", "max_age",
    "price", "capacity", "seats_left", "mode", "held", "own_first", "least", "fee", "taught_by", "partner", "opens_at", "closes_at", "status", "starts_at", "ends_at", "lessons",
)  # fmt: skip


class SessionShape(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields = ("id", "number", "topic", "starts_at", "ends_at", "room", "status", "planned_at", "change_reason")
        read_only_fields = fields


class CourseShape(serializers.ModelSerializer[Course]):
    room = serializers.CharField(read_only=True, help_text="教室")
    term = serializers.CharField(read_only=True, help_text="期次")
    seats_left = serializers.IntegerField(read_only=True, help_text="网上余位")
    starts_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="第一课开始")
    ends_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="最后一课结束")
    lessons = serializers.IntegerField(read_only=True, help_text="课次数")

    class Meta:
        model = Course
        fields: tuple[str, ...] = COURSE
        read_only_fields: tuple[str, ...] = COURSE


class CourseWithSessions(CourseShape):
    sessions = SessionShape(many=True, read_only=True)

    class Meta(CourseShape.Meta):
        fields = read_only_fields = (*COURSE, "sessions")


class Filter(Paged):
    community = Number(required=False, help_text="社区编号")
    category = serializers.ChoiceField(Course.Category.choices, required=False, help_text="类别")


class Courses(GenericViewSet[Course]):
    """Courses of the communities where the client holds a duty; drafts are not shown."""

    scopes = {"list": "courses:read", "retrieve": "courses:read"}
    queryset = Course.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="课程列表", description="本客户端所辖社区的课程，新的在前。", parameters=[Filter], responses=CourseShape
    )
    def list(self, request: Request) -> Response:
        """A page of courses, newest first."""
        asked = Filter.read(request.query_params)
        kept = {name: asked[name] for name in ("community", "category") if name in asked}
        page = self.paginate_queryset(self._mine(request).filter(**kept))
        return self.get_paginated_response(CourseShape(page, many=True).data)

    @extend_schema(summary="课程与课次", description="一门课和它的全部课次。", responses=CourseWithSessions)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One course with its sessions. 404 for courses of other communities."""
        course = get_object_or_404(self._mine(request).prefetch_related("sessions"), pk=pk)
        return Response(CourseWithSessions(course).data)

    def _mine(self, request: Request) -> CourseQuerySet:
        return Course.objects.for_staff(caller(request)).shown().with_timetable().select_related("room", "term")


class Order(Sent):
    course = Number(help_text="课程编号")
    resident = Number(help_text="居民编号")
    purse = serializers.BooleanField(default=False, help_text="用家庭积分支付，须居民已加入")
    channel = serializers.ChoiceField(
        [(Channel.API.value, "接口"), (Channel.CALL.value, "电话")], default=Channel.API.value,
        help_text="call：居民正和接线员通话，可以用为电话和窗口预留的名额；不填按网上名额",
    )  # fmt: skip


class Reason(Sent):
    reason = serializers.CharField(max_length=100, help_text="退课原因，会告诉居民")


class EnrolmentShape(serializers.ModelSerializer[Enrolment]):
    class Meta:
        model = Enrolment
        fields = (
            "id", "course", "resident", "status", "channel", "price", "number", "at", "cancelled_at", "cancel_reason",
        )  # fmt: skip
        read_only_fields = fields


class Enrolments(GenericViewSet[Enrolment]):
    """Seats in courses of the client's communities, for residents of the client's communities."""

    scopes = {"create": "enrolments:write", "retrieve": "enrolments:write", "cancel": "enrolments:write"}
    queryset = Enrolment.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民报名",
        description="扣积分并占一个名额，一起成或一起不成。",
        request=Order,
        responses={201: EnrolmentShape},
    )
    def create(self, request: Request) -> Response:
        """Charge and seat. Refuses as `enrolment.refusal_for` says; 404 for courses and residents of others."""
        order, by = Order.read(request.data), caller(request)
        course = get_object_or_404(Course.objects.for_staff(by), pk=order["course"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=order["resident"])
        taken = enrolment.enrol(
            course_id=course.pk, resident=resident, by=by, channel=Channel(order["channel"]), purse=order["purse"]
        )
        return Response(EnrolmentShape(taken).data, status=201)

    @extend_schema(summary="查看报名", description="报名或退课之后的状态。", responses=EnrolmentShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for enrolments in courses of other communities."""
        return Response(EnrolmentShape(get_object_or_404(Enrolment.objects.for_staff(caller(request)), pk=pk)).data)

    @extend_schema(
        summary="代居民退课",
        description="积分全额退回，居民会收到写明原因的消息。",
        request=Reason,
        responses=EnrolmentShape,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Give the seat back with a reason, as staff may. Refuses `not_seated`, `too_late_to_cancel`; 404 as above."""
        reason = Reason.read(request.data)["reason"]
        mine = Enrolment.objects.for_staff(caller(request)).select_related("course__community", "resident")
        cancelled = leaving.take_off(enrolment=get_object_or_404(mine, pk=pk), by=caller(request), reason=reason)
        return Response(EnrolmentShape(cancelled).data)
