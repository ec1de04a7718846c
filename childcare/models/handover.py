"""接送: who may take a child home, who never, and the log of who did."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from childcare.models.places import Place
from childcare.models.staffing import Staffer
from communities.models import Community, Duty, Guardian, Resident, User
from communities.models.guardians import GuardianQuerySet
from core import clock

TAIL = r"^[0-9]{3}[0-9X]$"
KEY = r"^[0-9a-f]{64}$"
AT_ONCE = timedelta(minutes=15)  # what is not from paper is written as it happens


class PickupQuerySet(models.QuerySet["Pickup"]):
    def standing(self) -> "PickupQuerySet":
        return self.filter(revoked_at=None)

    def good_on(self, day: object) -> "PickupQuerySet":
        return self.standing().filter(valid_from__lte=day, valid_until__gte=day)


class Pickup(models.Model):
    """接送人, up to four at once (`slot` 0 to 3), each for a time, revocable at once. Of the document only the last four."""

    child = models.ForeignKey(Resident, models.PROTECT, related_name="pickups", verbose_name="孩子")
    slot = models.PositiveSmallIntegerField("序号")
    name = models.CharField("姓名", max_length=40)
    relation = models.CharField("关系", max_length=20)
    phone = models.CharField("电话", max_length=20)
    id_tail = models.CharField("证件后四位", max_length=4)
    # Keyed hash of the name (childcare/handover/barring.py): by it the database refuses whom a bar names.
    name_key = models.CharField(max_length=64, editable=False)
    valid_from = models.DateField("开始", default=clock.today)
    valid_until = models.DateField("到期")
    once = models.BooleanField("只接一次", default=False)
    used_at = models.DateTimeField("已用时间", null=True, editable=False)
    authorised_by = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="授权监护人")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("授权时间", default=clock.now)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = PickupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "slot"], condition=Q(revoked_at=None), name="pickup_slot_once"),
            models.CheckConstraint(condition=Q(slot__lte=3), name="pickup_four"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="pickup_in_order"),
            models.CheckConstraint(condition=~Q(name="") & Q(id_tail__regex=TAIL), name="pickup_whole"),
            models.CheckConstraint(condition=Q(name_key__regex=KEY), name="pickup_name_key"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="pickup_revoked_by",
            ),
        ]

    def __str__(self) -> str:
        return self.relation


class PickupCodeQuerySet(models.QuerySet["PickupCode"]):
    def open(self) -> "PickupCodeQuerySet":
        return self.filter(used_at=None, revoked_at=None)


class PickupCode(models.Model):
    """一次性接送码 for somebody else, one day, one use; only its keyed hash is kept, five tries."""

    child = models.ForeignKey(Resident, models.PROTECT, related_name="pickup_codes", verbose_name="孩子")
    name = models.CharField("接走人姓名", max_length=40)
    relation = models.CharField("关系", max_length=20)
    id_tail = models.CharField("证件后四位", max_length=4, blank=True)  # empty: the guardian did not know it
    name_key = models.CharField(max_length=64, editable=False)
    day = models.DateField("日期")
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    authorised_by = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name="授权监护人")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发出人")
    at = models.DateTimeField("发出时间", default=clock.now)
    used_at = models.DateTimeField("使用时间", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = PickupCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "day"], condition=Q(used_at=None, revoked_at=None), name="pickup_code_once"
            ),
            models.CheckConstraint(condition=Q(tries__lte=5), name="pickup_code_five_tries"),
            models.CheckConstraint(
                condition=~Q(name="") & (Q(id_tail="") | Q(id_tail__regex=TAIL)) & Q(name_key__regex=KEY),
                name="pickup_code_whole",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="pickup_code_revoked_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class BarredQuerySet(models.QuerySet["Barred"]):
    def standing(self) -> "BarredQuerySet":
        return self.filter(ended_at=None)

    def for_staff(self, user: User) -> "BarredQuerySet":
        return self.filter(child__community__in=Community.objects.for_staff(user))

    def for_head(self, user: User) -> "BarredQuerySet":
        """The desk's list is the head's alone: least access (domain guide, 6.2 and 2.8)."""
        mine = Duty.objects.current().filter(user=user, role=Duty.Role.HEAD)
        return self.for_staff(user).filter(child__community__in=mine.values("community"))


class Barred(models.Model):
    """禁止接走: seen by who is on duty, and by heads. Name, looks and paper stand sealed in `facts`; so that the database refuses
    by itself, `name_key` is the name as a keyed hash, `resident` is whose file it is, where that is known (ADR 0019). `lifted` is
    by which paper it ended, sealed as well."""

    child = models.ForeignKey(Resident, models.PROTECT, related_name="barred", verbose_name="孩子")
    facts = models.BinaryField("内容（加密）", editable=False)
    name_key = models.CharField(max_length=64, editable=False)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name="居民")
    lifted = models.BinaryField("解除依据（加密）", null=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    ended_at = models.DateTimeField("解除时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="解除人")

    objects = BarredQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, lifted=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, lifted__isnull=False),
                name="barred_ended_by",
            ),
            models.CheckConstraint(condition=~Q(ended_by=F("by")), name="barred_ended_by_another"),
            models.CheckConstraint(condition=Q(name_key__regex=KEY), name="barred_name_key"),
            models.UniqueConstraint(fields=["child", "name_key"], condition=Q(ended_at=None), name="barred_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


def speaking_guardians() -> GuardianQuerySet:
    """Guardianships of today whose adult no bar of the child names, nor one who shares their phone: who speaks for it in childcare,
    and is told about it."""
    meant = Q(resident=OuterRef("guardian")) | Q(resident__account=OuterRef("guardian__account"))
    against = Barred.objects.standing().filter(meant, child=OuterRef("child"))
    return Guardian.objects.current().filter(~Exists(against))


class BarredTry(models.Model):
    """有人试图接走: a hand-over that was refused because of a bar. Head and lead are told at once, and one of them signs it off."""

    barred = models.ForeignKey(Barred, models.PROTECT, related_name="tries", verbose_name="禁止接走")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="托位")
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="值班员")
    seen_at = models.DateTimeField("处理时间", null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="处理人")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="barred_try_seen_by",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def for_staff(self, user: User) -> "HandoverQuerySet":
        return self.filter(place__group__centre__community__in=Community.objects.for_staff(user))


class Handover(models.Model):
    """交接记录: one child left with one adult (or alone). `day` is the day of care, also after midnight (`NIGHT`).

    A trigger asks the same as the verb; it is never changed."""

    class Way(models.TextChoices):
        GUARDIAN = "guardian", "监护人"
        PICKUP = "pickup", "接送人"
        CARER = "carer", "委托照护人"
        CODE = "code", "一次性接送码"
        ALONE = "alone", "自行离开"

    class Check(models.TextChoices):
        KNOWN = "known", "当面认识"
        DOCUMENT = "document", "核对证件后四位"
        CODE = "code", "核对接送码和证件"
        CONSENT = "consent", "书面同意"

    place = models.ForeignKey(Place, models.PROTECT, related_name="handovers", verbose_name="托位")
    child = models.ForeignKey(Resident, models.PROTECT, related_name="handovers", verbose_name="孩子")
    day = models.DateField("日期")
    at = models.DateTimeField("离开时间")
    way = models.CharField("接走人", max_length=10, choices=Way.choices)
    check_used = models.CharField("核验方式", max_length=10, choices=Check.choices)
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, related_name="+", verbose_name="监护人")
    pickup = models.ForeignKey(Pickup, models.PROTECT, null=True, related_name="handovers", verbose_name="接送人")
    carer = models.ForeignKey("childcare.Carer", models.PROTECT, null=True, related_name="+", verbose_name="委托照护人")
    code = models.OneToOneField(PickupCode, models.PROTECT, null=True, related_name="handover", verbose_name="接送码")
    # What stood on the document that was looked at.
    seen_tail = models.CharField("核对的证件后四位", max_length=4, blank=True)
    # In a word or two, no name: 母亲, 邻居. It stays when the pick-up person's data have gone.
    taken_by = models.CharField("接走人是孩子的", max_length=40, blank=True)
    staffer = models.ForeignKey(Staffer, models.PROTECT, related_name="+", verbose_name="值班员")
    second = models.ForeignKey(Staffer, models.PROTECT, null=True, related_name="+", verbose_name="第二人")
    late_minutes = models.PositiveSmallIntegerField("晚接分钟", default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    written_at = models.DateTimeField("登记时间", default=clock.now)
    on_paper = models.BooleanField("纸质补录", default=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["child", "-day"], name="handover_of_child"),
            models.Index(fields=["day"], name="handover_of_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["place", "day"], name="handover_once"),
            models.CheckConstraint(
                condition=Q(way="guardian", guardian__isnull=False, pickup=None, carer=None, code=None)
                | Q(way="pickup", pickup__isnull=False, guardian=None, carer=None, code=None)
                | Q(way="carer", carer__isnull=False, guardian=None, pickup=None, code=None)
                | Q(way="code", code__isnull=False, guardian=None, pickup=None, carer=None, check_used="code")
                | Q(way="alone", guardian=None, pickup=None, carer=None, code=None, check_used="consent"),
                name="handover_names_whom",
            ),
            models.CheckConstraint(condition=~Q(second=F("staffer")), name="handover_two_people"),
            models.CheckConstraint(condition=~Q(way="code") | Q(second__isnull=False), name="handover_stranger_two"),
            models.CheckConstraint(
                condition=Q(way="code", check_used="code")
                | Q(way="alone", check_used="consent")
                | Q(way__in=["guardian", "pickup", "carer"], check_used__in=["known", "document"]),
                name="handover_check_of_way",
            ),
            models.CheckConstraint(
                condition=Q(check_used__in=["document", "code"], seen_tail__regex=TAIL)
                | (~Q(check_used__in=["document", "code"]) & Q(seen_tail="")),
                name="handover_tail_seen",
            ),
            models.CheckConstraint(
                condition=Q(at__lte=F("written_at")) & (Q(on_paper=True) | Q(at__gte=F("written_at") - AT_ONCE)),
                name="handover_written_at_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class HandoverNote(models.Model):
    """更正说明: what was wrong about a hand-over is said beside it; the hand-over itself stays as it was written."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="notes", verbose_name="交接")
    text = models.CharField("说明", max_length=100)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="说明人")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="handover_note_says")]

    def __str__(self) -> str:
        return self.text
