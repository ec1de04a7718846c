"""REST: the counts of the yearly audit of minors' data. No child is named."""

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from childcare.models import AuditReport
from childcare.watching import pack
from communities.clients import Number, Paged, caller
from communities.models import Community
from core import clock
from core.refusals import BadInput


class CareAuditTable(serializers.Serializer[pack.Table]):
    key = serializers.CharField(help_text="表的代号")
    title = serializers.CharField(help_text="表名")
    columns = serializers.ListField(child=serializers.CharField(), help_text="列名")
    rows = serializers.ListField(child=serializers.ListField(), help_text="每行的内容，次序与列名相同")


@extend_schema_serializer(many=False)
class CareAudit(serializers.Serializer[dict[str, object]]):
    year = serializers.IntegerField(help_text="年度")
    communities = serializers.ListField(child=serializers.IntegerField(), help_text="统计到的社区编号")
    tables = CareAuditTable(many=True)


class CareAuditAsked(Paged):
    year = Number(required=False, help_text="年度，不填为去年")


class CareAudits(GenericViewSet[AuditReport]):
    """Of the client's communities, together."""

    scopes = {"list": "care:audit"}
    queryset = AuditReport.objects.none()

    @extend_schema(
        summary="未成年人信息年度审计", description="人数、信息种类、同意、查看、申请、事件和清除的数量，没有任何人的姓名。",
        parameters=[CareAuditAsked], responses=CareAudit,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """The whole pack but the list of staff."""
        year = CareAuditAsked.read(request.query_params).get("year", clock.today().year - 1)
        if year not in pack.years():
            raise BadInput("只能查看今年和前3年的审计。")
        mine = list(Community.objects.for_staff(caller(request)).order_by("pk"))
        tables = [
            {"key": one.key, "title": one.title, "columns": [name for name, _ in one.columns], "rows": one.rows}
            for one in pack.tables(mine, year)
            if one.key != "staff"
        ]
        said = {"year": year, "communities": [one.pk for one in mine], "tables": tables}
        return Response(CareAudit(said).data)
