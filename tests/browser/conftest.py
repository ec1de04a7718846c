"""A real Chromium looking at the live server: a phone with and without JavaScript, and a staff member's desktop."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from communities.models import User

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
MISSING = "no Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk) or name it in CHROMIUM"


def chromium() -> str:
    """The browser's program: CHROMIUM, else the one that is installed. A missing browser is a failure, not a skip."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's sync face runs an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            yield playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(**options)` opens a fresh browser profile on the live server; addresses may be relative."""
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def opened(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, settings: object
) -> Callable[..., Page]:
    """`opened(user, size, **options)`: a browser profile of their own, signed in if there is somebody. Codes lead to this server."""
    settings.SITE_URL = url = live_server.url  # type: ignore[attr-defined]
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"  # type: ignore[attr-defined]

    def open_one(user: User | None, size: str = "standard", **options: object) -> Page:
        context, client = new_context(**options), Client()
        cookies = {"size": size}
        if user:
            client.force_login(user)
            cookies["sessionid"] = client.cookies["sessionid"].value
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        return context.new_page()

    return open_one


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A resident's phone."""
    return new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2).new_page()


@pytest.fixture
def phone_without_script(new_context: Callable[..., BrowserContext]) -> Page:
    """The same phone with JavaScript switched off."""
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "java_script_enabled": False}
    return new_context(**options).new_page()


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext]) -> Page:
    """A staff member's screen."""
    return new_context(viewport=DESKTOP).new_page()


@pytest.fixture
def screenshots() -> Path:
    """Where a test puts pictures for people to look at."""
    folder = Path(os.environ.get("SCREENSHOTS", "var/screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
