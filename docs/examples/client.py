"""A complete client of the REST interface, standard library only: finds a resident, takes a seat, gives it back.

    python docs/examples/client.py [address] [phone]

Without arguments it talks to the demo of `make run`. CLIENT_ID and CLIENT_SECRET name another client.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

CLIENT_ID = os.environ.get("CLIENT_ID", "demo-client")
CLIENT_SECRET = os.environ.get("CLIENT_SECRET", "demo-secret-for-localhost-only")
TRIES = 3


class Refused(Exception):
    """The server said no; `code` is for programs, `detail` can be shown to a person."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


class Platform:
    """One signed-in client. A token lasts an hour; a long-lived program asks again when it gets `token_invalid`."""

    def __init__(self, address: str) -> None:
        self.root = f"{address.rstrip('/')}/api/v1/"
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        request = Request(f"{self.root}oauth/token/", urlencode(form).encode())  # noqa: S310  our own address
        self.token = send(request)["access_token"]

    def get(self, path: str) -> Any:
        return self._call(path if path.startswith("http") else self.root + path)

    def pages(self, path: str) -> Iterator[Any]:
        """Every row of a list: follow `next` until it is null."""
        following: str | None = path
        while following:
            answer = self.get(following)
            yield from answer["results"]
            following = answer["next"]

    def post(self, path: str, body: dict[str, Any], key: str = "") -> Any:
        """Give every piece of business a key of its own and keep it when you repeat: the act happens once."""
        return self._call(self.root + path, json.dumps(body).encode(), key)

    def _call(self, url: str, body: bytes | None = None, key: str = "") -> Any:
        request = Request(url, body, {"Authorization": f"Bearer {self.token}"})  # noqa: S310  our own address
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Idempotency-Key", key)
        return send(request)


def send(request: Request) -> Any:
    """The answer. A lost connection or a busy server is tried again with the same key."""
    for left in reversed(range(TRIES)):
        try:
            with urlopen(request, timeout=20) as response:  # noqa: S310  as above
                return json.load(response)
        except HTTPError as error:
            said = json.load(error)
            refused = Refused(error.code, said.get("code", said.get("error", "")), said.get("detail", ""))
            if error.code != 503 or not left:
                raise refused from None
        except (URLError, TimeoutError, ConnectionError):
            if not left:
                raise
        time.sleep(0.5)
    raise AssertionError("unreachable")


def main(address: str = "http://127.0.0.1:8000", phone: str = "13800006021") -> None:
    platform = Platform(address)
    resident = platform.post("residents/lookup/", {"phone": phone})["results"][0]
    balance = platform.get(f"residents/{resident['id']}/balance/")["available"]
    print(f"{resident['name']}：可用{balance}积分")
    for course in platform.pages("courses/"):
        print(f"  {course['id']:>4}  {course['title']}  {course['price']}积分  余位{course['seats_left']}")
        try:
            order = {"course": course["id"], "resident": resident["id"]}
            seat = platform.post("enrolments/", order, key=str(uuid.uuid4()))
        except Refused as refused:
            print(f"        {refused.detail}")
            continue
        print(f"        报名成功，报名码{seat['number']}")
        platform.post(f"enrolments/{seat['id']}/cancel/", {"reason": "接口示例"}, key=str(uuid.uuid4()))
        print("        已退课，积分已退回")
        break
    for line in platform.get(f"residents/{resident['id']}/statement/?page_size=3")["results"]:
        print(f"  {line['at'][:16]}  {line['reason']}  {line['amount']:+}  余{line['balance']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
