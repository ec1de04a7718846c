"""REST: agreements of the client's communities, with their promises and fingerprints; signing is done by people."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Paged, Sent, caller
from core import clock
from partners.agreements.ledger import warned
from partners.models import Agreement, AgreementQuerySet, Promise


class PromiseShape(serializers.ModelSerializer[Promise]):
    class Meta:
        model = Promise
        fields = read_only_fields = ("item", "duty", "focus", "times", "people", "discount")


class AgreementShape(serializers.ModelSerializer[Agreement]):
    """`state` is how it stands today, `sha256` the fingerprint of what was signed (empty for a draft)."""

    state = serializers.SerializerMethodField()
    partner_name = serializers.CharField(source="partner.name", read_only=True)
    promises = PromiseShape(many=True, read_only=True)

    class Meta:
        model = Agreement
        fields = read_only_fields = (
            "id", "number", "version", "replaces", "community", "partner", "partner_name", "title", "state", "mode", "percent", "pairing",
            "promise", "promises", "signed_on", "starts_on", "ends_on", "ended_on", "sha256",
        )  # fmt: skip

    def get_state(self, one: Agreement) -> str:
        return str(one.state_on(clock.today(), self.context["warned"]))


class AgreementQuery(Paged):
    state = serializers.ChoiceField(required=False, choices=Agreement.State.values, help_text="今天的状态")


class Nothing(Sent):
    """No query."""


class Agreements(GenericViewSet[Agreement]):
    """Agreements that staff of the client's communities see."""

    scopes = dict.fromkeys(("list", "retrieve"), "partners:read")
    queryset = Agreement.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="协议列表", description="本客户端所辖社区的合伙人协议，新的在前。", parameters=[AgreementQuery], responses=AgreementShape
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of agreements, newest first."""
        asked, by = AgreementQuery.read(request.query_params), caller(request)
        days, found = warned(by), self._seen(request)
        if asked.get("state"):
            found = found.in_state(asked["state"], clock.today(), days)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(AgreementShape(page, many=True, context={"warned": days}).data)

    @extend_schema(summary="查看协议", description="期限、状态、承诺和文本摘要。", responses=AgreementShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for agreements of others."""
        Nothing.read(request.query_params)
        mine = get_object_or_404(self._seen(request), pk=pk)
        return Response(AgreementShape(mine, context={"warned": warned(caller(request))}).data)

    def _seen(self, request: Request) -> AgreementQuerySet:
        seen = Agreement.objects.for_staff(caller(request)).select_related("partner").prefetch_related("promises")
        return seen.defer("text", "document")
