"""What we told whom, once. A row is written in the same transaction as the fact; a worker delivers it later."""

from datetime import datetime
from secrets import token_hex

from django.db import models
from django.db.models import F, Func, Q, Value

from communities.duties import RIGHTS, Role, Sphere
from communities.models import Community, Duty, Resident, User
from core import clock

# Whose messages colleagues see: auditors, supervisors and system administrators stand outside of their work.
COLLEAGUES = [role for role, rights in RIGHTS.items() if rights.sphere == Sphere.BUSINESS]


def new_token() -> str:
    return token_hex(4)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> "MessageQuerySet":
        return self.filter(state=Message.State.WAITING, due_at__lte=at)

    def outside(self) -> "MessageQuerySet":
        """What leaves the house by somebody else's hands: it may ring, it may be lost, it costs."""
        return self.exclude(channel=Message.Channel.INBOX)

    def inbox_of(self, resident: Resident) -> "MessageQuerySet":
        """What `resident` finds in the inbox, newest first."""
        return self.filter(resident=resident, channel=Message.Channel.INBOX, state=Message.State.SENT).order_by("-pk")

    def desk_of(self, user: User) -> "MessageQuerySet":
        """What a staff member finds at the desk, newest first."""
        return self.filter(staff=user, channel=Message.Channel.INBOX, state=Message.State.SENT).order_by("-pk")

    def for_staff(self, user: User) -> "MessageQuerySet":
        """What was told to residents of the communities where `user` works, and to the colleagues there; to those of the sub-district
        for its administrator."""
        places = Community.objects.for_staff(user)
        streets = user.duties.current().filter(role=Role.STREET_ADMIN).values("sub_district")
        held = Duty.objects.current().filter(Q(community__in=places) | Q(sub_district__in=streets), role__in=COLLEAGUES)
        return self.filter(Q(resident__community__in=places) | Q(staff__in=held.values("user")))

    def undelivered(self, since: datetime) -> "MessageQuerySet":
        """What was due from `since` on and did not arrive, or nobody knows whether it did."""
        return self.filter(state__in=(Message.State.FAILED, Message.State.UNCLEAR), due_at__gte=since)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """One message to one person about one occasion on one channel.

    `kind` is the occasion without its numbers ("session:reminder"): what it is about, for switches, counts and the desk. `provider_id`
    is what the provider calls it, `fault` one line of why it did not arrive. `template` and `fields` are what a provider is given of a
    short message instead of its text."""

    class Channel(models.TextChoices):
        INBOX = "inbox", "站内信"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"
        LAPSED = "lapsed", "过时未发"
        SETTLED = "settled", "已人工处理"
        UNCLEAR = "unclear", "结果不明"  # the provider may have it, and nobody can say: never sent again by itself

    class Urgency(models.IntegerChoices):
        ROUTINE = 0, "一般"
        URGENT = 1, "及时"  # not at night, but at noon
        ALARM = 2, "紧急"  # at any hour

    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="messages", verbose_name="居民")
    staff = models.ForeignKey(User, models.PROTECT, null=True, related_name="messages", verbose_name="工作人员")
    occasion = models.CharField("事由", max_length=80)
    kind = models.GeneratedField(
        expression=Func(F("occasion"), Value(":[^:]*[0-9][^:]*"), Value(""), Value("g"), function="regexp_replace"),
        output_field=models.CharField(max_length=80), db_persist=True, verbose_name="类别",
    )  # fmt: skip
    urgency = models.PositiveSmallIntegerField(
        "缓急", choices=Urgency.choices, default=Urgency.ROUTINE, db_default=Urgency.ROUTINE
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    title = models.CharField("标题", max_length=40)
    body = models.CharField("内容", max_length=300)
    link = models.CharField("链接", max_length=100, blank=True)
    due_at = models.DateTimeField("应发时间", default=clock.now)
    until = models.DateTimeField("过时不发", null=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    taken_at = models.DateTimeField("开始发送", null=True)
    asked_at = models.DateTimeField("询问服务商", null=True)
    token = models.CharField(
        max_length=16, default=new_token, db_default=""
    )  # so that no other row ever has our number
    sent_at = models.DateTimeField("送达时间", null=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    template = models.CharField("模板", max_length=40, blank=True, db_default="")
    fields = models.JSONField("模板内容", default=dict, db_default={})
    parts = models.PositiveSmallIntegerField("计费条数", default=0, db_default=0)  # of a short message that went out
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    provider_id = models.CharField("服务商编号", max_length=80, blank=True, db_default="")
    fault = models.CharField("未送达原因", max_length=100, blank=True, db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waiting", channel="inbox"), name="message_posting"
            ),
            models.Index(fields=["taken_at"], condition=Q(state="sending"), name="message_lost"),
            models.Index(fields=["due_at"], condition=Q(state="waiting", urgency__gt=0), name="message_urgent"),
            # In step with delivery.TAKE, or each message that leaves sorts all that wait.
            models.Index(
                fields=["-urgency", "due_at", "id"],
                condition=Q(state="waiting") & ~Q(channel="inbox"),
                name="message_leaving",
            ),
            models.Index(
                fields=["state", "-id"], condition=Q(state__in=["failed", "unclear"]), name="message_undelivered"
            ),
            models.Index(fields=["-due_at", "-id"], condition=~Q(channel="inbox"), name="message_outside"),
            models.Index(fields=["sent_at"], condition=Q(parts__gt=0), name="message_billed"),
            models.Index(fields=["-due_at", "-id"], name="message_by_day"),
            models.Index(fields=["resident", "-id"], condition=Q(channel="inbox", state="sent"), name="message_inbox"),
            models.Index(fields=["staff", "-id"], condition=Q(channel="inbox", state="sent"), name="message_desk"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "staff", "occasion", "channel"], nulls_distinct=False, name="message_once"
            ),
            models.CheckConstraint(
                condition=Q(resident=None, staff__isnull=False) | Q(resident__isnull=False, staff=None),
                name="message_has_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_when",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False, settled_by__isnull=False)
                | (~Q(state="settled") & Q(settled_at=None, settled_by=None)),
                name="message_settled_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProviderTemplate(models.Model):
    """短信和微信模板: under which number the provider has reviewed a template of ours. Without one nothing of it leaves by a provider."""

    class Channel(models.TextChoices):
        SMS = "sms", "短信"
        WECHAT = "wechat", "微信"

    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    code = models.CharField("模板", max_length=40)
    provider_id = models.CharField("服务商模板号", max_length=80)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "code"], name="provider_template_once"),
            models.UniqueConstraint(fields=["channel", "provider_id"], name="provider_template_theirs"),
        ]

    def __str__(self) -> str:
        return self.code
