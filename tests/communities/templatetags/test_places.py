"""Where something is, as residents read it."""

import pytest

from communities.templatetags.places import located


@pytest.mark.parametrize(
    ("place", "said"),
    [("活动室1楼", "永安社区活动室1楼"), ("永安社区党群服务中心", "永安社区党群服务中心"), ("", "永安社区")],
)
def test_whose_a_place_is_is_said_once(place: str, said: str) -> None:
    assert located(place, "永安社区") == said
