"""账号, 户, 居民. A resident is not a user: an elder without a phone is a resident all the same."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from communities.models.places import Community, Estate, Grid
from core import clock

PHONE = r"^1[3-9]\d{9}$"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """账号: somebody or something that can sign in. What it may do is said by duties and by its residents."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", "居民"
        STAFF = "staff", "工作人员"
        SERVICE = "service", "系统"

    username = models.CharField("登录名", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("姓名", max_length=40, blank=True)
    phone = models.CharField("手机号", max_length=11, unique=True, null=True, blank=True)
    # Of staff: by it their own file and their family are known (communities/kin.py).
    own_phone = models.CharField("本人手机号", max_length=11, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", default=clock.now)
    # Kept by a trigger on the devices (communities/sql/0002_door.sql): read by every staff page, written by nobody.
    second_factor_at = models.DateTimeField("两步验证开启时间", null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["kind"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(own_phone="") | Q(own_phone__regex=PHONE), name="user_own_phone_is_mobile"
            ),
            # One person with two accounts would be both of two people.
            models.UniqueConstraint(fields=["own_phone"], condition=~Q(own_phone=""), name="user_own_phone_once"),
            models.CheckConstraint(condition=Q(phone=None) | Q(phone__regex=PHONE), name="user_phone_is_mobile"),
            models.CheckConstraint(
                condition=~Q(kind="resident") | Q(phone__isnull=False) | Q(is_active=False),
                name="resident_signs_in_by_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_desk_user(self) -> bool:
        """Whether this account works at the desk at all; what it sees there is decided by its duties."""
        return self.kind == self.Kind.STAFF


class Household(models.Model):
    """户."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="households", verbose_name="社区")

    def __str__(self) -> str:
        return f"户{self.pk}"


class ResidentQuerySet(models.QuerySet["Resident"]):
    def for_staff(self, user: User) -> "ResidentQuerySet":
        return self.filter(community__in=Community.objects.for_staff(user))

    def held(self, pk: int) -> "Resident":
        """The file `pk`, locked; alone, because whoever waits here for a move would join the community of before."""
        return self.select_for_update(no_key=True).get(pk=pk)

    def waiting(self) -> "ResidentQuerySet":
        return self.filter(status=Resident.Status.PENDING).order_by("registered_at", "pk")

    def matching(
        self, *, status: str = "", community: Community | None = None, estate: Estate | None = None, q: str = ""
    ) -> "ResidentQuerySet":
        """What a list at the desk was filtered by; `q` is a part of the name, or the last four digits of the phone."""
        wanted = {"status": status, "community": community, "estate": estate}
        searched = Q(phone__endswith=q) if q.isdecimal() and len(q) >= 4 else Q(name__contains=q)
        return self.filter(searched, **{name: value for name, value in wanted.items() if value})


class Resident(models.Model):
    """居民: one file per person."""

    class Status(models.TextChoices):
        PENDING = "pending", "待社区确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未通过"
        CLOSED = "closed", "已注销"

    class Document(models.TextChoices):
        ID_CARD = "id_card", "居民身份证"
        OTHER = "other", "其他证件"

    community = models.ForeignKey(Community, models.PROTECT, related_name="residents", verbose_name="社区")
    estate = models.ForeignKey(
        Estate, models.PROTECT, null=True, blank=True, related_name="residents", verbose_name="小区"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="residents", verbose_name="网格")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name="户"
    )
    account = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="residents", verbose_name="登录账号"
    )
    name = models.CharField("姓名", max_length=40)
    pinyin = models.CharField("拼音", max_length=120, blank=True, db_index=True)
    initials = models.CharField("拼音首字母", max_length=40, blank=True)
    phone = models.CharField("手机号", max_length=11, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    # The number itself is sealed (communities/sealing.py): never in a list, a log or a message.
    document = models.CharField("证件类型", max_length=10, choices=Document.choices, blank=True)
    document_sealed = models.BinaryField("证件号（加密）", null=True, editable=False)
    document_tail = models.CharField("证件号后四位", max_length=4, blank=True)
    document_hash = models.CharField("证件号指纹", max_length=64, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.PENDING)
    registered_at = models.DateTimeField("登记时间", default=clock.now)
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人")
    decline_reason = models.CharField("未通过原因", max_length=100, blank=True)
    closed_at = models.DateTimeField("注销时间", null=True, blank=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "status"]),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="resident_phone"),
            models.Index(fields=["community", "initials"], name="resident_initials"),
            models.Index(fields=["community", "pinyin", "id"], name="resident_by_pinyin"),
            models.Index(fields=["community", "status", "-id"], name="resident_newest"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="resident_name_trigram"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=PHONE), name="resident_phone_is_mobile"),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None) | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="resident_decided_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="declined") & ~Q(decline_reason=""))
                | (~Q(status="declined") & Q(decline_reason="")),
                name="resident_declined_with_reason",
            ),
            models.UniqueConstraint(
                fields=["account", "name", "community"],
                condition=Q(status__in=["pending", "confirmed"]) & Q(account__isnull=False),
                name="resident_once_per_account",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("account")), name="resident_not_decided_by_self"),
            models.CheckConstraint(
                condition=Q(document="", document_sealed=None, document_tail="", document_hash="")
                | (~Q(document="") & Q(document_sealed__isnull=False) & ~Q(document_tail="") & ~Q(document_hash="")),
                name="resident_document_whole",
            ),
            # One file per person and sub-district: the hash is keyed with the sub-district (communities/sealing.py).
            models.UniqueConstraint(
                fields=["document_hash"],
                condition=Q(status__in=["pending", "confirmed"]) & ~Q(document_hash=""),
                name="resident_document_once",
            ),
            models.CheckConstraint(
                condition=(~Q(status="closed") & Q(closed_at=None))
                | Q(
                    status="closed",
                    closed_at__isnull=False,
                    account=None,
                    phone="",
                    birth_date=None,
                    document="",
                    household=None,
                    estate=None,
                    grid=None,
                    pinyin="",
                    initials="",
                    name__startswith="已注销",
                ),
                name="resident_closed_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    def is_file_of(self, user: User) -> bool:
        """Whether this is `user`'s own file, by account or, as staff sign in without it, by phone."""
        return self.account_id == user.pk or bool(user.own_phone and self.phone == user.own_phone)

    def age_on(self, day: date) -> int | None:
        """Full years on `day`, or None when the date of birth is not known."""
        born = self.birth_date
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
