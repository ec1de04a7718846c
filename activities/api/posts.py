"""REST: posts, and claiming them for residents. Who has a post and whether a month was served, a person decides at the desk."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import claims, duty_months
from activities.models import DutyMonth, Holding, Post
from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident


class PostShape(serializers.ModelSerializer[Post]):
    class Meta:
        model = Post
        fields = read_only_fields = ("id", "community", "title", "duty", "term_months", "for_couriers", "closed_at")


class HoldingShape(serializers.ModelSerializer[Holding]):
    class Meta:
        model = Holding
        fields = read_only_fields = (
            "id",
            "post",
            "resident",
            "status",
            "asked_at",
            "starts_on",
            "ends_on",
            "end_reason",
        )


class MonthShape(serializers.ModelSerializer[DutyMonth]):
    class Meta:
        model = DutyMonth
        fields = read_only_fields = ("id", "holding", "month", "note", "status", "said_at", "decline_reason")


class Claim(Sent):
    post = Number(help_text="岗位编号")
    resident = Number(help_text="居民编号")


class Said(Sent):
    holding = Number(help_text="认领编号")
    month = serializers.DateField(help_text="履职月份的第一天")
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True, help_text="履职情况")


class Posts(GenericViewSet[Post]):
    """Posts of the client's communities, closed ones included."""

    scopes = {"list": "posts:read"}
    queryset = Post.objects.none()

    @extend_schema(
        summary="岗位列表", description="本客户端所辖社区的岗位，新的在前。", parameters=[Paged], responses=PostShape
    )
    def list(self, request: Request) -> Response:
        """A page of posts, newest first."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(Post.objects.for_staff(caller(request)))
        return self.get_paginated_response(PostShape(page, many=True).data)


class Holdings(GenericViewSet[Holding]):
    """Claims of posts in the client's communities."""

    scopes = {"create": "posts:write", "retrieve": "posts:write"}
    queryset = Holding.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民认领岗位", description="由工作人员审核后上岗。", request=Claim, responses={201: HoldingShape}
    )
    def create(self, request: Request) -> Response:
        """Refuses as `claims.refusal_to_claim` says; 404 for posts and residents of others."""
        asked, by = Claim.read(request.data), caller(request)
        post = get_object_or_404(Post.objects.for_staff(by), pk=asked["post"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=asked["resident"])
        return Response(HoldingShape(claims.claim(post=post, resident=resident, by=by)).data, status=201)

    @extend_schema(summary="查看认领", description="审核结果和任期。", responses=HoldingShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for posts of other communities."""
        return Response(HoldingShape(get_object_or_404(Holding.objects.for_staff(caller(request)), pk=pk)).data)


class Months(GenericViewSet[DutyMonth]):
    """What was served of a post, month by month."""

    scopes = {"create": "posts:write"}
    queryset = DutyMonth.objects.none()

    @extend_schema(
        summary="填报满月履职", description="由一位工作人员确认后入账。", request=Said, responses={201: MonthShape}
    )
    def create(self, request: Request) -> Response:
        """Refuses as `duty_months.say` does; 404 for posts of other communities."""
        asked, by = Said.read(request.data), caller(request)
        holding = get_object_or_404(Holding.objects.for_staff(by), pk=asked.pop("holding"))
        return Response(MonthShape(duty_months.say(holding=holding, by=by, **asked)).data, status=201)
