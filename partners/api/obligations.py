"""REST: what was delivered and what rooms were given for it; reporting a delivery, filing a complaint for a resident.

Confirming, answering, suspending and leaving are decided by people, at the desk.
"""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident
from core import clock
from partners.models import Agreement, Complaint, Delivery, Promise
from partners.obligations import balance, complaining, reporting


class DeliveryShape(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = read_only_fields = (
            "id", "promise", "on", "times", "people", "minutes", "note", "status", "at", "settled_at", "settled_note",
        )  # fmt: skip


class DeliverySaid(Sent):
    promise = Number(help_text="承诺编号")
    on = serializers.DateField(help_text="日期，今天或过去60天以内")
    times = serializers.IntegerField(min_value=1, max_value=31, default=1, help_text="次数")
    people = serializers.IntegerField(min_value=0, max_value=99_999, help_text="服务人数")
    minutes = serializers.IntegerField(min_value=1, max_value=10_080, help_text="共多少分钟")
    note = serializers.CharField(max_length=200, help_text="说明，不写居民姓名")


class PromiseMonthShape(serializers.Serializer[Any]):
    month = serializers.DateField(source="first", help_text="月份首日")
    given = serializers.DecimalField(max_digits=8, decimal_places=1, help_text="提供场地（小时）")
    assumed = serializers.BooleanField(help_text="场地按协议折算，没有预订系列")
    hours = serializers.DecimalField(max_digits=8, decimal_places=1, help_text="已确认服务（小时）")
    people = serializers.IntegerField(help_text="服务人次")
    times = serializers.IntegerField(help_text="服务次数")


class BalanceShape(serializers.Serializer[Any]):
    agreement = serializers.IntegerField(source="agreement.pk", help_text="协议编号")
    total = PromiseMonthShape(help_text="协议开始以来")
    months = PromiseMonthShape(many=True, help_text="各月，新的在前")


class ComplaintShape(serializers.ModelSerializer[Complaint]):
    class Meta:
        model = Complaint
        fields = read_only_fields = (
            "id",
            "partner",
            "community",
            "kind",
            "status",
            "at",
            "answer",
            "upheld",
            "answered_at",
        )


class ComplaintSaid(Sent):
    agreement = Number(help_text="协议编号：投诉哪家合伙人、在哪个社区")
    resident = Number(help_text="居民编号")
    kind = serializers.ChoiceField(choices=Complaint.Kind.choices, help_text="类别")
    text = serializers.CharField(max_length=500, help_text="内容")


class Deliveries(GenericViewSet[Delivery]):
    """Deliveries of the client's communities."""

    scopes = {"list": "partners:read", "create": "partners:write"}
    queryset = Delivery.objects.none()

    @extend_schema(summary="履约记录", description="新的在前。", parameters=[Paged], responses=DeliveryShape)
    def list(self, request: Request) -> Response:
        """A page, newest first."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(Delivery.objects.for_staff(caller(request)))
        return self.get_paginated_response(DeliveryShape(page, many=True).data)

    @extend_schema(
        summary="填报履约",
        description="由社区人员或在场居民确认后才计入。",
        request=DeliverySaid,
        responses={201: DeliveryShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `reporting.report` does; 404 for promises made to others."""
        said, by = DeliverySaid.read(request.data), caller(request)
        own = Promise.objects.filter(agreement__in=_signed(request)).select_related(
            "agreement__community", "agreement__partner"
        )
        promise = get_object_or_404(own, pk=said.pop("promise"))
        return Response(DeliveryShape(reporting.report(promise=promise, by=by, **said)).data, status=201)


class Balances(GenericViewSet[Agreement]):
    """场地换服务 of the client's agreements, by the number of the agreement."""

    scopes = {"retrieve": "partners:read"}
    queryset = Agreement.objects.none()
    lookup_value_converter = "int"

    @extend_schema(summary="场地换服务", description="提供的场地和已确认的服务，按月。", responses=BalanceShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for agreements of others."""
        (found,) = balance.of([get_object_or_404(_signed(request), pk=pk)], clock.today())
        return Response(BalanceShape(found).data)


class Complaints(GenericViewSet[Complaint]):
    """Filed for residents, and how far each is; neither words nor residents come back."""

    scopes = dict.fromkeys(("create", "retrieve"), "partners:write")
    queryset = Complaint.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民投诉合伙人",
        description="社区受理并答复，合伙人不知道是谁提出的。",
        request=ComplaintSaid,
        responses={201: ComplaintShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `complaining.file` does; 404 for agreements and residents of others."""
        said, by = ComplaintSaid.read(request.data), caller(request)
        agreement = get_object_or_404(_signed(request), pk=said.pop("agreement"))
        resident = get_object_or_404(Resident.objects.for_staff(by), pk=said.pop("resident"))
        made = complaining.file(
            partner=agreement.partner, community=agreement.community, resident=resident, by=by, **said
        )
        return Response(ComplaintShape(made).data, status=201)

    @extend_schema(summary="查看投诉", description="办到哪一步和答复。", responses=ComplaintShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for complaints to others; neither words nor resident come with it."""
        own = Complaint.objects.for_staff(caller(request))
        return Response(ComplaintShape(get_object_or_404(own, pk=pk)).data)


def _signed(request: Request) -> Any:
    own = Agreement.objects.for_staff(caller(request)).filter(status=Agreement.Status.SIGNED)
    return own.select_related("partner", "community")
