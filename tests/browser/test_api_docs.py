"""The API's page for people: complete under the house's own strict policy, with nothing from elsewhere."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_interface_can_be_read_in_a_browser(desktop: Page, live_server: LiveServer) -> None:
    said: list[str] = []
    asked: list[str] = []
    # The strict policy speaks in errors; Chromium's advice about Swagger's own form is only for its developers.
    desktop.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    desktop.on("pageerror", lambda error: said.append(str(error)))
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.goto("/api/v1/docs/")
    desktop.get_by_role("link", name="enrolments", exact=True).click()
    desktop.get_by_role("button", name="post /api/v1/enrolments/", exact=True).click()
    expect(desktop.get_by_text("Idempotency-Key").first).to_be_visible()
    desktop.get_by_role("button", name="Authorize").first.click()
    expect(desktop.get_by_text("查看居民积分与明细")).to_be_visible()
    assert said == []
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
