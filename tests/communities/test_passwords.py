from itertools import pairwise

import pytest

from communities import limits, passwords
from communities.models import User
from core.refusals import BadInput, Refused, TooMany
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
HERE = "10.0.0.1"


@pytest.fixture(autouse=True)
def quick_hashes(settings) -> None:
    """Hashing is slow by design; these tests try many passwords."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]


def check(username: str = "zhangxiaoyan", password: str = PASSWORD, address: str = HERE, device: str = "") -> User:
    return passwords.check(username=username, password=password, address=address, device=device)


def test_staff_are_found_by_name_and_password(world: World) -> None:
    assert check() == world.zhang


def test_one_sentence_for_every_wrong_part(world: World) -> None:
    User.objects.filter(pk=world.qian.pk).update(is_active=False)
    service = User.objects.create_user("machine", PASSWORD, kind=User.Kind.SERVICE)
    sentences = set()
    for name, password in (
        ("zhangxiaoyan", "wrong"), ("nobody", PASSWORD), ("qianyongan", PASSWORD), (service.username, PASSWORD),
        (world.wang.account.username, ""), ("system", "!"),
    ):  # fmt: skip
        with pytest.raises(passwords.WrongPassword) as info:
            check(name, password)
        sentences.add(info.value.message)
    assert len(sentences) == 1


def wrong(times: int, **how: str) -> None:
    for _ in range(times):
        with pytest.raises(passwords.WrongPassword):
            check(password="wrong", **how)


def test_five_wrong_tries_close_this_name_to_unknown_browsers_wherever_they_are(world: World) -> None:
    wrong(5)
    for address in (HERE, "10.0.0.2"):
        with pytest.raises(TooMany):
            check(address=address)
    assert check("chenzhuren") == world.chen


def test_a_known_browser_has_tries_of_its_own_that_no_stranger_uses_up(world: World) -> None:
    for turn in range(8):
        with pytest.raises((passwords.WrongPassword, TooMany)):
            check(password="wrong", address=f"10.0.0.{turn}")
    assert check(device="mine") == world.zhang
    wrong(5, device="mine")
    with pytest.raises(TooMany):
        check(device="mine")
    assert check(device="my-other-one") == world.zhang


def test_its_right_password_does_not_give_strangers_new_tries(world: World) -> None:
    wrong(5)
    check(device="mine")
    with pytest.raises(TooMany):
        check()


def test_a_right_password_clears_the_count_of_its_address(world: World) -> None:
    for _ in range(4):
        for _ in range(4):
            with pytest.raises(passwords.WrongPassword):
                check(password="wrong")
        assert check() == world.zhang


def test_one_word_tried_at_every_name_is_stopped_by_the_address_and_known_browsers_go_on(world: World) -> None:
    for turn in range(passwords.PER_ADDRESS):
        with pytest.raises(passwords.WrongPassword):
            check(f"name-{turn}", "Spring-2027!")
    with pytest.raises(TooMany):
        check()
    assert check(device="mine") == world.zhang


def test_a_password_is_replaced(world: World) -> None:
    world.zhang.must_change_password = True
    changed = passwords.change(user=world.zhang, old=PASSWORD, new="Wenxing-2027-door")
    changed.refresh_from_db()
    assert changed.check_password("Wenxing-2027-door") and not changed.must_change_password
    assert changed.password_changed_at > world.qian.password_changed_at


@pytest.mark.parametrize("new", ["Short-1", "password1234", "zhangxiaoyan1A", "onlyletterslower", PASSWORD])
def test_a_simple_or_the_same_password_is_refused(world: World, new: str) -> None:
    with pytest.raises(BadInput):
        passwords.change(user=world.zhang, old=PASSWORD, new=new)
    assert User.objects.get(pk=world.zhang.pk).check_password(PASSWORD)


def test_the_old_password_is_needed_and_cannot_be_guessed_for_ever(world: World) -> None:
    for _ in range(5):
        with pytest.raises(passwords.WrongOldPassword):
            passwords.change(user=world.zhang, old="wrong", new="Wenxing-2027-door")
    with pytest.raises(Refused) as info:
        passwords.change(user=world.zhang, old=PASSWORD, new="Wenxing-2027-door")
    assert info.value.code == "too_many"


@pytest.mark.parametrize(
    "new",
    ["张晓燕-2027-Door", "Zhangxiaoyan-27", "door-ZHANGXIAOYAN7", "Xiaoyan-7-zhangXiaoYan", "Door-13812346021", "Door-19680502", "Door-680502"],
)  # fmt: skip
def test_a_password_holds_nothing_that_colleagues_know(world: World, new: str) -> None:
    """Name in either script, login name, phone, birthday."""
    world.zhang.own_phone = world.wang.phone
    with pytest.raises(BadInput, match="姓名"):
        passwords.change(user=world.zhang, old=PASSWORD, new=new)


def test_the_last_five_are_not_taken_again_and_the_sixth_is(world: World) -> None:
    def change(old: str, new: str) -> None:
        limits.clear(f"password-change:{world.zhang.pk}")
        passwords.change(user=world.zhang, old=old, new=new)

    used = [PASSWORD, *(f"Wenxing-202{n}-door" for n in range(5))]
    for old, new in pairwise(used):
        change(old, new)
    for former in used[1:-1]:
        with pytest.raises(BadInput, match="最近5次"):
            change(used[-1], former)
    change(used[-1], PASSWORD)
    assert world.zhang.former_passwords.count() == passwords.BARRED - 1
