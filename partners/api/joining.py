"""REST: calls and applications. Another system hands in, writes down look-ups, lets stand or hands back; people decide.

Nobody is turned down, chosen or marked by a program: those have no route.
"""

from dataclasses import fields
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Paged, Sent, caller
from communities.models import Community
from partners.joining import applying, checking, handing_in
from partners.joining.applying import PromiseLine, Service, Subject
from partners.joining.handing_in import Pledge, Whole
from partners.models import Application, Call, Criterion, Lookup, Partner, PartnerApplicationQuerySet, Review

READ, WRITE = "partners:read", "partners:write"


class CriterionShape(serializers.ModelSerializer[Criterion]):
    class Meta:
        model = Criterion
        fields = read_only_fields = ("order", "name", "weight")


class CallShape(serializers.ModelSerializer[Call]):
    criteria = CriterionShape(many=True, read_only=True)

    class Meta:
        model = Call
        fields = read_only_fields = (
            "id", "community", "title", "text", "trades", "places", "opens_on", "closes_on", "status", "criteria",
        )  # fmt: skip


class RegisterLookupShape(serializers.ModelSerializer[Lookup]):
    class Meta:
        model = Lookup
        fields = read_only_fields = ("id", "register", "nothing_found", "looked_on", "reference", "note", "at")


class ReviewShape(serializers.ModelSerializer[Review]):
    class Meta:
        model = Review
        fields = read_only_fields = ("reviewer", "marks", "total", "remark")


class PromiseSent(Sent):
    item = serializers.CharField(max_length=60, help_text="项目")
    times = serializers.IntegerField(min_value=1, max_value=applying.MOST_TIMES, help_text="每月次数")
    people = serializers.IntegerField(min_value=0, max_value=applying.MOST_PEOPLE, default=0, help_text="每次人数")
    discount = serializers.CharField(max_length=60, default="", allow_blank=True, help_text="优惠")


class PartnerApplicationShape(serializers.ModelSerializer[Application]):
    """`reviews` is empty until every reviewer's marks are in."""

    name = serializers.CharField(source="partner.name", read_only=True)
    kind = serializers.CharField(source="partner.kind", read_only=True)
    trade = serializers.CharField(source="partner.trade", read_only=True)
    credit_code = serializers.CharField(source="partner.credit_code", read_only=True)
    promises = PromiseSent(many=True, read_only=True)
    lookups = RegisterLookupShape(many=True, read_only=True)
    reviews = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = read_only_fields = (
            "id", "community", "call", "partner", "name", "kind", "trade", "credit_code", "status", "services", "audience",
            "room_wanted", "safety", "insurance", "promises", "kinship", "submitted_at", "checked_at", "check_note", "rank", "settled_at", "settled_note", "lookups",
            "reviews",
        )  # fmt: skip

    def get_reviews(self, one: Application) -> list[dict[str, Any]]:
        seen = self.context["seen"].get(one.pk, [])
        return [dict(ReviewShape(review).data) for review in seen]


class ApplicationQuery(Paged):
    call = Number(required=False, help_text="招募编号")
    status = serializers.ChoiceField(required=False, choices=Application.Status.values, help_text="状态")


class NewApplication(Sent):
    """Everything that somebody says at another system's counter."""

    community = Number(help_text="社区编号")
    call = Number(required=False, help_text="招募编号，没有就是直接报名")
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=Partner.Kind.values)
    trade = serializers.ChoiceField(choices=Partner.Trade.values)
    credit_code = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text="能人和没有执照的主理人不填"
    )
    legal_person = serializers.CharField(max_length=40, default="", allow_blank=True)
    registered_address = serializers.CharField(max_length=100, default="", allow_blank=True)
    address = serializers.CharField(max_length=100, default="", allow_blank=True)
    scope = serializers.CharField(max_length=300, default="", allow_blank=True, help_text="经营范围")
    founded_on = serializers.DateField(required=False, help_text="成立日期")
    contact = serializers.CharField(max_length=40)
    contact_phone = serializers.CharField(max_length=20, help_text="手机号会成为店主登录的号码")
    services = serializers.CharField(max_length=300)
    audience = serializers.CharField(max_length=100, default="", allow_blank=True, help_text="服务对象")
    room_wanted = serializers.CharField(max_length=200, default="", allow_blank=True, help_text="所需场地")
    safety = serializers.CharField(max_length=300, default="", allow_blank=True, help_text="安全措施")
    insurance = serializers.CharField(max_length=200, default="", allow_blank=True, help_text="保险")
    promises = serializers.ListField(
        child=PromiseSent(), allow_empty=False, max_length=applying.MOST_PROMISES, help_text="公益承诺"
    )
    pledged = serializers.BooleanField(help_text="近三年无严重违法")
    kinship = serializers.BooleanField(help_text="与工作人员有亲属关系")
    kinship_note = serializers.CharField(max_length=100, default="", allow_blank=True)


