"""REST: statements of partners, to read. Agreeing, signing and paying are done by persons."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, caller
from partners.models import Statement, StatementLine


class StatementLineShape(serializers.ModelSerializer[StatementLine]):
    class Meta:
        model = StatementLine
        fields = read_only_fields = (
            "kind",
            "agreement",
            "offer",
            "words",
            "count",
            "points",
            "unit_cents",
            "amount_cents",
        )


class PartnerStatementShape(serializers.ModelSerializer[Statement]):
    class Meta:
        model = Statement
        fields: tuple[str, ...] = (
            "id", "partner", "community", "month", "status", "count", "points", "payable_cents", "deduct_cents", "net_cents",
            "drawn_at", "agreed_at", "frozen_at", "invoice", "paid_on",
        )  # fmt: skip
        read_only_fields = fields


class WholePartnerStatementShape(PartnerStatementShape):
    lines = StatementLineShape(many=True, read_only=True)

    class Meta(PartnerStatementShape.Meta):
        fields = (*PartnerStatementShape.Meta.fields, "lines")
        read_only_fields = fields


class StatementsAsked(Paged):
    community = Number(required=False, help_text="社区编号")
    partner = Number(required=False, help_text="合伙人编号")
    month = serializers.DateField(required=False, help_text="月份的第一天")


class Statements(GenericViewSet[Statement]):
    """Of the client's communities."""

    scopes = dict.fromkeys(("list", "retrieve"), "statements:read")
    queryset = Statement.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="结算单列表", description="合伙人每月的结算单，金额单位为分，新的在前。", parameters=[StatementsAsked],
        responses=PartnerStatementShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of statements, newest first."""
        said = StatementsAsked.read(request.query_params)
        narrowed = {name: said[name] for name in ("community", "partner", "month") if name in said}
        page = self.paginate_queryset(Statement.objects.for_staff(caller(request)).filter(**narrowed))
        return self.get_paginated_response(PartnerStatementShape(page, many=True).data)

    @extend_schema(summary="查看结算单", description="连同每一行明细。", responses=WholePartnerStatementShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for those of other communities."""
        own = Statement.objects.for_staff(caller(request))
        mine = get_object_or_404(own.prefetch_related("lines"), pk=pk)
        return Response(WholePartnerStatementShape(mine).data)
