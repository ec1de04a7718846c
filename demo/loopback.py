"""The demo signs anyone in, so nobody but this machine may reach it: three guards, one question."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.core.checks import CheckMessage, Error
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

SENTENCE = "演示站点谁都可以登录，只在本机打开：请用 http://127.0.0.1 访问，或用 DEMO=0 启动正式站点。\n"


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine and nothing else. A unix socket has no address: no."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def refuse_open_door(hosts: list[str]) -> None:
    """Before a server starts: a plain sentence and the end, when it would listen to the network."""
    for host in hosts:
        if not is_loopback(host):
            raise SystemExit(
                f"The demo signs anyone in, so it is not served on {host or 'a socket'}: use BIND=127.0.0.1 or DEMO=0."
            )


class LoopbackOnly:
    """Whatever server was started, however it was bound: a visitor from elsewhere gets a sentence and no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden(SENTENCE, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def not_for_deployment(**_asked: Any) -> list[CheckMessage]:
    """`check --deploy` fails while the demo is loaded."""
    return [Error("The demo signs anyone in and is not for deployment.", hint="Set DEMO=0.", id="demo.E001")]
