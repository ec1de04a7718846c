"""REST: courses drafted, opened, closed, with more seats or fewer. The same verbs as the pages.

A merger and 照常开班 rest on what a colleague was told by people, so no program does them.
"""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.clients import Number, Sent, caller
from communities.models import Resident, User
from nightschool import courses, drafting, resizing
from nightschool.api.courses import Courses as Shown, CourseWithSessions
from nightschool.models import Course, CourseQuerySet, Term
from nightschool.timetable import LESSONS, MINUTES, Timetable
from partners.models import Partner
from venues.models import Room

FACTS = (
    "title", "category", "teacher", "summary", "audience", "bring", "safety", "fee", "for_beginners", "min_age", "max_age",
    "capacity", "least", "mode", "own_first", "price",
)  # fmt: skip


class CoursePlan(Sent, serializers.ModelSerializer[Course]):
    """A course and the evenings it meets. The room says which community gives it."""

    room = Number(help_text="教室编号")
    term = Number(help_text="期次编号")
    partner = Number(required=False, help_text="合伙人编号")
    taught_by = Number(required=False, help_text="授课居民编号")
    capacity = serializers.IntegerField(min_value=1, max_value=2000, help_text="名额")
    least = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2000, help_text="最少开班人数")
    price = serializers.IntegerField(min_value=0, max_value=100_000, help_text="所需积分")
    min_age = serializers.IntegerField(required=False, default=18, min_value=0, max_value=120, help_text="最低年龄")
    max_age = serializers.IntegerField(required=False, min_value=0, max_value=120, help_text="最高年龄")
    first = serializers.DateField(help_text="第一课日期")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        help_text="上课日，0为周一",
    )
    starts = serializers.TimeField(help_text="上课时间")
    lessons = serializers.IntegerField(min_value=LESSONS[0], max_value=LESSONS[-1], help_text="共几课")
    minutes = serializers.IntegerField(min_value=MINUTES[0], max_value=MINUTES[-1], help_text="每课几分钟")
    opens_at = serializers.DateTimeField(required=False, help_text="报名开始，不填按期次的")
    closes_at = serializers.DateTimeField(required=False, help_text="报名截止，不填按期次的，再没有就是第一课开始")
    one_each = serializers.BooleanField(default=False, help_text="报名开始阶段每人限报一门")

    class Meta:
        model = Course
        fields = (
            *FACTS, "room", "term", "partner", "taught_by", "first", "weekdays", "starts", "lessons", "minutes", "opens_at",
            "closes_at", "one_each",
        )  # fmt: skip


class Ending(Sent):
    reason = serializers.CharField(max_length=60, help_text="停办原因，会告诉学员")


class Seats(Sent):
    capacity = serializers.IntegerField(min_value=1, max_value=2000, help_text="名额")


class Courses(Shown):
    """Courses of the communities where the client holds a duty; a draft is seen by whoever opens it."""

    scopes = Shown.scopes | dict.fromkeys(("create", "open", "close", "seats"), "courses:write")

    @extend_schema(
        summary="新建课程草稿",
        description="避开节假日和教室占用排好日期，居民还看不到；核对日期后再开放。",
        request=CoursePlan,
        responses={201: CourseWithSessions},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `drafting.draft` says; 404 for rooms, terms, partners and residents of others."""
        asked, by = CoursePlan.read(request.data), caller(request)
        made = drafting.draft(course=_filled(asked, by), timetable=_timetable(asked), closes_at=_closes(asked), by=by)
        return Response(self._said(request, made.pk), status=201)

    @extend_schema(
        summary="开放课程", description="居民看得到，教室同时占好。", request=None, responses=CourseWithSessions
    )
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: int) -> Response:
        """Refuses as `drafting.open_draft` says; 404 for courses of others."""
        drafting.open_draft(course=get_object_or_404(self._any(request), pk=pk), by=caller(request))
        return Response(self._said(request, pk))

    @extend_schema(
        summary="停办课程",
        description="空出教室，学员积分全额退回，逐一通知。",
        request=Ending,
        responses=CourseWithSessions,
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Refuses as `courses.close_course` says; 404 as above."""
        reason, found = Ending.read(request.data)["reason"], get_object_or_404(self._any(request), pk=pk)
        courses.close_course(course=found, by=caller(request), reason=reason)
        return Response(self._said(request, pk))

    @extend_schema(
        summary="增减名额",
        description="增加的名额马上按顺序给候补的人。",
        request=Seats,
        responses=CourseWithSessions,
    )
    @action(detail=True, methods=["post"])
    def seats(self, request: Request, pk: int) -> Response:
        """Refuses as `resizing.resize` says; 404 as above."""
        capacity, found = Seats.read(request.data)["capacity"], get_object_or_404(self._any(request), pk=pk)
        resizing.resize(course=found, capacity=capacity, by=caller(request))
        return Response(self._said(request, pk))

    def _any(self, request: Request) -> CourseQuerySet:
        """Drafts as well."""
        mine = Course.objects.for_staff(caller(request))
        return mine.select_related("community__sub_district", "room__community", "term")

    def _said(self, request: Request, pk: int) -> dict[str, Any]:
        found = self._any(request).with_timetable().prefetch_related("sessions").get(pk=pk)
        return dict(CourseWithSessions(found).data)


def _filled(asked: dict[str, Any], by: User) -> Course:
    rooms = Room.objects.for_staff(by).in_use().select_related("community__sub_district")
    asked["room"] = room = get_object_or_404(rooms, pk=asked["room"])
    terms = Term.objects.filter(sub_district=room.community.sub_district_id)
    asked["term"] = term = get_object_or_404(terms, pk=asked["term"])
    if "partner" in asked:
        asked["partner"] = get_object_or_404(Partner.objects.for_staff(by), pk=asked["partner"])
    if "taught_by" in asked:
        people = Resident.objects.for_staff(by).select_related("community")
        asked["taught_by"] = get_object_or_404(people, pk=asked["taught_by"])
    opens = asked.get("opens_at") or term.opens_at
    if opens is None:
        raise courses.BadCourse("请填写报名开始：所选的期次没有统一的报名时间。课程没有建立。")
    named = {name: asked[name] for name in (*FACTS, "room", "term", "partner", "taught_by") if name in asked}
    one_each = opens if asked["one_each"] else None
    return Course(community=room.community, opens_at=opens, one_each_until=one_each, **named)


def _timetable(asked: dict[str, Any]) -> Timetable:
    return Timetable(asked["first"], frozenset(asked["weekdays"]), asked["lessons"], asked["starts"], asked["minutes"])


def _closes(asked: dict[str, Any]) -> datetime | None:
    closes: datetime | None = asked.get("closes_at") or asked["term"].closes_at
    return closes
