"""REST: reading a resident's points."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Sent, caller
from communities.models import Resident
from points import statement
from points.ledger import Line
from points.models import Entry
from points.statement import Wallet


class WalletShape(serializers.Serializer[Wallet]):
    available = serializers.IntegerField(help_text="现在可以使用的积分")
    earned_this_month = serializers.IntegerField(help_text="本月获得")
    expiring = serializers.IntegerField(help_text="今年年底前到期的积分")
    expires_on = serializers.DateField(allow_null=True, help_text="其中最早的最后可用日")


class LineShape(serializers.Serializer[Line]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Entry.Kind.choices)
    reason = serializers.CharField(help_text="事由")
    amount = serializers.IntegerField(help_text="增加为正，减少为负")
    balance = serializers.IntegerField(help_text="这一笔之后的余额")


class StatementShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="更早的明细；没有了为null")
    results = LineShape(many=True)


class Older(Sent):
    before = Number(required=False, help_text="只要编号小于它的明细")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=200, default=statement.PAGE, help_text="每页条数"
    )


class Wallets(GenericViewSet[Resident]):
    scopes = {"balance": "points:read", "statement": "points:read"}
    lookup_value_converter = "int"

    @extend_schema(summary="居民的积分", description="可用积分不含已到期的部分。", responses=WalletShape)
    @action(detail=True)
    def balance(self, request: Request, pk: int) -> Response:
        """What the resident can spend now. 404 for residents of other communities."""
        resident = get_object_or_404(Resident.objects.for_staff(caller(request)), pk=pk)
        return Response(WalletShape(statement.wallet(resident)).data)

    @extend_schema(
        summary="居民的积分明细",
        description="从新到旧，每一笔带当时的余额。",
        parameters=[Older],
        responses=StatementShape,
    )
    @action(detail=True)
    def statement(self, request: Request, pk: int) -> Response:
        """A page of the statement, newest first; `next` leads to what is older. 404 as above."""
        asked = Older.read(request.query_params)
        resident = get_object_or_404(Resident.objects.for_staff(caller(request)), pk=pk)
        size = asked["page_size"]
        lines = statement.lines(resident, before=asked.get("before"), limit=size + 1)
        here = request.build_absolute_uri()
        older = replace_query_param(here, "before", lines[size - 1].id) if len(lines) > size else None
        return Response(StatementShape({"next": older, "results": lines[:size]}).data)
