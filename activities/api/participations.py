"""REST: signing residents up, and writing down who came. A program confirms nothing: the second of two is a person at the desk."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import recording, signup
from activities.models import Activity, Participation
from communities.clients import Number, Sent, caller
from communities.models import Resident

SHOWN = (
    "id", "activity", "resident", "status", "at", "arrived_at", "left_at", "served_from", "served_to", "minutes", "points",
    "late_reason", "recorded_at", "confirmed_at",
)  # fmt: skip


class ParticipationShape(serializers.ModelSerializer[Participation]):
    class Meta:
        model = Participation
        fields = read_only_fields = SHOWN


class SignUpOrder(Sent):
    activity = Number(help_text="活动编号")
    resident = Number(help_text="居民编号")
    wait = serializers.BooleanField(default=False, help_text="满员时加入候补")


class Presence(Sent):
    minutes = serializers.IntegerField(min_value=1, max_value=480, help_text="服务分钟")
    began = serializers.DateTimeField(required=False, help_text="从何时算起，不填从活动开始")
    late_reason = serializers.CharField(max_length=100, required=False, help_text="补录原因，过了记录期限才要")
    over_reason = serializers.CharField(max_length=100, required=False, help_text="当日超过上限的原因")


class Participations(GenericViewSet[Participation]):
    """Who takes part in activities of the client's communities."""

    scopes = dict.fromkeys(("create", "retrieve", "withdraw", "record", "absent"), "participations:write")
    queryset = Participation.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民报名活动",
        description="占一个名额；满员时可选候补。",
        request=SignUpOrder,
        responses={201: ParticipationShape},
    )
    def create(self, request: Request) -> Response:
        """Sign up. Refuses as `signup.refusal_for` says; 404 for activities and residents of others."""
        order, by = SignUpOrder.read(request.data), caller(request)
        activity = get_object_or_404(Activity.objects.for_staff(by).exclude(status="draft"), pk=order["activity"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=order["resident"])
        act = signup.join_line if order["wait"] else signup.sign_up
        return Response(ParticipationShape(act(activity_id=activity.pk, resident=resident, by=by)).data, status=201)

    @extend_schema(summary="查看参加情况", description="报名、到场、时长和积分的状态。", responses=ParticipationShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for activities of other communities."""
        return Response(ParticipationShape(self._one(request, pk)).data)

    @extend_schema(
        summary="取消报名",
        description="活动开始前可以取消，候补的人按顺序补上。",
        request=None,
        responses=ParticipationShape,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Give the place back. Refuses as `signup.withdraw` says."""
        one = self._one(request, pk)
        gone = signup.withdraw(activity_id=one.activity_id, resident=one.resident, by=caller(request))
        return Response(ParticipationShape(gone).data)

    @extend_schema(
        summary="记录到场和时长",
        description="活动结束后记录，须由一位工作人员在系统里确认后才入账。",
        request=Presence,
        responses=ParticipationShape,
    )
    @action(detail=True, methods=["post"])
    def record(self, request: Request, pk: int) -> Response:
        """Write down that the person came. Refuses as `recording.record` says."""
        said: dict[str, Any] = Presence.read(request.data)
        made = recording.record(participation=self._one(request, pk), by=caller(request), **said)
        return Response(ParticipationShape(made).data)

    @extend_schema(
        summary="标记未到场", description="没有确认入账前可以更正。", request=None, responses=ParticipationShape
    )
    @action(detail=True, methods=["post"])
    def absent(self, request: Request, pk: int) -> Response:
        """Refuses as `recording.refusal_for` says."""
        made = recording.absent(participation=self._one(request, pk), by=caller(request))
        return Response(ParticipationShape(made).data)

    def _one(self, request: Request, pk: int) -> Participation:
        mine = Participation.objects.for_staff(caller(request)).select_related(
            "activity__community", "resident__community"
        )
        return get_object_or_404(mine, pk=pk)
