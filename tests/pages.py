"""Opening pages as a resident does."""

import re
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Resident


def enter(client: Client, resident: Resident) -> Client:
    """Sign in and act for `resident`."""
    assert resident.account
    client.force_login(resident.account)
    session = client.session
    session["acting"] = resident.pk
    session.save()
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    """The words of a page's main part and dock, without markup and blanks."""
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return words(answer.content.decode())


def words(html: str) -> str:
    body = re.sub(r"<(script|title|svg)\b.*?</\1>", "", html[html.index("<body") :], flags=re.S)
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", " ", body)))


def links(client: Client, path: str) -> list[str]:
    """Where the links of a page's body lead."""
    html = client.get(path).content.decode()
    return [unescape(found) for found in re.findall(r'<a [^>]*href="([^"]+)"', html[html.index("<main") :])]


def leafed(client: Client, path: str, key: str = "before=") -> list[str]:
    """The addresses of a list's pages, as its pager leads through them; a pager that never ends is a failure."""
    found, bare = [path], path.split("?")[0]
    while following := next((link for link in links(client, found[-1]) if key in link), ""):
        found.append(bare + following)
        assert len(found) < 10, found
    return found


def queries(client: Client, path: str) -> int:
    """How many queries a page costs once the session is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
