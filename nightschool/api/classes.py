"""REST: terms, and classes moved and called off. The same verbs as the pages."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Community
from nightschool import moving
from nightschool.models import Course, Session, Term
from venues.claiming import Hours
from venues.models import Room

CLASS = (
    "id",
    "course",
    "number",
    "topic",
    "starts_at",
    "ends_at",
    "room",
    "status",
    "planned_at",
    "changed_at",
    "change_reason",
)
TERM = ("id", "name", "starts_on", "ends_on", "opens_at", "closes_at")


class ClassShape(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields = read_only_fields = CLASS


class TermShape(serializers.ModelSerializer[Term]):
    class Meta:
        model = Term
        fields = read_only_fields = TERM


class ClassFilter(Paged):
    course = Number(required=False, help_text="课程编号")


class Move(Sent):
    """When and where the class is held instead."""

    starts_at = serializers.DateTimeField(help_text="新的开始时间")
    ends_at = serializers.DateTimeField(help_text="新的结束时间")
    room = Number(required=False, help_text="新教室的编号，不填不换")
    reason = serializers.CharField(max_length=60, help_text="原因，会告诉学员")


class CallOff(Sent):
    """Why, and when the class is made up for; both moments or neither."""

    reason = serializers.CharField(max_length=60, help_text="原因，会告诉学员")
    starts_at = serializers.DateTimeField(required=False, help_text="补课开始时间")
    ends_at = serializers.DateTimeField(required=False, help_text="补课结束时间")


class Terms(GenericViewSet[Term]):
    """The terms of the client's sub-districts."""

    scopes = {"list": "courses:read"}
    queryset = Term.objects.none()

    @extend_schema(summary="期次列表", description="本街道的期次，新的在前。", parameters=[Paged], responses=TermShape)
    def list(self, request: Request) -> Response:
        """A page of terms, newest first."""
        Paged.read(request.query_params)
        here = Community.objects.for_staff(caller(request))
        page = self.paginate_queryset(Term.objects.filter(sub_district__in=here.values("sub_district")))
        return self.get_paginated_response(TermShape(page, many=True).data)


class Classes(GenericViewSet[Session]):
    """The classes of courses of the client's communities; drafts are not shown."""

    scopes = {"list": "courses:read", "move": "courses:write", "call_off": "courses:write"}
    queryset = Session.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="课次列表",
        description="所辖社区课程的课次，含调课和停课。",
        parameters=[ClassFilter],
        responses=ClassShape,
    )
    def list(self, request: Request) -> Response:
        """A page of classes, newest first."""
        asked = ClassFilter.read(request.query_params)
        kept = {"course": asked["course"]} if "course" in asked else {}
        page = self.paginate_queryset(self._mine(request).filter(**kept))
        return self.get_paginated_response(ClassShape(page, many=True).data)

    @extend_schema(
        summary="调课", description="改时间或教室；学员和候补的人会收到消息。", request=Move, responses=ClassShape
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        """Refuses as `moving.move`; 404 for classes and rooms of others."""
        sent, by = Move.read(request.data), caller(request)
        session = get_object_or_404(self._mine(request), pk=pk)
        rooms = Room.objects.for_staff(by).select_related("community")
        room = get_object_or_404(rooms, pk=sent["room"]) if "room" in sent else session.room
        hours = Hours(sent["starts_at"], sent["ends_at"])
        moving.move(session=session, hours=hours, room=room, by=by, reason=sent["reason"])
        return Response(ClassShape(self._mine(request).get(pk=pk)).data)

    @extend_schema(summary="停课", description="空出教室；可以同时写补课时间。", request=CallOff, responses=ClassShape)
    @action(detail=True, methods=["post"], url_path="call-off")
    def call_off(self, request: Request, pk: int) -> Response:
        """Refuses as `moving.call_off`; 404 as above."""
        sent, by = CallOff.read(request.data), caller(request)
        session = get_object_or_404(self._mine(request), pk=pk)
        if ("starts_at" in sent) != ("ends_at" in sent):
            raise moving.BadHours
        instead = Hours(sent["starts_at"], sent["ends_at"]) if "starts_at" in sent else None
        moving.call_off(session=session, instead=instead, by=by, reason=sent["reason"])
        return Response(ClassShape(self._mine(request).get(pk=pk)).data)

    def _mine(self, request: Request) -> "QuerySet[Session]":
        courses = Course.objects.for_staff(caller(request)).shown()
        return Session.objects.filter(course__in=courses).select_related("course__community", "room__community")