class NewLookup(Sent):
    register = serializers.ChoiceField(choices=Lookup.Register.values)
    nothing_found = serializers.BooleanField()
    looked_on = serializers.DateField()
    reference = serializers.CharField(max_length=checking.REFERENCE, default="", allow_blank=True)
    note = serializers.CharField(max_length=checking.LOOKED, default="", allow_blank=True)


class Result(Sent):
    result = serializers.ChoiceField(choices=["pass", "return"])
    note = serializers.CharField(max_length=checking.NOTE, default="", allow_blank=True, help_text="退回时写明要补什么")


class Calls(GenericViewSet[Call]):
    """Calls that staff of the client's communities see."""

    scopes = dict.fromkeys(("list", "retrieve"), READ)
    queryset = Call.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="招募公告列表", description="草稿也在内，新的在前。", parameters=[Paged], responses=CallShape
    )
    def list(self, request: Request) -> Response:
        """A page of calls, newest first."""
        Paged.read(request.query_params)
        page = self.paginate_queryset(Call.objects.for_staff(caller(request)).prefetch_related("criteria"))
        return self.get_paginated_response(CallShape(page, many=True).data)

    @extend_schema(summary="查看招募公告", description="公告和评分表。", responses=CallShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for other communities'."""
        return Response(CallShape(get_object_or_404(Call.objects.for_staff(caller(request)), pk=pk)).data)


class PartnerApplications(GenericViewSet[Application]):
    """What was handed in to the client's communities."""

    scopes = {"list": READ, "retrieve": READ, "create": WRITE, "lookups": WRITE, "check": WRITE}
    queryset = Application.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="合伙人报名列表", description="已提交的报名，新的在前。", parameters=[ApplicationQuery], responses=PartnerApplicationShape
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page of applications, newest first."""
        asked = ApplicationQuery.read(request.query_params)
        mine = self._mine(request).filter(**{name: asked[name] for name in ("call", "status") if name in asked})
        page = self.paginate_queryset(mine)
        return self.get_paginated_response(
            PartnerApplicationShape(page, many=True, context=self._seen(request, page)).data
        )

    @extend_schema(
        summary="查看合伙人报名", description="含查询结果；评分在全部交齐以后才有。", responses=PartnerApplicationShape
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """404 for other communities', and for drafts."""
        return self._answer(request, get_object_or_404(self._mine(request), pk=pk))

    @extend_schema(
        summary="代为报名", description="一次提交全部内容；社区审查。", request=NewApplication, responses={201: PartnerApplicationShape}
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Refuses as `handing_in.hand_in` does; 404 for communities and calls of others."""
        said, by = NewApplication.read(request.data), caller(request)
        community = get_object_or_404(Community.objects.for_staff(by), pk=said["community"])
        call = get_object_or_404(Call.objects.for_staff(by), pk=said["call"]) if "call" in said else None
        made = handing_in.hand_in(community=community, call=call, whole=_whole(said), by=by)
        return self._answer(request, get_object_or_404(self._mine(request), pk=made.pk), 201)

    @extend_schema(
        summary="登记查询结果", description="查了哪一项、哪天、有没有异常。", request=NewLookup, responses={201: RegisterLookupShape}
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def lookups(self, request: Request, pk: int) -> Response:
        """Refuses as `checking.look_up` does."""
        said, found = NewLookup.read(request.data), get_object_or_404(self._mine(request), pk=pk)
        return Response(
            RegisterLookupShape(checking.look_up(application=found, by=caller(request), **said)).data, status=201
        )

    @extend_schema(
        summary="资格审查结果", description="通过，或退回补正。不予通过由人决定。", request=Result, responses=PartnerApplicationShape
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: int) -> Response:
        """Refuses as `checking.let_stand` and `checking.give_back` do."""
        said, found = Result.read(request.data), get_object_or_404(self._mine(request), pk=pk)
        verb = checking.let_stand if said["result"] == "pass" else checking.give_back
        verb(application=found, by=caller(request), note=said["note"])
        return self._answer(request, get_object_or_404(self._mine(request), pk=pk))

    def _mine(self, request: Request) -> PartnerApplicationQuerySet:
        mine = Application.objects.for_staff(caller(request)).exclude(submitted_at=None)
        return mine.select_related("partner").prefetch_related("lookups")

    def _answer(self, request: Request, one: Application, status: int = 200) -> Response:
        return Response(PartnerApplicationShape(one, context=self._seen(request, [one])).data, status=status)

    def _seen(self, request: Request, page: Any) -> dict[str, Any]:
        seen: dict[int, list[Review]] = {}
        for review in Review.objects.seen_by(caller(request)).filter(application__in=[one.pk for one in page]):
            seen.setdefault(review.application_id, []).append(review)
        return {"seen": seen}


def _whole(said: dict[str, Any]) -> Whole:
    who = tuple(field.name for field in fields(Subject))
    what = ("services", "audience", "room_wanted", "safety", "insurance")
    lines = tuple(PromiseLine(**line) for line in said["promises"])
    pledge = Pledge(said["pledged"], said["kinship"], said["kinship_note"])
    return Whole(
        Subject(**{name: said[name] for name in who if name in said}),
        Service(**{name: said[name] for name in what}, promises=lines),
        pledge,
    )
