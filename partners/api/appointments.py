"""REST: 预约 as a partner's own system sees them: when it can be booked, what is asked for, the answer. No names, no addresses."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Community
from partners.api.vouchers import SlotShape
from partners.models import Appointment, Offer, Slot
from partners.offers import book, slots
from partners.vouchers import appointments


class AppointmentShape(serializers.ModelSerializer[Appointment]):
    offer = serializers.IntegerField(source="voucher.offer_id", help_text="服务项目编号")
    partner = serializers.IntegerField(source="voucher.partner_id", help_text="合伙人编号")
    starts_at = serializers.DateTimeField(source="slot.starts_at", help_text="预约开始")
    ends_at = serializers.DateTimeField(source="slot.ends_at", help_text="预约结束")

    class Meta:
        model = Appointment
        fields = read_only_fields = (
            "id", "voucher", "offer", "partner", "slot", "starts_at", "ends_at", "status", "answer_by", "answered_at", "reason",
        )  # fmt: skip


class Declined(Sent):
    reason = serializers.CharField(max_length=appointments.REASON, help_text="为什么不能安排，居民会看到")


class SlotOrder(Sent):
    offer = Number(help_text="要预约的服务项目编号")
    day = serializers.DateField(help_text="日期")
    starts = serializers.TimeField(help_text="开始")
    ends = serializers.TimeField(help_text="结束")
    places = serializers.IntegerField(
        required=False, min_value=1, max_value=slots.PLACES, help_text="可约人数，不填为1"
    )
    weeks = serializers.IntegerField(
        required=False, min_value=1, max_value=slots.WEEKS, help_text="连续几周的同一时间，不填为1"
    )


class Appointments(GenericViewSet[Appointment]):
    """Of the client's communities."""

    scopes = {"list": "partners:read", "confirm": "appointments:write", "decline": "appointments:write"}
    queryset = Appointment.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="预约列表", description="本客户端所辖社区的预约，新的在前；不含姓名、手机号和上门地址。", parameters=[Paged],
        responses=AppointmentShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of appointments, newest first; the settled ones as well."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(_visits(request))
        return self.get_paginated_response(AppointmentShape(page, many=True).data)

    @extend_schema(
        summary="确认预约",
        description="商家的系统代合伙人确认，居民收到消息。",
        request=None,
        responses=AppointmentShape,
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Refuses as `appointments.refusal_to_confirm` says; 404 for those of others."""
        mine = get_object_or_404(_visits(request), pk=pk)
        return Response(AppointmentShape(appointments.confirm(appointment=mine, by=caller(request))).data)

    @extend_schema(
        summary="不能安排预约", description="商家的系统代合伙人回绝，积分全额退回，居民收到消息。", request=Declined, responses=AppointmentShape
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        """Refuses as `appointments.decline` does; 404 for those of others."""
        mine, asked = get_object_or_404(_visits(request), pk=pk), Declined.read(request.data)
        made = appointments.decline(appointment=mine, by=caller(request), reason=asked["reason"])
        return Response(AppointmentShape(made).data)


class Slots(GenericViewSet[Slot]):
    """When an offer can be booked; read at `GET offers/{id}/slots/`."""

    scopes = {"create": "appointments:write", "remove": "appointments:write"}
    queryset = Slot.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="添加预约时段", description="一个时段，或连续几周的同一时间；有一个重复的，一个也不添加。", request=SlotOrder,
        responses={201: SlotShape(many=True)},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `slots.add` does; 404 for offers of others."""
        asked, by = SlotOrder.read(request.data), caller(request)
        offer = get_object_or_404(Offer.objects.for_staff(by), pk=asked.pop("offer"))
        made = slots.add(offer=offer, by=by, **asked)
        return Response(SlotShape(made, many=True).data, status=201)

    @extend_schema(
        summary="删除预约时段", description="没有人约过的时段可以删除，返回删除前的样子。", request=None, responses=SlotShape
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        """Refuses as `slots.remove` does; 404 for those of others."""
        by = caller(request)
        mine = get_object_or_404(Slot, pk=pk, offer__in=Offer.objects.for_staff(by))
        shown = SlotShape(mine).data
        slots.remove(slot=mine, by=by)
        return Response(shown)


def _visits(request: Request) -> QuerySet[Appointment]:
    mine = Community.objects.for_staff(caller(request))
    return book.visits().filter(voucher__community__in=mine)
