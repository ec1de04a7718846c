"""REST: checking a certificate by the code on it; no more than everybody reads on its page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import certified
from activities.models import Certificate
from communities.clients import Sent


class CheckShape(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="证明编号")
    who = serializers.CharField(help_text="隐去部分字的姓名；作废或不能核对的为空")
    hours = serializers.CharField(help_text="计入小时；作废的为空")
    unit = serializers.CharField(help_text="出具单位")
    issued_on = serializers.DateField(help_text="出具日期")
    valid_until = serializers.DateField(help_text="有效期至")
    revoked_on = serializers.DateField(allow_null=True, help_text="作废日期")
    state = serializers.ChoiceField([state.value for state in certified.State], help_text="现在的状态")


class Token(Sent):
    token = serializers.CharField(max_length=64, help_text="证明上二维码地址里的最后一段")


class Certificates(GenericViewSet[Certificate]):
    """志愿服务记录证明 of any community: the code is the key."""

    scopes = {"create": "certificates:read"}
    queryset = Certificate.objects.none()

    @extend_schema(
        summary="核验志愿服务记录证明",
        description="用POST发送，二维码里的令牌不出现在日志里。",
        request=Token,
        responses=CheckShape,
    )
    def create(self, request: Request) -> Response:
        """404 for a code of nothing."""
        return Response(CheckShape(certified.check(Token.read(request.data)["token"])).data)
