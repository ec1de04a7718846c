"""REST: gifts, taken and given back for residents. Handing out is done at the counter, by a person."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident
from core import clock
from partners import exchanging
from partners.models import Exchange, Gift
from partners.stock import batches


class GiftShape(serializers.ModelSerializer[Gift]):
    left = serializers.IntegerField(read_only=True, help_text="还可以兑换的数量，不含过期的")

    class Meta:
        model = Gift
        fields = read_only_fields = (
            "id", "community", "title", "note", "spec", "unit", "where", "price", "group", "a_month", "per_household", "stock", "taken",
            "left", "closed_at",
        )  # fmt: skip


class ExchangeShape(serializers.ModelSerializer[Exchange]):
    class Meta:
        model = Exchange
        fields = read_only_fields = (
            "id", "gift", "resident", "price", "status", "at", "collect_by", "number", "settled_at", "return_reason",
        )  # fmt: skip


class GiftOrder(Sent):
    gift = Number(help_text="礼品编号")
    resident = Number(help_text="居民编号")


class ReturnReason(Sent):
    reason = serializers.CharField(max_length=60, help_text="退回原因")


class Gifts(GenericViewSet[Gift]):
    """Gifts that staff of the client's communities see."""

    scopes = {"list": "gifts:read"}
    queryset = Gift.objects.none()

    @extend_schema(
        summary="礼品列表", description="本客户端所辖社区的礼品，新的在前。", parameters=[Paged], responses=GiftShape
    )
    def list(self, request: Request) -> Response:
        """A page of gifts, newest first."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(batches.with_past(Gift.objects.for_staff(caller(request)), clock.today()))
        return self.get_paginated_response(GiftShape(page, many=True).data)


class Exchanges(GenericViewSet[Exchange]):
    """What the client took for residents of its communities."""

    scopes = dict.fromkeys(("create", "retrieve", "back"), "gifts:write")
    queryset = Exchange.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民兑换礼品",
        description="扣积分并留出一份，一起成或一起不成。",
        request=GiftOrder,
        responses={201: ExchangeShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `gifts.refusal_to_reserve` says; 404 for gifts and residents of others."""
        asked, by = GiftOrder.read(request.data), caller(request)
        gift = get_object_or_404(Gift.objects.for_staff(by), pk=asked["gift"])
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=asked["resident"])
        made = exchanging.reserve(gift=gift, resident=resident, by=by)
        return Response(ExchangeShape(made).data, status=201)

    @extend_schema(summary="查看兑换", description="待领取、已领取或已退回。", responses=ExchangeShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for what others took."""
        return Response(ExchangeShape(self._one(request, pk)).data)

    @extend_schema(
        summary="退回礼品",
        description="领取以前可以退回，积分全额返还。",
        request=ReturnReason,
        responses=ExchangeShape,
    )
    @action(detail=True, methods=["post"])
    def back(self, request: Request, pk: int) -> Response:
        """Refuses as `exchanging.give_back` does."""
        reason = ReturnReason.read(request.data)["reason"]
        made = exchanging.give_back(exchange=self._one(request, pk), by=caller(request), reason=reason)
        return Response(ExchangeShape(made).data)

    def _one(self, request: Request, pk: int) -> Exchange:
        by = caller(request)
        return get_object_or_404(Exchange.objects.for_staff(by).filter(by=by), pk=pk)
