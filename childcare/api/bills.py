"""REST: 托管账单 to read, points for one, taking them back, and payments that the operator's till took. Deciding is for persons."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare import opening
from childcare.billing import offsetting, paying, undoing
from childcare.billing.offsetting import Shown
from childcare.billing.paying import Paid
from childcare.models import Bill, BillLine, Offset, Payment
from childcare.opening import Part
from communities.clients import Number, Paged, Sent, caller
from communities.models import User


class CareBillLineShape(serializers.ModelSerializer[BillLine]):
    class Meta:
        model = BillLine
        fields = read_only_fields = ("order", "kind", "words", "why", "amount_cents")


class CareBillShape(serializers.ModelSerializer[Bill]):
    class Meta:
        model = Bill
        fields: tuple[str, ...] = (
            "id", "centre", "child", "payer", "month", "status", "fee_cents", "adjust_cents", "points", "offset_cents", "due_cents", "paid_cents",
            "drawn_at", "frozen_at", "paid_at",
        )  # fmt: skip
        read_only_fields = fields


class WholeCareBillShape(CareBillShape):
    lines = CareBillLineShape(many=True, read_only=True)

    class Meta(CareBillShape.Meta):
        fields = (*CareBillShape.Meta.fields, "lines")
        read_only_fields = fields


class CareBillsAsked(Paged):
    centre = Number(required=False, help_text="托管中心编号")
    month = serializers.DateField(required=False, help_text="月份的第一天")


class CareBills(GenericViewSet[Bill]):
    """Of the client's communities."""

    scopes = dict.fromkeys(("list", "retrieve"), "care:bills")
    queryset = Bill.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="托管账单列表", description="本客户端所辖社区的托管账单，金额单位为分，新的在前；托管费（fee_cents）是优待减免以后的一个数，不含姓名、减免金额和优待类别。",
        parameters=[CareBillsAsked], responses=CareBillShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of bills, newest first."""
        said = CareBillsAsked.read(request.query_params)
        narrowed = {name: said[name] for name in ("centre", "month") if name in said}
        by = caller(request)
        page = self.paginate_queryset(Bill.objects.for_staff(by).filter(**narrowed).select_related("child")) or []
        _looked(by, page)
        return self.get_paginated_response(CareBillShape(page, many=True).data)

    @extend_schema(summary="查看托管账单", description="连同每一行明细和说明。", responses=WholeCareBillShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for those of other communities."""
        own = Bill.objects.for_staff(caller(request)).select_related("child")
        mine = get_object_or_404(own.prefetch_related("lines"), pk=pk)
        _looked(caller(request), [mine])
        return Response(WholeCareBillShape(mine).data)


def _looked(by: User, bills: Sequence[Bill]) -> None:
    people = [one.child for one in bills]
    opening.listed(user=by, children=people, parts={Part.BILLS}, where="账单接口", purpose="其他系统读取")


class CareOffsetShape(serializers.ModelSerializer[Offset]):
    class Meta:
        model = Offset
        fields = read_only_fields = ("id", "bill", "points", "relief", "cents", "at", "undone_at")


class CareOffsetOrder(Sent):
    bill = Number(help_text="账单编号")
    points = serializers.IntegerField(
        required=False, min_value=1, max_value=10**9, help_text="使用多少积分；不填的，按最多可抵"
    )

    cents = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="家长看到的抵扣金额（分）；填了而账单已有变动的，不抵扣，返回care_bill_changed",
    )
    due = serializers.IntegerField(required=False, min_value=0, help_text="家长看到的抵扣以后应付（分），和cents一起填")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("cents" in attrs) != ("due" in attrs):
            raise serializers.ValidationError({"cents": "cents和due要一起填。"})
        return attrs


class CareOffsets(GenericViewSet[Offset]):
    """Points for bills of the client's communities."""

    scopes = dict.fromkeys(("create", "undo"), "care:offset")
    queryset = Offset.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代家长用积分抵扣托管账单", description="账单确认以前可以抵扣一次；扣付费监护人的积分，不超过最多可抵。",
        request=CareOffsetOrder, responses={201: CareOffsetShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `offsetting.use` does; 404 for bills of others."""
        asked, by = CareOffsetOrder.read(request.data), caller(request)
        bill = get_object_or_404(Bill.objects.for_staff(by), pk=asked["bill"])
        points = asked.get("points") or offsetting.quote(offsetting.read(bill.pk)).points
        shown = Shown(asked["cents"], asked["due"]) if "cents" in asked else None
        return Response(CareOffsetShape(offsetting.use(bill=bill, points=points, shown=shown, by=by)).data, status=201)

    @extend_schema(
        summary="撤回积分抵扣",
        description="账单确认以前可以撤回，积分原样退回。",
        request=None,
        responses=CareOffsetShape,
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """Refuses as `undoing.undo` does; 404 for bills of others."""
        by = caller(request)
        mine = get_object_or_404(Offset.objects.filter(bill__in=Bill.objects.for_staff(by)), pk=pk)
        return Response(CareOffsetShape(undoing.undo(offset=mine, by=by)).data)


class CarePaymentShape(serializers.ModelSerializer[Payment]):
    class Meta:
        model = Payment
        fields = read_only_fields = ("id", "bill", "amount_cents", "receipt", "way", "paid_on", "at", "voided_at")


class CarePaymentOrder(Sent):
    bill = Number(help_text="账单编号")
    amount_cents = serializers.IntegerField(min_value=1, max_value=10**9, help_text="金额，单位为分，不超过还差的")
    receipt = serializers.CharField(max_length=paying.RECEIPT, help_text="收据号，每个中心不重复")
    way = serializers.ChoiceField(choices=Payment.Way.choices)
    paid_on = serializers.DateField(help_text="缴费日期，不晚于今天")


class CarePayments(GenericViewSet[Payment]):
    """What the operator's till took for bills of the client's communities."""

    scopes = {"create": "care:payments"}
    queryset = Payment.objects.none()

    @extend_schema(
        summary="登记托管缴费", description="账单确认以后登记，可以分几次；只登记收据，不在线收款。作废由工作人员在系统里办理。",
        request=CarePaymentOrder, responses={201: CarePaymentShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `paying.record` does; 404 for bills of others."""
        asked: dict[str, Any] = CarePaymentOrder.read(request.data)
        by = caller(request)
        bill = get_object_or_404(Bill.objects.for_staff(by), pk=asked.pop("bill"))
        return Response(CarePaymentShape(paying.record(bill=bill, paid=Paid(**asked), by=by)).data, status=201)
