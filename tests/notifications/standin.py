"""A provider of short messages that behaves like one, on the loopback: docs/sms.md from the other side.

It counts what it delivers, keeps the limits of a large provider (domain guide, 17.1), and on request errs, dawdles, cuts the line
after it took a message, babbles, or forgets what it took. Its clock is ours, so that a frozen one is frozen for both.
"""

import hmac
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Lock, Thread
from time import sleep
from typing import Any

from core import clock

KEY, SECRET, SIGNATURE = "key-1", "secret-1", "水泊寺街道"
SKEW = timedelta(minutes=5)
NOTICES = ((50, timedelta(days=1)),)
CODES = ((1, timedelta(minutes=1)), (5, timedelta(hours=1)), (10, timedelta(days=1)))
DAWDLE = 1.4  # seconds
Answer = tuple[int, dict[str, Any] | bytes | None]  # None: the line is cut


@dataclass
class Standin:
    """What the provider knows and what became of it. `odds` of each fault by chance, `next` faults one after the other first."""

    templates: dict[str, str] = field(default_factory=dict)  # theirs -> ours
    codes: set[str] = field(default_factory=set)  # which of theirs are codes
    odds: dict[str, float] = field(default_factory=dict)
    next: list[str] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(20261123))
    behind: timedelta = timedelta()
    took: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: Counter[str] = field(default_factory=Counter)
    again: list[str] = field(default_factory=list)  # numbers that were sent although they had been taken
    forgotten: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    times: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def fault(self) -> str:
        name = self.next.pop(0) if self.next else ""
        if not name:
            roll = self.chance.random()
            for one, odds in self.odds.items():
                roll -= odds
                if roll < 0:
                    name = one
                    break
        self.faults[name] += bool(name)
        return name

    def post(self, wanted: dict[str, Any]) -> Answer:
        with self.lock:
            number, fault = wanted["number"], self.fault()
            self.posts[number] += 1
            if number in self.took:
                self.again.append(number)
                return self.taken(number)
            early = {"error": 500, "busy": 503, "crowded": 429}
            if fault in early:
                return early[fault], {"code": fault}
            if refused := self.refusal(wanted):
                return refused
            self.took[number] = wanted
        if fault in ("cut", "forgetful"):
            if fault == "forgetful":
                self.forgotten.add(number)
            return 0, None
        if fault == "slow":
            sleep(DAWDLE)
        return (200, b"<html>OK</html>") if fault == "babble" else self.taken(number)

    def taken(self, number: str) -> Answer:
        return 200, {"accepted": True, "id": f"p-{number}", "parts": 1}

    def refusal(self, wanted: dict[str, Any]) -> Answer | None:
        phone, template = wanted["phone"], wanted["template"]
        if wanted["signature"] != SIGNATURE:
            return 400, {"code": "bad_signature"}
        if template not in self.templates:
            return 400, {"code": "bad_template"}
        if len(phone) != 11:
            return 400, {"code": "bad_phone"}
        if any(not text or len(text) > 35 for text in wanted["fields"].values()):
            return 400, {"code": "bad_fields"}
        now, before = clock.now(), self.times.setdefault((phone, template), [])
        for most, window in CODES if template in self.codes else NOTICES:
            recent = [one for one in before if one > now - window]
            if len(recent) >= most:
                return 429, {"code": "number_limit", "wait": int((recent[-most] + window - now).total_seconds()) + 1}
        before.append(now)
        return None

    def state(self, number: str) -> Answer:
        self.asked.append(number)
        if number in self.forgotten:
            return 200, {"state": "unknown"}
        return (200, {"state": "accepted"}) if number in self.took else (404, {"state": "never_seen"})

    def knows(self, method: str, path: str, headers: Any, body: bytes) -> bool:
        """Whether the request is signed with our secret, of this minute, and no echo."""
        stamp, nonce = headers["X-Timestamp"], headers["X-Nonce"]
        mark = hmac.new(SECRET.encode(), f"{method}\n{path}\n{stamp}\n{nonce}\n".encode() + body, sha256).hexdigest()
        now = (clock.now() - self.behind).timestamp()
        fresh, new = abs(now - int(stamp)) <= SKEW.total_seconds(), nonce not in self.nonces
        self.nonces.add(nonce)
        return headers["X-Key"] == KEY and mark == headers["X-Signature"] and fresh and new


def handler_of(provider: Standin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known = self.path == "/v1/messages" and provider.knows("POST", self.path, self.headers, body)
            self.say(provider.post(json.loads(body)) if known else (401, {"code": "not_signed"}))

        def do_GET(self) -> None:
            here, known = (
                self.path.startswith("/v1/messages/"),
                provider.knows("GET", self.path, self.headers, b""),
            )
            answer = provider.state(self.path.rpartition("/")[2]) if known else (401, {"code": "not_signed"})
            self.say(answer if here else (404, b"not found"))

        def say(self, answer: Answer) -> None:
            status, body = answer
            if body is None:
                return
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            """Tests read the log for phones."""

    return Handler


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was kept waiting has hung up."""


@contextmanager
def served(provider: Standin) -> Iterator[str]:
    """The provider's address, as SMS_URL."""
    server = Quiet(("127.0.0.1", 0), handler_of(provider))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/messages"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
