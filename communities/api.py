"""REST: finding residents. The phone is sent in the body, so that none stands in an access log."""

from datetime import timedelta

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities import limits
from communities.acting import ACTIVE
from communities.clients import Sent, caller
from communities.fields import MOBILE, mobile
from communities.models import Resident
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
