"""REST: 服务项目 on show, and vouchers taken for residents. Using one is the merchant's, by another scope."""

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
from partners.models import Appointment, Offer, Slot, Voucher
from partners.offers import slots as offered
from partners.vouchers import appointments, issuing, returning
from partners.vouchers.booking import Wanted


class OfferShape(serializers.ModelSerializer[Offer]):
    class Meta:
        model = Offer
        fields = read_only_fields = (
            "id", "community", "partner", "title", "note", "price", "stock", "taken", "per_person", "per_household", "period", "group",
            "booking", "starts_on", "ends_on", "valid_days",
        )  # fmt: skip


class SlotShape(serializers.ModelSerializer[Slot]):
    left = serializers.SerializerMethodField(help_text="还可约的人数")

    class Meta:
        model = Slot
        fields = read_only_fields = ("id", "starts_at", "ends_at", "left")

    def get_left(self, slot: Slot) -> int:
        return slot.places - slot.taken


class VoucherShape(serializers.ModelSerializer[Voucher]):
    class Meta:
        model = Voucher
        fields = read_only_fields = (
            "id", "offer", "partner", "resident", "price", "status", "at", "valid_until", "number", "settled_at", "settled_reason",
        )  # fmt: skip


class VoucherOrder(Sent):
    offer = Number(help_text="服务项目编号")
    resident = Number(help_text="居民编号")
    slot = Number(required=False, help_text="预约时段编号，要预约的服务必填")
    address = serializers.CharField(
        required=False, max_length=100, help_text="上门地址，本人已同意交给商家的才能预约上门"
    )
    wish = serializers.CharField(required=False, max_length=100, help_text="需要说明的")


class Offers(GenericViewSet[Offer]):
    """What is on show in the client's communities."""

    scopes = dict.fromkeys(("list", "slots"), "offers:read")
    queryset = Offer.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="服务项目列表", description="本客户端所辖社区正在上架的服务项目，新的在前。", parameters=[Paged], responses=OfferShape
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of offers, newest first."""
        Paged.read(request.query_params)
        shown = Offer.objects.for_staff(caller(request)).on_show(clock.today())
        page = self.paginate_queryset(shown)
        return self.get_paginated_response(OfferShape(page, many=True).data)

    @extend_schema(
        summary="可约时段", description="一项要预约的服务现在可以约的时段，早的在前，最多100个。", responses=SlotShape(many=True)
    )  # fmt: skip
    @action(detail=True, pagination_class=None)
    def slots(self, request: Request, pk: int) -> Response:
        """404 for what is not on show in the client's communities."""
        at = clock.now()
        shown = Offer.objects.for_staff(caller(request)).on_show(clock.local(at).date())
        found = offered.open_to(get_object_or_404(shown, pk=pk), at).order_by("starts_at", "pk")[:100]
        return Response(SlotShape(found, many=True).data)


class Vouchers(GenericViewSet[Voucher]):
    """What the client took for residents of its communities."""

    scopes = dict.fromkeys(("create", "retrieve", "back", "cancel"), "vouchers:write")
    queryset = Voucher.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代居民兑换服务券",
        description="扣积分并发一张券，要预约的同时约好时段，一起成或一起不成。",
        request=VoucherOrder,
        responses={201: VoucherShape},
    )
    def create(self, request: Request) -> Response:
        """Refuses as `issuing.take` does; 404 for residents of others and what is not near them."""
        asked, by = VoucherOrder.read(request.data), caller(request)
        resident = get_object_or_404(Resident.objects.for_staff(by).select_related("community"), pk=asked["resident"])
        offer = get_object_or_404(Offer.objects.within_reach_of(resident), pk=asked["offer"], reviewed_at__isnull=False)
        slot = get_object_or_404(Slot, pk=asked["slot"], offer=offer) if "slot" in asked else None
        wanted = Wanted(slot, asked.get("address", ""), asked.get("wish", ""))
        made = issuing.take(offer=offer, resident=resident, by=by, wanted=wanted)
        return Response(VoucherShape(made).data, status=201)

    @extend_schema(summary="查看服务券", description="待使用、已使用、已过期、已退回或已冻结。", responses=VoucherShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for what others took."""
        return Response(VoucherShape(self._one(request, pk)).data)

    @extend_schema(
        summary="退回服务券", description="没有使用、没有预约的可以退回，积分全额返还。", request=None, responses=VoucherShape
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def back(self, request: Request, pk: int) -> Response:
        """Refuses as `returning.give_back_own` does."""
        made = returning.give_back_own(voucher=self._one(request, pk), by=caller(request))
        return Response(VoucherShape(made).data)

    @extend_schema(
        summary="取消预约",
        description="开始以前可以取消。商家确认以前，或离开始还有24小时的，积分全额返还；否则券作废，积分不退。",
        request=None,
        responses=VoucherShape,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Refuses as `appointments.cancel` does; 404 for what is not booked."""
        visit = get_object_or_404(Appointment, voucher=self._one(request, pk))
        appointments.cancel(appointment=visit, by=caller(request))
        return Response(VoucherShape(self._one(request, pk)).data)

    def _one(self, request: Request, pk: int) -> Voucher:
        by = caller(request)
        return get_object_or_404(Voucher.objects.for_staff(by).filter(by=by), pk=pk)
