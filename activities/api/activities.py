"""REST: activities of the client's communities, announced and called off by the same verbs as at the desk."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import ending, planning
from activities.models import Activity, ActivityQuerySet
from communities.clients import Number, Paged, Sent, caller
from communities.models import Community

PLANNED = (
    "kind", "title", "place", "content", "risk", "leader", "leader_phone", "starts_at", "ends_at", "sign_up_until",
    "capacity", "min_age", "max_age", "equipment", "skills", "training", "audience", "dangerous", "insurance",
)  # fmt: skip
SHOWN = ("id", "community", *PLANNED, "volunteering", "status", "places_left", "cancel_reason")


class ActivityShape(serializers.ModelSerializer[Activity]):
    places_left = serializers.IntegerField(read_only=True, help_text="余位")

    class Meta:
        model = Activity
        fields = read_only_fields = SHOWN


class Plan(Sent, serializers.ModelSerializer[Activity]):
    """What is announced. The risks must be said; danger needs an insurance."""

    community = Number(help_text="社区编号")
    draft = serializers.BooleanField(default=False, help_text="只存为草稿，不发布")

    class Meta:
        model = Activity
        fields = ("community", *PLANNED, "draft")


class Filter(Paged):
    community = Number(required=False, help_text="社区编号")
    kind = serializers.ChoiceField(Activity.Kind.choices, required=False, help_text="类别")


class CallOffReason(Sent):
    reason = serializers.CharField(max_length=60, help_text="取消原因，报名的居民会看到")


class End(Sent):
    summary = serializers.CharField(max_length=500, required=False, default="", allow_blank=True, help_text="活动小结")


class Activities(GenericViewSet[Activity]):
    """Activities of the communities where the client holds a duty; drafts are its own affair and shown too."""

    scopes = {
        "list": "activities:read", "retrieve": "activities:read", "create": "activities:write",
        "publish": "activities:write", "cancel": "activities:write", "finish": "activities:write",
    }  # fmt: skip
    queryset = Activity.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="活动列表",
        description="本客户端所辖社区的活动，新的在前。",
        parameters=[Filter],
        responses=ActivityShape,
    )
    def list(self, request: Request) -> Response:
        """A page of activities, newest first."""
        asked = Filter.read(request.query_params)
        kept = {name: asked[name] for name in ("community", "kind") if name in asked}
        page = self.paginate_queryset(self._mine(request).filter(**kept))
        return self.get_paginated_response(ActivityShape(page, many=True).data)

    @extend_schema(summary="一个活动", description="时间、地点、风险说明和余位。", responses=ActivityShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for activities of other communities."""
        return Response(ActivityShape(get_object_or_404(self._mine(request), pk=pk)).data)

    @extend_schema(
        summary="发布活动",
        description="必须写明风险；可能有人身危险的须有保险单号。可先存草稿。",
        request=Plan,
        responses={201: ActivityShape},
    )
    def create(self, request: Request) -> Response:
        """Announce, or keep a draft. Refuses as `planning.publish` says; 404 for communities of others."""
        asked, by = Plan.read(request.data), caller(request)
        draft = asked.pop("draft")
        community = get_object_or_404(Community.objects.for_staff(by), pk=asked.pop("community"))
        act = planning.draft if draft else planning.plan
        return Response(ActivityShape(act(activity=Activity(community=community, **asked), by=by)).data, status=201)

    @extend_schema(summary="发布草稿", description="发布以后居民可以报名。", request=None, responses=ActivityShape)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        """Refuses as `planning.refusal_to_publish` says."""
        found = get_object_or_404(self._mine(request), pk=pk)
        return Response(ActivityShape(planning.publish(activity=found, by=caller(request))).data)

    @extend_schema(
        summary="取消活动", description="逐一通知已报名和候补的居民。", request=CallOffReason, responses=ActivityShape
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Call it off. Refuses as `ending.call_off` says; may be repeated after a break-down."""
        reason = CallOffReason.read(request.data)["reason"]
        found = get_object_or_404(self._mine(request), pk=pk)
        ending.call_off(activity=found, reason=reason, by=caller(request))
        found.refresh_from_db()
        return Response(ActivityShape(found).data)

    @extend_schema(
        summary="办理结束",
        description="全部人员都记录了到场或未到场以后才能办理。",
        request=End,
        responses=ActivityShape,
    )
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: int) -> Response:
        """Refuses as `ending.finish` says."""
        summary = End.read(request.data)["summary"]
        found = get_object_or_404(self._mine(request), pk=pk)
        return Response(ActivityShape(ending.finish(activity=found, summary=summary, by=caller(request))).data)

    def _mine(self, request: Request) -> ActivityQuerySet:
        return Activity.objects.for_staff(caller(request)).select_related("community")
