"""REST: the line of a full course, for residents of the client's communities. The same verbs as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Sent, caller
from communities.models import Resident
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Waiting, WaitingQuerySet

SHOWN = (
    "id", "course", "resident", "status", "channel", "ahead", "at", "offered_at", "offer_until", "ended_at", "enrolment",
)  # fmt: skip


class WaitingShape(serializers.ModelSerializer[Waiting]):
    ahead = serializers.IntegerField(read_only=True, help_text="前面还有几人，不在候补中时为0")

    class Meta:
        model = Waiting
        fields = read_only_fields = SHOWN


class WaitingOrder(Sent):
    course = Number(help_text="课程编号")
    resident = Number(help_text="居民编号")


class Payment(Sent):
    purse = serializers.BooleanField(default=False, help_text="用家庭积分支付，须居民已加入")


class Waitings(GenericViewSet[Waiting]):
    """Who waits for courses of the client's communities."""

    scopes = dict.fromkeys(("create", "retrieve", "accept", "leave"), "enrolments:write")
    queryset = Waiting.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民加入候补",
        description="课程报满后排队，不扣积分；轮到时须在期限内确认。",
        request=WaitingOrder,
        responses={201: WaitingShape},
    )
    def create(self, request: Request) -> Response:
        """Stand at the end of the line. Refuses as `waitlist.refusal_for` says; 404 for courses and residents of others."""
        order, by = WaitingOrder.read(request.data), caller(request)
        course = get_object_or_404(Course.objects.for_staff(by).shown(), pk=order["course"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=order["resident"])
        made = waitlist.join(course_id=course.pk, resident=resident, by=by, channel=Channel.API)
        return Response(_shown(request, made.pk), status=201)

    @extend_schema(summary="查看候补", description="排在第几位、轮到没有、确认到何时。", responses=WaitingShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for courses of other communities."""
        return Response(_shown(request, pk))

    @extend_schema(
        summary="代居民确认候补名额",
        description="扣积分并占下为他留的名额，一起成或一起不成。",
        request=Payment,
        responses=WaitingShape,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Take the offered seat. Refuses as `waitlist.refusal_to_accept` says."""
        one, purse = _one(request, pk), Payment.read(request.data)["purse"]
        waitlist.accept(course_id=one.course_id, resident=one.resident, by=caller(request), purse=purse)
        return Response(_shown(request, pk))

    @extend_schema(
        summary="代居民退出候补或放弃名额",
        description="不扣积分；放弃的名额马上给下一位。",
        request=None,
        responses=WaitingShape,
    )
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: int) -> Response:
        """Wait no longer, or turn the offer down. Refuses `not_waiting`."""
        one = _one(request, pk)
        waitlist.leave(course_id=one.course_id, resident=one.resident, by=caller(request))
        return Response(_shown(request, pk))


def _mine(request: Request) -> WaitingQuerySet:
    return Waiting.objects.for_staff(caller(request)).with_ahead()


def _one(request: Request, pk: int) -> Waiting:
    return get_object_or_404(_mine(request).select_related("resident__community"), pk=pk)


def _shown(request: Request, pk: int) -> dict[str, object]:
    return dict(WaitingShape(_one(request, pk)).data)
