"""One settings file, fed by the environment, failing loudly. PostgreSQL only."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config.scopes import SCOPES

django_stubs_ext.monkeypatch()  # forms.ModelForm[Course] means something to mypy only

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if not value:
        raise ImproperlyConfigured(f"set {name} in the environment (see .env.example)")
    return value


def flag(name: str) -> bool:
    return os.environ.get(name, "0") in {"1", "true", "yes"}


def database(url: str) -> dict[str, object]:
    """`postgres://user:password@host:port/name?host=/socket/dir` as Django's dictionary."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// : every promise is kept by PostgreSQL")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=3000 -c timezone=UTC", "connect_timeout": "5", **query},
    }


DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
SECRET_KEY = env("SECRET_KEY")
# What seals identity numbers (communities/sealing.py). Several, newest first: the first seals, each opens.
DATA_KEYS = env("DATA_KEYS").split(",")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "").split(",")
if DEMO:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

DATABASES = {"default": database(env("DATABASE_URL"))}
DB_APP_ROLE = os.environ.get("DB_APP_ROLE", "app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    *(["demo"] if DEMO else []),
    "integrations",
    "activities",
    "nightschool",
    "childcare",
    "partners",
    "venues",
    "points",
    "notifications",
    "communities",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_htmx",
    "csp",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]
MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    *(["demo.loopback.LoopbackOnly"] if DEMO else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.ReadableCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "communities.whereabouts.RememberAddress",
    "core.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "core.pages.chrome",
                "communities.acting.acting",
                "communities.sessions.menu",
                "notifications.inbox.unread",
            ],
            "builtins": ["core.templatetags.words", "communities.templatetags.places"],
        },
    }
]

# People
AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "communities.passwords.ThreeKinds"},
    {"NAME": "communities.passwords.NotAboutOneself"},
    {"NAME": "communities.passwords.NotAFormerOne"},
]
OTP_TOTP_ISSUER = "社区合伙人"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # tries are counted in SQL (communities/secondfactor.py)
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "communities.views.csrf_failure"

