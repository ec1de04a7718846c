"""The console is for the demo: elsewhere no sign-in code reaches a log."""

import pytest

from communities.sending import Fate, Outgoing
from notifications.sms import Console


@pytest.mark.parametrize(("demo", "shown"), [(True, "验证码123456"), (False, "验证码******")])
def test_a_code_is_printed_in_the_demo_alone(
    settings: object, caplog: pytest.LogCaptureFixture, demo: bool, shown: str
) -> None:
    settings.DEMO = demo  # type: ignore[attr-defined]
    said = "验证码123456，12月2日（周二）19:00，0352-5550101"
    assert Console().send(Outgoing("m1", "13800006021", said)).fate == Fate.ACCEPTED
    line = caplog.records[-1].msg
    assert isinstance(line, dict) and line["text"] == f"{shown}，12月2日（周二）19:00，0352-5550101"
