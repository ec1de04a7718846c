"""REST: finding residents (the phone is sent in the body, so that none stands in an access log), public notices, and evidence
for reductions: its category comes in and never goes out."""

from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities import disclosure, hardship, limits, notices
from communities.acting import ACTIVE
from communities.clients import Number, Paged, Sent, caller
from communities.fields import MOBILE, mobile
from communities.hardship import About, Category, Said
from communities.models import Evidence, Notice, Resident
from communities.models.people import ResidentQuerySet
from core import masks

LOOKUPS = 600


class Lookup(Sent):
    phone = serializers.CharField(max_length=24, help_text="11位手机号")

    def validate_phone(self, typed: str) -> str:
        phone = mobile(typed)
        if not MOBILE.fullmatch(phone):
            raise serializers.ValidationError("这不是手机号。请填写11位、以1开头的手机号。")
        return phone


class ResidentShape(serializers.ModelSerializer[Resident]):
    name = serializers.SerializerMethodField(help_text="隐去部分字的姓名")

    class Meta:
        model = Resident
        fields = ("id", "name", "community", "status")
        read_only_fields = fields

    def get_name(self, resident: Resident) -> str:
        return masks.name(resident.name)


class Found(serializers.Serializer[dict[str, ResidentQuerySet]]):
    results = ResidentShape(many=True)


class Residents(GenericViewSet[Resident]):
    scopes = {"lookup": "residents:read"}

    @extend_schema(
        summary="按手机号查找居民",
        description="返回本客户端所辖社区里登记了这个手机号的居民；一个手机号可以服务几位居民。",
        request=Lookup,
        responses=Found,
    )
    @action(detail=False, methods=["post"])
    def lookup(self, request: Request) -> Response:
        """Who, in the communities of the client's duties, has this phone on file."""
        client = caller(request)
        limits.hit(f"lookup:{client.pk}", limit=LOOKUPS, window=timedelta(hours=1))  # numbers are not to be tried out
        phone = Lookup.read(request.data)["phone"]
        mine = Resident.objects.for_staff(client).filter(phone=phone, status__in=ACTIVE)
        return Response(Found({"results": mine.order_by("pk")}).data)


class NoticeShape(serializers.ModelSerializer[Notice]):
    until = serializers.SerializerMethodField(help_text="公示截止日，含当天")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ("id", "community", "title", "status", "opens_on", "until")
        read_only_fields = fields

    def get_until(self, notice: Notice) -> date | None:
        days: dict[int, date] = self.context["until"]
        return days.get(notice.pk)


class NamedShape(serializers.Serializer[disclosure.Named]):
    who = serializers.CharField(help_text="隐去部分字的姓名，或单位、项目")
    said = serializers.CharField(help_text="公示内容")


class NoticeBoard(NoticeShape):
    lines = serializers.SerializerMethodField(help_text="列出的各项")
    people = serializers.SerializerMethodField(help_text="名单一共多少人")
    others = serializers.SerializerMethodField(help_text="其中多少人没有列出姓名")

    class Meta(NoticeShape.Meta):
        fields = read_only_fields = (*NoticeShape.Meta.fields, "text", "end_reason", "people", "others", "lines")

    @extend_schema_field(NamedShape(many=True))
    def get_lines(self, notice: Notice) -> Any:
        return NamedShape(self.context["board"].lines, many=True).data

    def get_people(self, notice: Notice) -> int:
        return int(self.context["board"].people)

    def get_others(self, notice: Notice) -> int:
        return int(self.context["board"].others)


class NoticeFilter(Paged):
    community = Number(required=False, help_text="社区编号")


