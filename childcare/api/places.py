"""REST: centres with their groups, and places: asked for, accepted, given up and ended. The same verbs as the pages."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare import opening
from childcare.models import Centre, Group, Place
from childcare.opening import Part
from childcare.places import ending, line, offering
from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident, User
from core import clock


class CareGroupShape(serializers.ModelSerializer[Group]):
    free = serializers.SerializerMethodField(help_text="空余名额；有人候补时先给候补的")
    waits = serializers.IntegerField(read_only=True, help_text="候补人数")

    class Meta:
        model = Group
        fields = read_only_fields = (
            "id", "centre", "name", "kind", "weekdays", "starts", "ends", "first_on", "last_on", "capacity", "free", "waits", "fees",
            "grades", "status",
        )  # fmt: skip

    def get_free(self, one: Group) -> int:
        return max(one.capacity - one.taken, 0)


class CareCentreShape(serializers.ModelSerializer[Centre]):
    class Meta:
        model = Centre
        fields = read_only_fields = (
            "id",
            "community",
            "operator",
            "name",
            "address",
            "phone",
            "licensed",
            "opened_on",
            "closed_on",
        )


class CareGroupsAsked(Paged):
    centre = Number(required=False, help_text="托管中心编号")


class CareCentres(GenericViewSet[Centre]):
    """Of the client's communities."""

    scopes = {"list": "care-centres:read"}
    queryset = Centre.objects.none()

    @extend_schema(
        summary="托管中心列表",
        description="所辖社区的托管中心，新的在前。",
        parameters=[Paged],
        responses=CareCentreShape,
    )
    def list(self, request: Request) -> Response:
        """A page of centres, newest first."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(Centre.objects.for_staff(caller(request)))
        return self.get_paginated_response(CareCentreShape(page, many=True).data)


class CareGroups(GenericViewSet[Group]):
    """Open and ended groups of the client's communities; drafts are the desk's own."""

    scopes = {"list": "care-centres:read"}
    queryset = Group.objects.none()

    @extend_schema(
        summary="托管班列表", description="开放和已结束的班：时间、收费（分）、名额和候补人数，新的在前。", parameters=[CareGroupsAsked],
        responses=CareGroupShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of groups, newest first."""
        asked = CareGroupsAsked.read(request.query_params)
        rows = Group.objects.for_staff(caller(request)).exclude(status=Group.Status.DRAFT)
        narrowed = rows.filter(centre=asked["centre"]) if "centre" in asked else rows
        waits = Count("places", filter=Q(places__status=Place.Status.WAITING))
        return self.get_paginated_response(
            CareGroupShape(self.paginate_queryset(narrowed.annotate(waits=waits)), many=True).data
        )


class CarePlaceShape(serializers.ModelSerializer[Place]):
    """No name, and nothing that says why somebody is first in line."""

    class Meta:
        model = Place
        fields: tuple[str, ...] = (
            "id", "group", "child", "payer", "status", "plan", "lunch", "nap", "alone", "joined_at", "offered_until", "starts_on",
            "ends_on", "end_reason",
        )  # fmt: skip
        read_only_fields = fields


class CareOnePlaceShape(CarePlaceShape):
    ahead = serializers.SerializerMethodField(help_text="候补中的，前面还有几人")

    class Meta(CarePlaceShape.Meta):
        fields = (*CarePlaceShape.Meta.fields, "ahead")
        read_only_fields = fields

    def get_ahead(self, one: Place) -> int:
        return line.ahead_of(one)


class CarePlacesAsked(Paged):
    group = Number(required=False, help_text="班编号")
    status = serializers.ChoiceField(choices=Place.Status.choices, required=False)


class CarePlaceOrder(Sent):
    group = Number(help_text="班编号")
    child = Number(help_text="孩子的居民编号")
    payer = Number(help_text="付费监护人的居民编号")
    plan = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        help_text="每周哪几天，0是周一",
    )
    lunch = serializers.BooleanField(required=False, help_text="用餐")
    nap = serializers.BooleanField(required=False, help_text="午休")
    starts_on = serializers.DateField(required=False, help_text="开始日期；不填的，越早越好")


class CarePlaceEnd(Sent):
    last_day = serializers.DateField(required=False, help_text="最后一天；不填的，今天")


class CarePlaces(GenericViewSet[Place]):
    """Of the client's communities."""

    scopes = {"list": "care:read", "retrieve": "care:read"} | dict.fromkeys(
        ("create", "accept", "decline", "end"), "care:places"
    )
    queryset = Place.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="托位列表", description="在托、候补和已离开的托位，新的在前；不含姓名和优先的理由。", parameters=[CarePlacesAsked],
        responses=CarePlaceShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of places, newest first."""
        asked = CarePlacesAsked.read(request.query_params)
        narrowed: dict[str, Any] = {name: asked[name] for name in ("group", "status") if name in asked}
        by = caller(request)
        page = self.paginate_queryset(Place.objects.for_staff(by).filter(**narrowed).select_related("child")) or []
        _looked(by, page)
        return self.get_paginated_response(CarePlaceShape(page, many=True).data)

    @extend_schema(summary="查看托位", description="候补中的，连同前面还有几人。", responses=CareOnePlaceShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for those of other communities."""
        mine = self._one(request, pk)
        _looked(caller(request), [mine])
        return Response(CareOnePlaceShape(mine).data)

    @extend_schema(
        summary="代家长登记托位",
        description="有空位的马上在托，没有的按公布的次序候补。",
        request=CarePlaceOrder,
        responses={201: CareOnePlaceShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `fit.refusal_for` says; 404 for groups and residents of others."""
        asked, by = CarePlaceOrder.read(request.data), caller(request)
        group = get_object_or_404(Group.objects.for_staff(by).exclude(status=Group.Status.DRAFT), pk=asked.pop("group"))
        people = Resident.objects.for_staff(by).select_related("community")
        child, payer = (get_object_or_404(people, pk=asked.pop(name)) for name in ("child", "payer"))
        made = line.ask(group=group, child=child, payer=payer, by=by, **asked)
        return Response(CareOnePlaceShape(made).data, status=201)

    @extend_schema(summary="代家长接受托位", description="确认期限以前。", request=None, responses=CareOnePlaceShape)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Refuses as `offering.refusal_to_accept` says; 404 as above."""
        return Response(CareOnePlaceShape(offering.accept(place=self._one(request, pk), by=caller(request))).data)

    @extend_schema(
        summary="代家长放弃托位或退出候补", description="托位马上给下一位。", request=None, responses=CareOnePlaceShape
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        """Refuses as `offering.decline` does; 404 as above."""
        return Response(CareOnePlaceShape(offering.decline(place=self._one(request, pk), by=caller(request))).data)

    @extend_schema(
        summary="代家长结束托管",
        description="到最后一天以前照常在托。",
        request=CarePlaceEnd,
        responses=CareOnePlaceShape,
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Refuses as `ending.refusal_for` says; 404 as above."""
        last = CarePlaceEnd.read(request.data).get("last_day") or clock.today()
        mine = ending.end(
            place=self._one(request, pk), last_day=last, reason=Place.EndReason.GUARDIAN, by=caller(request)
        )
        return Response(CareOnePlaceShape(mine).data)

    def _one(self, request: Request, pk: int) -> Place:
        return get_object_or_404(Place.objects.for_staff(caller(request)).select_related("child"), pk=pk)


def _looked(by: User, places: Sequence[Place]) -> None:
    people = [one.child for one in places]
    opening.listed(user=by, children=people, parts={Part.BASIC}, where="托位接口", purpose="其他系统读取")