# Words and time
LANGUAGE_CODE = "zh-hans"
USE_I18N = True  # Django's own form messages in Chinese; our words are literals (ADR 0001)
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Transport
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = flag("TRUSTED_PROXIES")
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = TRUSTED_PROXIES  # one number through the logs of proxy and product
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# No file that somebody sends is written to the disk, not for a moment: papers of families are among them.
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 << 20  # of the whole request, as deploy/nginx.conf
FILE_UPLOAD_HANDLERS = ["communities.uploads.Bounded", "django.core.files.uploadhandler.MemoryFileUploadHandler"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
WHITENOISE_MAX_AGE = 3600

# Work that waits: the outbox is in PostgreSQL, the broker only carries ids (stack notes 6 and 7)
CELERY_BROKER_URL = env("BROKER_URL")
# A publisher without a broker gives up at once (the outbox is swept all the same): the default held every page for 6 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 500
CELERY_TIMEZONE = TIME_ZONE
# What cannot wait never stands behind what can: a worker without -Q serves all three, docker-compose.yml has one for `urgent` alone.
CELERY_TASK_QUEUES = [Queue("urgent"), Queue("celery"), Queue("bulk")]
CELERY_TASK_ROUTES = {
    "notifications.tasks.relay_urgent": {"queue": "urgent"},
    "notifications.tasks.relay": {"queue": "bulk"},
    "points.tasks.remind": {"queue": "bulk"},
}
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "notifications.tasks.relay", "schedule": 5.0, "options": {"expires": 60}},
    "relay-urgent": {"task": "notifications.tasks.relay_urgent", "schedule": 5.0, "options": {"expires": 60}},
    "class-reminders": {"task": "nightschool.tasks.remind", "schedule": 60.0},
    "draws": {"task": "nightschool.tasks.draw_lots", "schedule": 60.0, "options": {"expires": 60}},
    "class-lines": {"task": "nightschool.tasks.lines", "schedule": 60.0, "options": {"expires": 60}},
    "care-staff": {"task": "childcare.tasks.remind_staff", "schedule": 3600.0},
    "care-calls": {"task": "childcare.tasks.calls", "schedule": 60.0, "options": {"expires": 60}},
    "class-attendance": {"task": "nightschool.tasks.attendance", "schedule": 600.0},
    "activity-reminders": {"task": "activities.tasks.remind", "schedule": 120.0},
    "presence": {"task": "activities.tasks.close_presence", "schedule": 180.0},
    "agreement-reminders": {"task": "partners.tasks.remind", "schedule": 3600.0},
    "licence-reminders": {"task": "partners.tasks.remind_licences", "schedule": 3600.0},
    "appointments": {"task": "partners.tasks.appointments", "schedule": 300.0},
    "care-bills": {"task": "childcare.tasks.bills", "schedule": crontab(hour="8", minute="40")},
    "voucher-expiry": {"task": "partners.tasks.expire_vouchers", "schedule": crontab(hour="0", minute="20")},
    "voucher-reminders": {"task": "partners.tasks.remind_vouchers", "schedule": 3600.0},
    "visit-addresses": {"task": "partners.tasks.forget_addresses", "schedule": crontab(hour="4", minute="50")},
    "fold": {"task": "points.tasks.fold", "schedule": 60.0, "options": {"expires": 60}},
    "expiry": {"task": "points.tasks.sweep", "schedule": crontab(minute="5")},  # at 00:05, and a missed night heals
    "expiry-reminders": {"task": "points.tasks.remind", "schedule": crontab(minute="20")},
    "book-check": {"task": "points.tasks.check", "schedule": crontab(hour="3", minute="30")},
    "imports": {"task": "communities.tasks.imports", "schedule": 5.0, "options": {"expires": 60}},
    "forget": {"task": "communities.tasks.forget", "schedule": 3600.0},
    "forget-nightly": {"task": "communities.tasks.forget_nightly", "schedule": crontab(hour="4", minute="10")},
    "evidence": {"task": "communities.tasks.evidence", "schedule": crontab(hour="9", minute="10")},
    "notices": {"task": "communities.tasks.notices", "schedule": crontab(minute="2")},  # a window ends at midnight
    "record-bursts": {"task": "activities.tasks.watch", "schedule": crontab(minute="40")},
    "record-deadlines": {"task": "activities.tasks.record_deadlines", "schedule": crontab(hour="9", minute="0")},
    "stars": {"task": "activities.tasks.stars", "schedule": crontab(hour="3", minute="50")},
    "gifts": {
        "task": "partners.tasks.return_gifts",
        "schedule": crontab(minute="12"),
    },  # the day of collecting ends at midnight
    "leavings": {"task": "partners.tasks.wind_up", "schedule": 3600.0},
    "forget-candidates": {"task": "partners.tasks.forget", "schedule": crontab(hour="4", minute="45")},
    # The 1st to the 5th of a month (domain guide, 8); what is drawn is not drawn again.
    "statements": {"task": "partners.tasks.draw_statements", "schedule": crontab(minute="35", day_of_month="1-5")},
    "post-terms": {"task": "activities.tasks.terms", "schedule": 3600.0},
    "sign-in-sheets": {"task": "activities.tasks.forget_sheets", "schedule": crontab(hour="4", minute="35")},
    "deed-photos": {"task": "activities.tasks.forget_photos", "schedule": crontab(hour="4", minute="25")},
    "care-places": {"task": "childcare.tasks.places", "schedule": 60.0, "options": {"expires": 60}},
    "room-confirmations": {"task": "venues.tasks.reconfirm", "schedule": 300.0},
    "forget-care": {"task": "childcare.tasks.forget", "schedule": crontab(hour="4", minute="40")},
    "minors-audit": {"task": "childcare.tasks.remind_audit", "schedule": crontab(hour="9", minute="10")},
    "forget-answers": {"task": "integrations.tasks.forget", "schedule": 3600.0},
}
if DEMO:  # children come and go before anybody is called for (demo/childcare/today.py)
    CELERY_BEAT_SCHEDULE["care-calls"]["task"] = "demo.tasks.care_calls"
