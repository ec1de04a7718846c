"""What a person does in a browser, as steps that tests put together."""

from django.test import Client

from tests.communities.phonebox import last_code


def ask_for_code(client: Client, phone: str, wanted: str = "") -> str:
    """Type the phone, press 获取验证码; the address of the page that asks for the code."""
    answer = client.post(f"/sign-in/?next={wanted}" if wanted else "/sign-in/", {"phone": phone})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def come_in(client: Client, phone: str, wanted: str = "") -> str:
    """Sign in by phone and the code that arrived; where that leads."""
    answer = client.post(ask_for_code(client, phone, wanted), {"code": last_code(phone)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def shows(answer: object, *texts: str, status: int = 200) -> None:
    """The page has this status and each of these texts."""
    page = answer.content.decode()
    assert answer.status_code == status, page
    for text in texts:
        assert text in page, f"{text} is missing in\n{page}"
