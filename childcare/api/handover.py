"""REST: hand-overs as they were written, who is sent, and letting a child go by the same check as on the teacher's phone."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare import opening
from childcare.handover import book, pickups, releasing
from childcare.handover.asking import Check, Way
from childcare.models import Handover, Pickup, Place, Staffer
from childcare.opening import Part
from communities.clients import Number, Paged, Sent, caller
from communities.models import Resident


class CareHandoverShape(serializers.ModelSerializer[Handover]):
    """No names: numbers of the place, the way and the check."""

    class Meta:
        model = Handover
        fields = read_only_fields = (
            "id", "place", "day", "at", "way", "check_used", "taken_by", "staffer", "second", "late_minutes", "on_paper",
        )  # fmt: skip


class CareHandoverFilter(Paged):
    place = Number(required=False, help_text="托位编号")
    day = serializers.DateField(required=False, help_text="日期")


class CareRelease(Sent):
    """谁、怎么核对、由哪位当班员工放人。"""

    place = Number(help_text="托位编号")
    way = serializers.ChoiceField(Way.choices, help_text="接走人的类别")
    check = serializers.ChoiceField(Check.choices, help_text="核验方式")
    who = Number(required=False, help_text="监护关系、接送人或委托照护人的编号")
    staffer = Number(required=False, help_text="当班员工编号；不填是自己的账号")
    id_tail = serializers.CharField(required=False, max_length=4, help_text="核对到的证件后四位")
    code = serializers.CharField(required=False, max_length=6, help_text="接送码")
    second = Number(required=False, help_text="第二位当班员工编号，接送码必填")
    proof = serializers.CharField(required=False, max_length=128, help_text="第二位员工本人的动态码")


class CareHandovers(GenericViewSet[Handover]):
    """Of the client's communities. Letting go is asked once per place and day by nature: a repeat is `care_left_already`."""

    scopes = {"list": "care:roster", "create": "care:release"}
    queryset = Handover.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="托管交接记录", description="所辖社区托管中心的交接记录，新的在前；不含姓名。", parameters=[CareHandoverFilter],
        responses=CareHandoverShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of rows, newest first."""
        asked = CareHandoverFilter.read(request.query_params)
        kept: dict[str, Any] = {name: asked[name] for name in ("place", "day") if name in asked}
        by = caller(request)
        page = self.paginate_queryset(Handover.objects.for_staff(by).filter(**kept).select_related("child")) or []
        people = [one.child for one in page]
        opening.listed(user=by, children=people, parts={Part.DAYS}, where="交接接口", purpose="其他系统读取")
        return self.get_paginated_response(CareHandoverShape(page, many=True).data)

    @extend_schema(
        summary="登记离开", description="同老师手机上一样的核对，少一项都不放人；时间以服务器为准。每个托位每天只能登记一次。系统账号放人要有能核对的凭据："
        "接送码，或登记过的证件后四位；“当面认识”和自行离开由当班老师用自己的账号登记。",
        request=CareRelease, responses={201: CareHandoverShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `releasing.release` does; 404 for others' places and staff."""
        sent, by = CareRelease.read(request.data), caller(request)
        rows = Place.objects.for_staff(by).select_related("child__community", "group__centre__community")
        place, staff = (
            get_object_or_404(rows, pk=sent["place"]),
            Staffer.objects.for_staff(by).select_related("account"),
        )
        second = get_object_or_404(staff, pk=sent["second"]) if "second" in sent else None
        way = Way(sent["way"])
        made = releasing.release(
            place=place, way=way, check=Check(sent["check"]), by=by, **book.taker(way, sent.get("who", 0)),
            id_tail=sent.get("id_tail", ""), code=sent.get("code", ""), second=second, proof=sent.get("proof", ""),
            staffer=get_object_or_404(staff, pk=sent["staffer"]) if "staffer" in sent else None,
        )  # fmt: skip
        return Response(CareHandoverShape(made).data, status=201)


class CarePickupShape(serializers.ModelSerializer[Pickup]):
    """No name, phone or document: what a list at the door needs is on the teacher's phone."""

    class Meta:
        model = Pickup
        fields = read_only_fields = (
            "id", "child", "relation", "valid_from", "valid_until", "once", "used_at", "authorised_by", "at", "revoked_at",
        )  # fmt: skip


class CarePickupFilter(Paged):
    child = Number(required=False, help_text="孩子的居民编号")


class CarePickupSent(Sent):
    """由社区按监护人签字的单子代录。"""

    child = Number(help_text="孩子的居民编号")
    guardian = Number(help_text="签字的监护人的居民编号")
    name = serializers.CharField(max_length=pickups.NAME, help_text="接送人姓名")
    relation = serializers.CharField(max_length=pickups.RELATION, help_text="与孩子的关系")
    phone = serializers.CharField(max_length=11, help_text="11位手机号")
    id_tail = serializers.CharField(max_length=4, help_text="身份证后四位")
    valid_until = serializers.DateField(required=False, help_text="有效到，不填按设置")
    once = serializers.BooleanField(required=False, help_text="只接一次")
    of_age = serializers.BooleanField(help_text="已满18周岁")


class CarePickups(GenericViewSet[Pickup]):
    """Of children of the client's communities."""

    scopes = dict.fromkeys(("list", "create", "revoke"), "care:pickups")
    queryset = Pickup.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="接送人列表", description="所辖社区孩子的接送人，新的在前；不含姓名、电话和证件。", parameters=[CarePickupFilter],
        responses=CarePickupShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of rows, newest first."""
        asked = CarePickupFilter.read(request.query_params)
        rows = self._own(request).filter(**{name: asked[name] for name in ("child",) if name in asked})
        page = self.paginate_queryset(rows.select_related("child")) or []
        people = [one.child for one in page]
        opening.listed(
            user=caller(request), children=people, parts={Part.PICKUPS}, where="接送人接口", purpose="其他系统读取"
        )
        return self.get_paginated_response(CarePickupShape(page, many=True).data)

    @extend_schema(
        summary="登记接送人", description="规则同监护人在手机上登记；两位监护人都会收到消息。", request=CarePickupSent,
        responses={201: CarePickupShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `pickups.refusal_for` says; 404 for residents of others."""
        sent = CarePickupSent.read(request.data)
        mine = Resident.objects.for_staff(caller(request)).select_related("community__sub_district")
        child, guardian = (get_object_or_404(mine, pk=sent.pop(name)) for name in ("child", "guardian"))
        made = pickups.authorise(child=child, guardian=guardian, said=pickups.Said(**sent), by=caller(request))
        return Response(CarePickupShape(made).data, status=201)

    @extend_schema(summary="撤销接送人", description="马上不能再接孩子。", request=None, responses=CarePickupShape)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: int) -> Response:
        """Refuses as `pickups.revoke` does; 404 for others'."""
        gone = pickups.revoke(pickup=get_object_or_404(self._own(request), pk=pk), by=caller(request))
        return Response(CarePickupShape(gone).data)

    def _own(self, request: Request) -> QuerySet[Pickup]:
        return Pickup.objects.filter(child__in=Resident.objects.for_staff(caller(request)))
