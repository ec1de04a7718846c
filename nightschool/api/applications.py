"""REST: applications for courses by draw or approval, and what everybody may see of a draw. A person approves, no program does."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Sent, caller
from communities.models import Resident
from nightschool.applications import applying, proof as draw_proof
from nightschool.models import Application, ApplicationQuerySet, Channel, Course, Draw

APPLICATION = (
    "id",
    "course",
    "resident",
    "number",
    "status",
    "channel",
    "at",
    "lots",
    "rank",
    "decided_at",
    "reason",
    "enrolment",
)


class Wish(Sent):
    course = Number(help_text="课程编号")
    resident = Number(help_text="居民编号")


class ApplicationShape(serializers.ModelSerializer[Application]):
    class Meta:
        model = Application
        fields = APPLICATION
        read_only_fields = fields


class Applications(GenericViewSet[Application]):
    """Applications for courses of the client's communities, by residents of the client's communities."""

    scopes = {"create": "enrolments:write", "retrieve": "enrolments:write", "withdraw": "enrolments:write"}
    queryset = Application.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民申请",
        description="申请参加抽签或审核：不扣积分，也不占名额。",
        request=Wish,
        responses={201: ApplicationShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `applying.refusal_for` says; 404 for courses and residents of others."""
        wish, by = Wish.read(request.data), caller(request)
        course = get_object_or_404(Course.objects.for_staff(by), pk=wish["course"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=wish["resident"])
        made = applying.apply(course_id=course.pk, resident=resident, by=by, channel=Channel.API)
        return Response(ApplicationShape(made).data, status=201)

    @extend_schema(summary="查看申请", description="申请现在的状态和抽签次序。", responses=ApplicationShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for applications of other communities' courses."""
        return Response(ApplicationShape(get_object_or_404(self._mine(request), pk=pk)).data)

    @extend_schema(
        summary="代居民撤回申请",
        description="有结果以前可以撤回，没有积分要退。",
        request=None,
        responses=ApplicationShape,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Refuses what is decided or withdrawn already; 404 as above."""
        mine = get_object_or_404(self._mine(request), pk=pk)
        return Response(ApplicationShape(applying.withdraw(application=mine, by=caller(request))).data)

    def _mine(self, request: Request) -> ApplicationQuerySet:
        return Application.objects.for_staff(caller(request))


class DrawShape(serializers.Serializer[Draw]):
    course = serializers.IntegerField(help_text="课程编号")
    title = serializers.CharField(help_text="课程")
    community = serializers.CharField(help_text="社区")
    seats = serializers.IntegerField(help_text="名额")
    applied = serializers.IntegerField(help_text="名单人数")
    closes_at = serializers.DateTimeField(help_text="申请截止")
    committed_at = serializers.DateTimeField(help_text="承诺时间")
    commitment = serializers.CharField(help_text="承诺值：随机数的SHA-256")
    drawn_at = serializers.DateTimeField(allow_null=True, help_text="抽签时间，没有抽签时为空")
    salt = serializers.CharField(help_text="随机数，抽签后公布")
    entries = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="名单：[编号, 签数]"
    )
    entries_sha256 = serializers.CharField(help_text="名单指纹")
    order = serializers.ListField(child=serializers.IntegerField(), help_text="抽签次序：编号")
    results = serializers.DictField(child=serializers.IntegerField(), help_text="各状态的人数")


class Draws(GenericViewSet[Draw]):
    """What docs/draw.py reads; the same as everybody may download from the page."""

    scopes = {"retrieve": "courses:read"}
    queryset = Draw.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="抽签公示", description="一门课的承诺值、随机数、名单和次序，没有姓名。", responses=DrawShape
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """By the number of the course; 404 for courses without a draw and those of other communities."""
        course = get_object_or_404(Course.objects.for_staff(caller(request)), pk=pk)
        return Response(draw_proof.published(draw_proof.draw_of(course.pk)))
