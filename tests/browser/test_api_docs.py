"""The API's page for people: complete under the house's own strict policy, nothing from elsewhere."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_interface_can_be_read_in_a_browser(desktop: Page, live_server: object) -> None:
    said: list[str] = []
    asked: list[str] = []
    desktop.on("console", lambda message: said.append(message.text))
    desktop.on("pageerror", lambda error: said.append(str(error)))
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.goto("/api/v1/docs/")
    expect(desktop.get_by_text("代居民报名").first).to_be_visible()
    desktop.get_by_role("button", name="post /api/v1/enrolments/", exact=True).click()
    expect(desktop.get_by_text("Idempotency-Key").first).to_be_visible()
    desktop.screenshot(path="/tmp/F_docs.png", full_page=False)
    desktop.get_by_role("button", name="Authorize").first.click()
    desktop.screenshot(path="/tmp/F_auth.png", full_page=False)
    print(said, asked)
    assert said == []
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {str(live_server).split("/")[2]}
