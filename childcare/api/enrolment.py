"""REST: enrolments handed in by another system, the roster, and consents taken back. Accepting is done by persons."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare.enrolment import agreeing, book, submitting
from childcare.enrolment.steps import STEPS
from childcare.models import Centre, Enrolment, Place
from communities.clients import Number, Paged, Sent, caller
from communities.models import Consent, Resident

ROSTER, ENROL = "care:roster", "care:enrol"
HELP = {
    "child": "孩子：name、sex(m/f)、birth_date、document、number、school、grade(0到12)、school_class",
    "guardians": "监护人：relation、workplace、second_name/relation/phone、carer_name/relation/phone/on",
    "contacts": "紧急联系人：name1、relation1、phone1、name2、relation2、phone2",
    "health": "健康情况（单独同意，agreed为true才保存）",
    "service": "托管安排：group、plan（0为周一）、starts_on、lunch、nap、alone、both_work、sibling",
    "pickups": "接送人（单独同意）：agreed、people",
    "consents": "同意：care、child_data、photo、alone",
}


class CareEnrolmentShape(serializers.ModelSerializer[Enrolment]):
    class Meta:
        model = Enrolment
        fields = read_only_fields = (
            "id", "centre", "group", "guardian", "child", "status", "decline", "started_at", "submitted_at", "decided_at", "place",
        )  # fmt: skip


class CareEnrolmentOrder(Sent):
    """What a family said, step by step; what stands in a step is judged as on the phone."""

    centre = Number(help_text="托管中心编号")
    guardian = Number(help_text="监护人的居民编号")
    known = Number(required=False, help_text="孩子的居民编号，已有档案时填")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        steps = {one.key: serializers.DictField(required=not one.skips, help_text=HELP[one.key]) for one in STEPS}
        return {**super().get_fields(), **steps}


class CareChildShape(serializers.ModelSerializer[Place]):
    """基本信息 alone: no health, contacts, pick-ups, number or category."""

    name = serializers.CharField(source="child.name", read_only=True, help_text="孩子姓名")
    school = serializers.CharField(source="child.care_file.school", read_only=True, default="", help_text="学校")
    grade = serializers.IntegerField(source="child.care_file.grade", read_only=True, default=None, help_text="年级")
    centre = serializers.IntegerField(source="group.centre_id", read_only=True, help_text="托管中心编号")

    class Meta:
        model = Place
        fields = read_only_fields = (
            "id", "child", "name", "school", "grade", "centre", "group", "plan", "lunch", "nap", "starts_on", "ends_on",
        )  # fmt: skip


class CareChildrenAsked(Paged):
    community = Number(required=False, help_text="社区编号")
    centre = Number(required=False, help_text="托管中心编号")
    group = Number(required=False, help_text="班编号")


class CareConsentBack(Sent):
    purpose = serializers.ChoiceField(choices=[(str(one), one.label) for one in agreeing.ASKED], help_text="用途")


class CareWithdrawn(serializers.Serializer[Any]):
    withdrawn = serializers.BooleanField(help_text="是否撤回了一项有效的同意")


class CareEnrolments(GenericViewSet[Enrolment]):
    """Of the client's communities."""

    scopes = dict.fromkeys(("create", "retrieve", "withdraw"), ENROL)
    queryset = Enrolment.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="代监护人提交托管报名", description="一次提交七步；证件由社区在窗口核对后才通过。填写的内容加密保存。",
        request=CareEnrolmentOrder, responses={201: CareEnrolmentShape},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """404 for centres, guardians and children of other communities. Refuses as the phone does."""
        order, by = CareEnrolmentOrder.read(request.data), caller(request)
        centre = get_object_or_404(Centre.objects.for_staff(by), pk=order.pop("centre"))
        people = Resident.objects.for_staff(by).select_related("community")
        guardian = get_object_or_404(people, pk=order.pop("guardian"))
        known = order.pop("known", None)
        child = get_object_or_404(people, pk=known) if known else None
        made = submitting.whole(guardian=guardian, centre=centre, said=order, by=by, child=child)
        return Response(CareEnrolmentShape(made).data, status=201)

    @extend_schema(summary="查看托管报名", description="办到哪一步；不含填写的内容。", responses=CareEnrolmentShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for those of other communities, and for drafts."""
        return Response(CareEnrolmentShape(self._one(request, pk)).data)

    @extend_schema(
        summary="撤回托管报名", description="填写的内容马上删除。", request=None, responses=CareEnrolmentShape
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Refuses what was decided."""
        mine = submitting.withdraw(enrolment=self._one(request, pk), by=caller(request))
        return Response(CareEnrolmentShape(mine).data)

    def _one(self, request: Request, pk: int) -> Enrolment:
        seen = Enrolment.objects.for_staff(caller(request)).select_related("guardian__community")
        return get_object_or_404(seen, pk=pk)


class CareChildren(GenericViewSet[Place]):
    """Places that are held, of the client's communities."""

    scopes = {"list": ROSTER, "withdraw": ENROL}
    queryset = Place.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="在托孩子名单", description="只有基本信息，每读一页都留下查看记录。", parameters=[CareChildrenAsked], responses=CareChildShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page, newest first; that it was read is written down."""
        said, by = CareChildrenAsked.read(request.query_params), caller(request)
        found = book.children(by, said).select_related("child__care_file", "group__centre__community")
        page = self.paginate_queryset(found) or []
        book.seen(by=by, places=page)
        return self.get_paginated_response(CareChildShape(page, many=True).data)

    @extend_schema(
        summary="代监护人撤回一项同意", description="马上生效；撤回托管协议或儿童规则的，托位从第二天起结束。",
        request=CareConsentBack, responses=CareWithdrawn,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """404 for children of other communities; `pk` is the child's number."""
        purpose, by = Consent.Purpose(CareConsentBack.read(request.data)["purpose"]), caller(request)
        child = get_object_or_404(
            Resident.objects.for_staff(by).filter(care_file__isnull=False).select_related("community"), pk=pk
        )
        return Response({"withdrawn": agreeing.take_back(child=child, purpose=purpose, by=by)})
