"""Logs: one line per request with its number, without personal data. Compose keeps them (deploy/README.md)."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)|(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)")
# The last part of what a QR code leads to, and of a calendar: whoever reads the log could open it again.
CODES = re.compile(r"(?<![\w-])(/(?:[ct]|certificates|calendar|gifts/code|activities/here/\d+/(?:in|out))/)[\w-]{16,}")
SECRET_KEYS = frozenset({"password", "code", "token", "access_token", "client_secret", "authorization", "cookie"})


def mask(text: str) -> str:
    """Phones as 138****6021, identity numbers as 140***********1234, codes of tickets and cards not at all."""
    text = PERSONAL.sub(lambda m: f"{m[1]}****{m[2]}" if m[1] else f"{m[3]}***********{m[4]}", text)
    return CODES.sub(r"\1***", text)


def scrub(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """No phone, identity number, secret or query string reaches a log line."""
    for key, value in event.items():
        if key in SECRET_KEYS and not isinstance(value, int):  # the status of an answer is called `code` too
            event[key] = "***"
        elif key == "request" and isinstance(value, str):
            event[key] = mask(value.split("?")[0])
        elif isinstance(value, str):
            event[key] = mask(value)
    return event


def one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A request is told of when it is answered, with its number, status and reader; not when it comes in as well."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event


def configure(style: str) -> dict[str, Any]:
    """Django's LOGGING, with structlog as the formatter of every line; `style` is json or plain."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        scrub,
    ]
    structlog.configure(
        processors=[one_line, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            # Two lines for every task, and the relay runs every five seconds; what failed is still said.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
