from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from communities import secondfactor
from communities.models import Change, User
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
    device = secondfactor.start(user=world.zhang)
    assert secondfactor.waiting(world.zhang) == device
    assert code_of(secondfactor.confirm, user=world.zhang, token=other_than(shown(device))) == "wrong_token"
    assert not secondfactor.is_on(world.zhang)
    secondfactor.confirm(user=world.zhang, token=shown(device))
    assert secondfactor.is_on(world.zhang) and not secondfactor.is_on(world.qian)


def test_a_second_start_throws_the_first_key_away(world: World) -> None:
    first, second = secondfactor.start(user=world.zhang), secondfactor.start(user=world.zhang)
    assert first.key != second.key and TOTPDevice.objects.get(user=world.zhang) == second
    secondfactor.confirm(user=world.zhang, token=shown(second))
    assert code_of(secondfactor.start, user=world.zhang) == "second_factor_already_on"


def test_each_code_is_good_once(world: World) -> None:
    device = switched_on(world.zhang)
    assert code_of(secondfactor.check, user=world.zhang, token=shown(device)) == "wrong_token"
    secondfactor.check(user=world.zhang, token=shown(device, later=1))


def test_five_wrong_codes_close_the_door(world: World) -> None:
    device = switched_on(world.zhang)
    for _ in range(5):
        assert code_of(secondfactor.check, user=world.zhang, token=other_than(shown(device, later=1))) == "wrong_token"
    with pytest.raises(TooMany):
        secondfactor.check(user=world.zhang, token=shown(device, later=1))


def test_known_browsers_and_signed_in_sessions_have_tries_of_their_own(world: World) -> None:
    """Whoever found out the password uses up what strangers have, and nothing of the owner's."""
    device = switched_on(world.zhang)
    wrong = other_than(shown(device, later=1))
    for _ in range(5):
        assert code_of(secondfactor.check, user=world.zhang, token=wrong) == "wrong_token"
    for who in ({"device": "mine"}, {"signed_in": True}):
        assert code_of(secondfactor.check, user=world.zhang, token=wrong, **who) == "wrong_token"
    secondfactor.check(user=world.zhang, token=shown(device, later=1), device="mine")


def test_a_recovery_code_is_good_once_instead_of_the_app_and_only_a_hash_is_kept(world: World) -> None:
    device = secondfactor.start(user=world.zhang)
    codes = secondfactor.confirm(user=world.zhang, token=shown(device))
    assert len(set(codes)) == secondfactor.RECOVERY_CODES == secondfactor.codes_left(world.zhang)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {secondfactor.plain(code) for code in codes} and not kept & set(codes)
    assert not secondfactor.spend_code(user=world.qian, code=codes[0])
    secondfactor.check(user=world.zhang, token=secondfactor.plain(codes[0].lower()))
    assert code_of(secondfactor.check, user=world.zhang, token=secondfactor.plain(codes[0])) == "wrong_token"
    assert secondfactor.codes_left(world.zhang) == secondfactor.RECOVERY_CODES - 1


def test_new_codes_end_the_old_ones(world: World) -> None:
    old = secondfactor.renew_codes(user=world.zhang)
    new = secondfactor.renew_codes(user=world.zhang)
    assert not secondfactor.spend_code(user=world.zhang, code=old[0])
    assert secondfactor.spend_code(user=world.zhang, code=new[0])


def test_the_account_says_what_the_devices_say_whoever_writes_them(world: World) -> None:
    """A trigger keeps it; a waiting device is none, and the day stays as long as one is left."""
    zhang = world.zhang
    assert zhang.second_factor_at is None
    TOTPDevice.objects.create(user=zhang, confirmed=False)
    zhang.refresh_from_db()
    assert zhang.second_factor_at is None
    TOTPDevice.objects.filter(user=zhang).update(confirmed=True)
    zhang.refresh_from_db()
    since = zhang.second_factor_at
    assert since is not None
    other = TOTPDevice.objects.create(user=zhang, confirmed=True)
    other.delete()
    zhang.refresh_from_db()
    assert zhang.second_factor_at == since
    secondfactor.remove(user=zhang)
    zhang.refresh_from_db()
    assert zhang.second_factor_at is None
    last = Change.objects.filter(what="user", row=zhang.pk).latest("pk")
    assert last.by_id == zhang.pk and last.fields["second_factor_at"][1] is None


def test_nothing_to_confirm_and_nothing_to_check(world: World) -> None:
    assert code_of(secondfactor.confirm, user=world.zhang, token="123456") == "nothing_to_confirm"
    assert code_of(secondfactor.check, user=world.zhang, token="123456") == "nothing_to_confirm"


def test_removed_it_is_off(world: World) -> None:
    switched_on(world.zhang)
    secondfactor.remove(user=world.zhang)
    assert not secondfactor.is_on(world.zhang)


def test_the_picture_is_an_inline_drawing_without_style(world: World) -> None:
    drawn = secondfactor.picture(secondfactor.start(user=world.zhang))
    assert drawn.startswith("<svg") and "style" not in drawn


@pytest.mark.django_db(transaction=True)
def test_of_four_parallel_uses_of_one_code_one_passes(world: World) -> None:
    device = switched_on(world.zhang)
    token, together = shown(device, later=1), Barrier(4)

    def use(_: int) -> str:
        together.wait()
        try:
            secondfactor._use(user=world.zhang, token=token, confirmed=True)
            return "in"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == ["in"] + ["wrong_token"] * 3
