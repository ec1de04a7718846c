import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from communities import passwords
from communities.models import Community, Duty, Estate, SubDistrict, User
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = {
    "sub_district": "新华街道",
    "district": "平城区",
    "community": ["新华社区：0352-1111111：光明里，向阳里", "华新社区"],
    "admin": "xinhua",
}


def setup(**other: object) -> str:
    said = StringIO()
    words = {**WORDS, **other}
    places = [f"--community={place}" for place in words.pop("community")]
    options = [f"--{name.replace('_', '-')}={value}" for name, value in words.items()]
    call_command("setup", *options, *places, stdout=said)
    return said.getvalue()


def counts() -> list[int]:
    return [model.objects.count() for model in (SubDistrict, Community, Estate, User, Duty)]


def test_a_real_sub_district_is_opened_and_its_first_administrator_signs_in() -> None:
    password = re.search(r"：(\S{16})$", setup().strip())[1]
    admin = passwords.check(username="xinhua", password=password, address="10.0.0.1")
    assert admin.must_change_password
    assert {place.name for place in Community.objects.for_staff(admin)} == {"新华社区", "华新社区"}
    assert Community.objects.get(name="新华社区").phone == "0352-1111111"
    assert set(Estate.objects.values_list("name", flat=True)) == {"光明里", "向阳里"}


def test_again_it_writes_nothing_and_shows_no_password() -> None:
    setup()
    before = counts()
    assert setup() == "已经建好，没有改动。\n"
    assert counts() == before


def test_a_community_may_be_added_later() -> None:
    setup()
    assert setup(community=["新民社区"]) == "社区 新民社区\n"


def test_the_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "Street-2027-door")
    assert "密码" not in setup()
    admin = passwords.check(username="xinhua", password="Street-2027-door", address="10.0.0.1")
    assert not admin.must_change_password


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"district": "云冈区"}, "已经登记在平城区"),
        ({"community": ["新华社区:0352-2222222"]}, "电话已经登记为0352-1111111"),
        ({"admin": "zhangxiaoyan"}, "登录名zhangxiaoyan已被别的账号使用"),
        ({"community": [":0352-2222222"]}, "社区名称"),
    ],
)
def test_other_data_are_refused_and_nothing_is_written(world: World, other, sentence: str) -> None:
    setup()
    before = counts()
    with pytest.raises(CommandError, match=sentence):
        setup(**{"community": ["新民社区"], **other})
    assert counts() == before


def test_a_simple_password_is_refused_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "12345678")
    before = counts()
    with pytest.raises(CommandError, match="密码"):
        setup()
    assert counts() == before
