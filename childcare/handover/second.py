"""第二人: a colleague on duty who has looked at the stranger's document as well, and says so with an own secret (ADR 0019)."""

from datetime import date, timedelta

from childcare.models import Centre, Staffer
from childcare.staffing import turns
from communities import limits, secondfactor
from core.refusals import Refused

TRIES, WINDOW = 5, timedelta(minutes=15)


class SecondMissing(Refused):
    code = "care_second_missing"
    message = "用接送码接走要两位当班老师一起核对，没有放人。请另一位当班老师看过证件，在这里选名字、输动态码。"


class SecondSame(Refused):
    code = "care_second_same"
    message = "第二位要是另一位老师，没有放人。请换一位当班老师核对。"


class SecondNotOnDuty(Refused):
    code = "care_second_off_duty"
    message = "第二位老师今天不在这个中心当班，没有放人。请换一位当班老师核对。"


class SecondNotProved(Refused):
    code = "care_second_wrong"
    message = "第二位老师的动态码不对或已经用过，没有放人。请等手机上出现新的6位数字再输。"


def refusal_for(centre: Centre, first: Staffer, second: Staffer | None, day: date) -> Refused | None:
    """Why `second` is not the second person beside `first`; None when nothing stands against it."""
    if second is None or second.account is None:
        return SecondMissing()
    if second.pk == first.pk or second.account_id == first.account_id:
        return SecondSame()
    there = second.centre_id == centre.pk and second.turns.filter(centre=centre, day=day).exists()
    good = there and not turns.overdue_on(second, day) and works_there(second, centre)
    return None if good else SecondNotOnDuty()


def works_there(staffer: Staffer, centre: Centre) -> bool:
    """Whether the account of this one is in use and its duty runs still: a turn planned before says nothing of that."""
    account = staffer.account
    if account is None:
        return True  # a colleague without an account is named from paper, or by a program at the door
    return account.is_active and Centre.objects.of_caregiver(account).filter(pk=centre.pk).exists()


def prove(*, second: Staffer, proof: str) -> None:
    """Refuses unless `proof` is what the second's own authenticator shows; without one, their password. Tries are counted.

    Call it outside of any transaction (limits.hit).
    """
    account = second.account
    assert account is not None
    if secondfactor.is_on(account):
        try:
            secondfactor.check(user=account, token=proof.strip(), signed_in=True)
        except secondfactor.WrongToken as wrong:
            raise SecondNotProved from wrong
        return
    key = f"care-second:{account.pk}"
    limits.hit(key, limit=TRIES, window=WINDOW)
    if not account.check_password(proof):
        raise SecondNotProved("第二位老师的密码不对，没有放人。请本人重新输入。")
    limits.clear(key)
