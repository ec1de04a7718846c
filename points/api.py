"""REST: reading a resident's points."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import GenericViewSet

from communities.clients import Number, Sent, caller
from communities.models import Community, Resident, SubDistrict
from core import clock
from points import debts, statement
from points.models import Entry, Rule
from points.pricing import Tariff, tariffs
from points.rulebook import BY_HAND
from points.statement import Filter, Line


class WalletShape(serializers.Serializer[Any]):
    available = serializers.IntegerField(help_text="现在可以使用的积分")
    earned_this_month = serializers.IntegerField(help_text="本月获得")
    expiring = serializers.IntegerField(help_text="今年年底前到期的积分")
    expires_on = serializers.DateField(allow_null=True, help_text="其中最早的最后可用日")
    owed = serializers.IntegerField(help_text="待抵扣：从以后获得的积分里先扣")


class LineShape(serializers.Serializer[Line]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Entry.Kind.choices)
    reason = serializers.CharField(help_text="事由")
    amount = serializers.IntegerField(help_text="增加为正，减少为负")
    balance = serializers.IntegerField(help_text="这一笔之后的余额")
    cut = serializers.IntegerField(help_text="因封顶没有记入的积分，没有为0")
    purse = serializers.BooleanField(help_text="是否用家庭积分支付或退回")


class StatementShape(serializers.Serializer[Any]):
    next = serializers.URLField(
        allow_null=True, help_text="更早的明细；没有了为null。有筛选时一页可能不满，仍以next为准"
    )
    results = LineShape(many=True)


class Older(Sent):
    kind = serializers.ChoiceField(Entry.Kind.choices, required=False, help_text="类别")
    since = serializers.DateField(required=False, help_text="从哪天起，含当天")
    until = serializers.DateField(required=False, help_text="到哪天止，含当天")
    before = Number(required=False, help_text="只要编号小于它的明细")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=200, default=statement.PAGE, help_text="每页条数"
    )


class Wallets(GenericViewSet[Resident]):
    scopes = {"balance": "points:read", "statement": "points:read"}
    lookup_value_converter = "int"

    @extend_schema(summary="居民的积分", description="可用积分不含已到期的部分。", responses=WalletShape)
    @action(detail=True)
    def balance(self, request: Request, pk: int) -> Response:
        """What the resident can spend now. 404 for residents of other communities."""
        resident = get_object_or_404(Resident.objects.for_staff(caller(request)), pk=pk)
        wallet = asdict(statement.wallet(resident))
        return Response(WalletShape({**wallet, "owed": debts.total(resident)}).data)

    @extend_schema(
        summary="居民的积分明细",
        description="从新到旧，每一笔带当时的余额；可按类别和日期筛选。",
        parameters=[Older],
        responses=StatementShape,
    )
    @action(detail=True)
    def statement(self, request: Request, pk: int) -> Response:
        """A page of the statement, newest first; `next` leads to what is older. 404 as above."""
        asked = Older.read(request.query_params)
        resident = get_object_or_404(Resident.objects.for_staff(caller(request)), pk=pk)
        wanted = Filter(asked.get("kind", ""), asked.get("since"), asked.get("until"))
        found = statement.page_of(resident, wanted, before=asked.get("before"), size=asked["page_size"])
        here = request.build_absolute_uri()
        older = replace_query_param(here, "before", found.older) if found.older else None
        return Response(StatementShape({"next": older, "results": found.lines}).data)


class RuleShape(serializers.Serializer[Tariff]):
    code = serializers.CharField(source="rule.code", help_text="代码")
    name = serializers.CharField(source="rule.name", help_text="项目")
    kind = serializers.ChoiceField(Rule.Kind.choices, source="rule.kind", help_text="类别：计时、按次、据实")
    basis = serializers.ChoiceField(Rule.Basis.choices, source="rule.basis", help_text="每小时或每次")
    points = serializers.IntegerField(source="rule.points", help_text="积分；0为停用")
    day_points = serializers.IntegerField(source="rule.day_points", allow_null=True, help_text="这一项每人每日封顶积分")
    day_times = serializers.IntegerField(source="rule.day_times", allow_null=True, help_text="这一项每人每日最多次数")
    month_times = serializers.IntegerField(
        source="rule.month_times", allow_null=True, help_text="这一项每人每月最多次数"
    )
    cap_day = serializers.IntegerField(allow_null=True, help_text="同类项目共用的每人每日封顶积分")
    cap_month = serializers.IntegerField(allow_null=True, help_text="同类项目共用的每人每月封顶积分")
    notice_from = serializers.IntegerField(source="rule.notice_from", help_text="公示要求：一次多少积分起")
    starts_on = serializers.DateField(source="rule.starts_on", help_text="从哪天起执行")


class StreetRules(serializers.Serializer[Any]):
    sub_district = serializers.IntegerField(help_text="街道编号")
    name = serializers.CharField(help_text="街道")
    rules = RuleShape(many=True)


@extend_schema_serializer(many=False)
class RulesShape(serializers.Serializer[Any]):
    on = serializers.DateField(help_text="规则所属的日期")
    results = StreetRules(many=True)


class OnDay(Sent):
    on = serializers.DateField(required=False, help_text="哪一天的规则；不填为今天，以后的日期给出将要执行的")


class Rules(GenericViewSet[Rule]):
    scopes = {"list": "points:read"}
    queryset = Rule.objects.none()

    @extend_schema(
        summary="积分规则",
        description="客户端所属街道当天执行的规则和封顶，不含人工调整。",
        parameters=[OnDay],
        responses=RulesShape,
    )
    def list(self, request: Request) -> Response:
        """The rules in force on a day, those of each sub-district that the client reaches; not many, so in one answer."""
        on = OnDay.read(request.query_params).get("on", clock.today())
        reached = SubDistrict.objects.filter(communities__in=Community.objects.for_staff(caller(request)))
        results = [
            {"sub_district": street.pk, "name": street.name, "rules": _priced(street, on)}
            for street in reached.distinct().order_by("pk")
        ]
        return Response(RulesShape({"on": on, "results": results}).data)


def _priced(street: SubDistrict, on: date) -> list[Tariff]:
    return [one for one in tariffs(street.pk, on=on).values() if one.rule.code != BY_HAND]
