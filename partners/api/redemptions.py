"""REST: uses of vouchers, read for the client's communities, and written down by a till's system."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from core.refusals import BadInput
from partners.models import Partner, Redemption, Voucher
from partners.vouchers import finding
from partners.vouchers.redeeming import OtherShop, redeem


class OneOfTwo(BadInput):
    code = "number_or_token"
    message = "请在number（8位券码）和token（二维码里的32位）里填一项，什么都没有改动，积分没有变动。"


class RedemptionShape(serializers.ModelSerializer[Redemption]):
    class Meta:
        model = Redemption
        fields = read_only_fields = (
            "id", "voucher", "partner", "community", "points", "way", "at", "served_on", "flags", "undone_at", "undo_reason",
        )  # fmt: skip


class Use(Sent):
    partner = Number(help_text="合伙人编号")
    number = serializers.CharField(
        required=False, max_length=12, help_text="8位券码，只在这家合伙人有效；10分钟内错5次要等"
    )
    token = serializers.RegexField(r"^[0-9a-f]{32}\Z", required=False, help_text="二维码地址里的32位")
    said = serializers.CharField(
        required=False,
        max_length=8,
        help_text="打印过的券的第二项核对：登记手机后4位；没有手机的，生日月日4位；错的和券码一起计数",
    )


class Redemptions(GenericViewSet[Redemption]):
    """Uses of vouchers of the client's communities."""

    scopes = {"list": "partners:read", "create": "vouchers:redeem"}
    queryset = Redemption.objects.none()
    found: Voucher

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A number is looked for before the request's transaction begins: a try stays counted whatever comes after."""
        super().initial(request, *args, **kwargs)
        if self.action == "create":
            self.found = _meant(request)

    @extend_schema(
        summary="核销记录", description="本客户端所辖社区的核销，新的在前；不含姓名和手机号。", parameters=[Paged],
        responses=RedemptionShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of uses, newest first; the undone ones as well."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(Redemption.objects.for_staff(caller(request)))
        return self.get_paginated_response(RedemptionShape(page, many=True).data)

    @extend_schema(
        summary="核销服务券", description="收银系统代合伙人核销一张券，积分从社区转到合伙人，只成一次。",
        request=Use, responses={201: RedemptionShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `redeeming.refusal_to_redeem` says; 404 for partners and vouchers of others."""
        made = redeem(voucher=self.found, by=caller(request), way=Redemption.Way.DESK)
        return Response(RedemptionShape(made).data, status=201)


def _meant(request: Request) -> Voucher:
    """The voucher that the client names, of the partner whose till it is."""
    asked, by = Use.read(request.data), caller(request)
    shop = get_object_or_404(Partner.objects.for_staff(by), pk=asked["partner"])
    if ("number" in asked) == ("token" in asked):
        raise OneOfTwo
    if "token" in asked:
        found = get_object_or_404(Voucher.objects.for_staff(by), token=asked["token"])
        if found.partner_id != shop.pk:
            raise OtherShop
    else:
        found = finding.by_number(partner=shop, number=asked["number"], who=by)
        found = get_object_or_404(Voucher.objects.for_staff(by), pk=found.pk)
    if found.printed and "said" not in asked:
        raise finding.CheckFirst
    if found.printed:
        finding.second_check(voucher=found, said=asked["said"], who=by)
    return found
