from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from communities import secondfactor
from communities.models import User
from core.refusals import Refused, TooMany
from tests.communities.phonebox import other_than
from tests.world import World

pytestmark = pytest.mark.django_db


def shown(device: TOTPDevice, later: int = 0) -> str:
    """What the app shows now, or `later` steps of 30 seconds from now."""
    return f"{totp(device.bin_key, drift=later):06d}"


def switched_on(user: User) -> TOTPDevice:
    device = secondfactor.start(user=user)
    secondfactor.confirm(user=user, token=shown(device))
    return device


def code_of(act: object, **how: object) -> str:
    with pytest.raises(Refused) as info:
        act(**how)
    return info.value.code


def test_it_is_off_until_the_app_has_shown_a_right_code(world: World) -> None:
    device = secondfactor.start(user=world.he)
    assert secondfactor.waiting(world.he) == device
    assert code_of(secondfactor.confirm, user=world.he, token=other_than(shown(device))) == "wrong_token"
    assert not secondfactor.is_on(world.he)
    secondfactor.confirm(user=world.he, token=shown(device))
    assert secondfactor.is_on(world.he) and not secondfactor.is_on(world.zhang)


def test_a_second_start_throws_the_first_key_away(world: World) -> None:
    first, second = secondfactor.start(user=world.he), secondfactor.start(user=world.he)
    assert first.key != second.key and TOTPDevice.objects.get() == second
    secondfactor.confirm(user=world.he, token=shown(second))
    assert code_of(secondfactor.start, user=world.he) == "second_factor_already_on"


def test_each_code_is_good_once(world: World) -> None:
    device = switched_on(world.he)
    assert code_of(secondfactor.check, user=world.he, token=shown(device)) == "wrong_token"
    secondfactor.check(user=world.he, token=shown(device, later=1))


def test_five_wrong_codes_close_the_door(world: World) -> None:
    device = switched_on(world.he)
    for _ in range(5):
        assert code_of(secondfactor.check, user=world.he, token=other_than(shown(device, later=1))) == "wrong_token"
    with pytest.raises(TooMany):
        secondfactor.check(user=world.he, token=shown(device, later=1))


def test_nothing_to_confirm_and_nothing_to_check(world: World) -> None:
    assert code_of(secondfactor.confirm, user=world.he, token="123456") == "nothing_to_confirm"
    assert code_of(secondfactor.check, user=world.he, token="123456") == "nothing_to_confirm"


def test_removed_it_is_off(world: World) -> None:
    switched_on(world.he)
    secondfactor.remove(user=world.he)
    assert not secondfactor.is_on(world.he)


def test_the_picture_is_an_inline_drawing_without_style(world: World) -> None:
    drawn = secondfactor.picture(secondfactor.start(user=world.he))
    assert drawn.startswith("<svg") and "style" not in drawn


@pytest.mark.django_db(transaction=True)
def test_of_four_parallel_uses_of_one_code_one_passes(world: World) -> None:
    device = switched_on(world.he)
    token, together = shown(device, later=1), Barrier(4)

    def use(_: int) -> str:
        together.wait()
        try:
            secondfactor._use(user=world.he, token=token, confirmed=True)
            return "in"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == ["in"] + ["wrong_token"] * 3