class Notices(GenericViewSet[Notice]):
    """What everybody may read of the notices in the communities where the client holds a duty."""

    scopes = {"list": "notices:read", "retrieve": "notices:read"}
    queryset = Notice.objects.none()
    lookup_value_converter = "int"

    @extend_schema(
        summary="公示", description="正在公示的，和90天内结束的，从新到旧。", parameters=[NoticeFilter],
        responses=NoticeShape(many=True),
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """What runs, and what ended in the last 90 days, newest first; `next` leads to what is older."""
        wanted = NoticeFilter.read(request.query_params).get("community")
        found = Notice.objects.for_staff(caller(request)).public().select_related("community")
        page = self.paginate_queryset(found.filter(community=wanted) if wanted else found) or []
        return self.get_paginated_response(
            NoticeShape(page, many=True, context={"until": notices.last_days(page)}).data
        )

    @extend_schema(
        summary="一份公示",
        description="只列出同意公示、满14周岁的居民，姓名隐去部分字；其余只计人数。",
        responses=NoticeBoard,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """As on the public page. 404 for notices of other communities, and for drafts."""
        mine = Notice.objects.for_staff(caller(request)).public().select_related("community")
        notice = get_object_or_404(mine, pk=pk)
        board = disclosure.board_of(notice)
        until = {notice.pk: board.until} if board.until else {}
        return Response(NoticeBoard(notice, context={"board": board, "until": until}).data)


class EvidenceShape(serializers.ModelSerializer[Evidence]):
    """Where it stands and until when; never which kind it is."""

    class Meta:
        model = Evidence
        fields = read_only_fields = (
            "id", "resident", "status", "way", "seen_on", "starts_on", "ends_on", "recheck_on", "decline", "ended_on", "end_reason",
        )  # fmt: skip


class EvidenceSent(Sent):
    resident = Number(help_text="居民编号，孩子的优待登记在孩子名下")
    category = serializers.ChoiceField(choices=Category.choices, help_text="类别；只收不返回")
    about = serializers.ChoiceField(choices=About.choices, help_text="是谁的证件")
    way = serializers.ChoiceField(choices=Evidence.Way.choices, help_text="查看证件原件，或工作人员系统查询")
    named = serializers.CharField(max_length=40, help_text="看的证件或查询的系统，名称与窗口页面一致")
    number = serializers.CharField(
        max_length=30, required=False, default="", help_text="证号；残疾人证必填20位。只收不返回"
    )
    seen_on = serializers.DateField(help_text="查看日期")
    starts_on = serializers.DateField(help_text="从哪天起算")
    ends_on = serializers.DateField(required=False, default=None, allow_null=True, help_text="证件有效期截止日")
    unstable = serializers.BooleanField(required=False, default=False, help_text="收入不稳定，半年复核一次")


class EvidenceAsked(Paged):
    resident = Number(required=False, help_text="居民编号")
    status = serializers.ChoiceField(choices=Evidence.Status.choices, required=False, help_text="状态")


class Evidences(GenericViewSet[Evidence]):
    """No Idempotency-Key: of a body that names a category not even a hash is kept. The same twice is refused while it waits."""

    scopes = {"list": "evidence:read", "create": "evidence:write"}
    queryset = Evidence.objects.none()

    @extend_schema(
        summary="优待依据列表", description="状态和起止，不含类别，新的在前。", parameters=[EvidenceAsked],
        responses=EvidenceShape,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """A page, newest first."""
        said = EvidenceAsked.read(request.query_params)
        narrowed = {name: said[name] for name in ("resident", "status") if name in said}
        page = self.paginate_queryset(Evidence.objects.for_staff(caller(request)).filter(**narrowed))
        return self.get_paginated_response(EvidenceShape(page, many=True).data)

    @extend_schema(
        summary="登记优待依据",
        description="登记看过或查询到的依据，由社区主任或街道管理员复核后才开始减免；复核只由人办理。",
        request=EvidenceSent,
        responses={201: EvidenceShape},
    )
    def create(self, request: Request) -> Response:
        """404 for residents of other communities."""
        given = EvidenceSent.read(request.data)
        own = Resident.objects.for_staff(caller(request)).select_related("community")
        resident, named = get_object_or_404(own, pk=given.pop("resident")), given.pop("named")
        way = Evidence.Way(given.pop("way"))
        seen = {"paper" if way == Evidence.Way.VIEWED else "system": named}
        said = Said(Category(given.pop("category")), About(given.pop("about")), way, **given, **seen)
        made = hardship.record(resident=resident, said=said, by=caller(request))
        return Response(EvidenceShape(made).data, status=201)
