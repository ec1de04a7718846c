"""验证码 and the counters that protect signing in: small tables of our own, counted in SQL."""

from django.db import models
from django.db.models import Q

from core import clock


class SignInCode(models.Model):
    """A one-time code, good only in the browser that asked for it, five tries, ten minutes at most."""

    phone = models.CharField(max_length=11)
    browser = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone", "browser", "-created_at"])]
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="code_five_tries")]

    def __str__(self) -> str:
        return f"{self.phone[:3]}…"


class Attempts(models.Model):
    """How often something was tried in a window; one INSERT … ON CONFLICT counts and answers (communities/limits.py)."""

    key = models.CharField(max_length=120)
    window = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="attempts_window")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class FormerPassword(models.Model):
    """The hash of a password that was in use: the last five are not taken again (domain guide, 14)."""

    user = models.ForeignKey("communities.User", models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-until"], name="former_password_newest")]

    def __str__(self) -> str:
        return f"{self.user_id}"
