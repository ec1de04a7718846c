import pytest

from communities import passwords
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


def check(username: str = "zhangxiaoyan", password: str = PASSWORD, address: str = HERE) -> User:
    return passwords.check(username=username, password=password, address=address)


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


def test_five_wrong_tries_close_this_name_at_this_address_only(world: World) -> None:
    for _ in range(5):
        with pytest.raises(passwords.WrongPassword):
            check(password="wrong")
    with pytest.raises(TooMany):
        check()
    assert check(address="10.0.0.2") == world.zhang
    assert check("chenzhuren") == world.chen


def test_a_right_password_clears_the_count_of_its_address(world: World) -> None:
    for _ in range(4):
        for _ in range(4):
            with pytest.raises(passwords.WrongPassword):
                check(password="wrong")
        assert check() == world.zhang


def test_tries_from_many_addresses_are_counted_together(world: World) -> None:
    for turn in range(passwords.TRIES_EVERYWHERE):
        with pytest.raises(passwords.WrongPassword):
            check("nobody-here", "", address=f"10.1.0.{turn}")
    with pytest.raises(TooMany):
        check("nobody-here", "", address="10.2.0.1")


def test_a_password_is_replaced(world: World) -> None:
    world.zhang.must_change_password = True
    changed = passwords.change(user=world.zhang, old=PASSWORD, new="Wenxing-2027-door")
    changed.refresh_from_db()
    assert changed.check_password("Wenxing-2027-door") and not changed.must_change_password


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