SMS_DRIVER = os.environ.get("SMS_DRIVER", "notifications.sms.Console")
# For notifications.http.Provider; `check --deploy` says what is missing.
SMS_URL = os.environ.get("SMS_URL", "")
SMS_KEY = os.environ.get("SMS_KEY", "")
SMS_SECRET = os.environ.get("SMS_SECRET", "")
SMS_SIGNATURE = os.environ.get("SMS_SIGNATURE", "")
SMS_TIMEOUTS = (2.0, 5.0)  # seconds to connect, to answer

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["integrations.authentication.ClientAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["integrations.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["integrations.parsing.BoundedJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "integrations.schema.ApiSchema",
    "DEFAULT_PAGINATION_CLASS": "integrations.paging.Newest",
    "EXCEPTION_HANDLER": "integrations.errors.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES": SCOPES,
    "SCOPES_BACKEND_CLASS": "integrations.clients.AllowedScopes",
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials and no other grant
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{rule}": True
        for rule in (
            "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD",
            "PKCE_REQUIRED", "REDIRECT_URI_MATCHING", "REDIRECT_URI_SCHEME", "REFRESH_TOKEN", "TOKEN_STORAGE",
        )
    },
}  # fmt: skip
SPECTACULAR_SETTINGS = {
    "TITLE": "社区合伙人开放接口",
    "DESCRIPTION": "供其他系统查看课程、活动、服务时长和居民积分，代居民报名与退课。",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "ResidentStatus": "communities.models.Resident.Status",
        "CourseStatus": "nightschool.models.Course.Status",
        "EnrolmentStatus": "nightschool.models.Enrolment.Status",
        "AttendanceStatus": "nightschool.models.Attendance.Status",
        "NoticeStatus": "communities.models.Notice.Status",
        "ActivityStatus": "activities.models.Activity.Status",
        "ActivityKind": "activities.models.Activity.Kind",
        "ParticipationStatus": "activities.models.Participation.Status",
        "DeedStatus": "activities.models.Deed.Status",
        "DeedKind": "activities.models.Deed.Kind",
        "HoldingStatus": "activities.models.Holding.Status",
        "DutyMonthStatus": "activities.models.DutyMonth.Status",
        "ExchangeStatus": "partners.models.Exchange.Status",
        "GiftGroup": "partners.models.Gift.Group",
        "OfferGroup": "partners.models.Offer.Group",
        "OfferPeriod": "partners.models.Offer.Period",
        "OfferBooking": "partners.models.Offer.Booking",
        "CallStatus": "partners.models.Call.Status",
        "PartnerApplicationStatus": "partners.models.Application.Status",
        "PartnerKind": "partners.models.Partner.Kind",
        "PartnerTrade": "partners.models.Partner.Trade",
        "DeliveryStatus": "partners.models.Delivery.Status",
        "ComplaintStatus": "partners.models.Complaint.Status",
        "ComplaintKind": "partners.models.Complaint.Kind",
        "VoucherStatus": "partners.models.Voucher.Status",
        "ClassStatus": "nightschool.models.Session.Status",
        "SeatChannel": "nightschool.models.Channel",
        "ModeEnum": "nightschool.models.Course.Mode",
        "WayEnum": "partners.models.Redemption.Way",
        "CategoryEnum": "nightschool.models.Course.Category",
        "EvidenceWay": "communities.models.Evidence.Way",
        "EvidenceCategory": "communities.hardship.Category",
        "CareEnrolmentStatus": "childcare.models.Enrolment.Status",
        "CareEnrolmentDecline": "childcare.models.Enrolment.Decline",
        "CareHandoverWay": "childcare.models.Handover.Way",
        "CareHandoverCheck": "childcare.models.Handover.Check",
        "CareGroupKind": "childcare.models.Group.Kind",
        "CareGroupStatus": "childcare.models.Group.Status",
        "CarePlaceStatus": "childcare.models.Place.Status",
        "CarePlaceEndReason": "childcare.models.Place.EndReason",
        "CareBillStatus": "childcare.models.Bill.Status",
        "CareBillLineKind": "childcare.models.BillLine.Kind",
        "CarePaymentWay": "childcare.models.Payment.Way",
        "StatementStatus": "partners.models.Statement.Status",
        "SettlementMode": "partners.models.Agreement.Mode",
        "BookingStatus": "venues.models.Booking.Status",
        "BookingUse": "venues.models.Use",
    },
}

# Logs: one line per request with a number to quote; personal data is scrubbed (config/logs.py)
SILENCED_SYSTEM_CHECKS: list[str] = []
LOG_FORMAT = os.environ.get("LOG_FORMAT", "json")
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))

from config import logs  # noqa: E402  needs LOG_FORMAT's default above, and nothing of Django

LOGGING = logs.configure(LOG_FORMAT)
