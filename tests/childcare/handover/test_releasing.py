"""交接 by the verb: who leaves with whom, and who does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from childcare.handover import asking, barring, codes, pickups, releasing, second
from childcare.models import BarredTry, CareFile, Carer, Handover, Pickup, PickupCode, Turn
from childcare.speaking import name_key
from communities import consents
from communities.models import Consent
from core import clock
from core.refusals import Refused, TooMany
from notifications.models import Message
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import (
    CHECK,
    WAY,
    arrived,
    authorised,
    barred,
    by_code,
    by_pickup,
    guardian_row,
    issued,
)  # fmt: skip
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, care: Care) -> Care:
    """The child has arrived."""
    arrived(care.place, care.teacher)
    return care


def test_a_teacher_on_duty_lets_the_child_go_with_its_mother_whom_they_know(here: Care) -> None:
    mine = guardian_row(here.child, here.mother)
    made = releasing.release(place=here.place, way=WAY.GUARDIAN, check=CHECK.KNOWN, guardian=mine, by=here.teacher)
    assert (made.staffer, made.second, made.taken_by, made.day) == (here.teacher_post, None, "母亲", clock.today())


def test_a_pickup_person_shows_the_document_and_leaves_with_the_child(here: Care) -> None:
    made = by_pickup(here, authorised(here), check=CHECK.DOCUMENT, id_tail="123x")
    assert (made.seen_tail, made.taken_by) == ("123X", "邻居")
    assert Message.objects.filter(title="孩子已离开托管中心", resident=here.father).count() == 1


def test_another_document_is_refused(here: Care) -> None:
    with pytest.raises(asking.TailDiffers):
        by_pickup(here, authorised(here), check=CHECK.DOCUMENT, id_tail="1234")
    with pytest.raises(Refused, match="后四位"):
        by_pickup(here, authorised(here, name="别人"), check=CHECK.DOCUMENT, id_tail="")


def _expired(care: Care) -> Pickup:
    long_ago = {"valid_from": clock.today() - timedelta(days=9), "valid_until": clock.today() - timedelta(days=1)}
    return cast.pickup(care.child, care.mother, by=care.lead, **long_ago)


def _early(care: Care) -> Pickup:
    return cast.pickup(care.child, care.mother, by=care.lead, valid_from=clock.today() + timedelta(days=1))


def _revoked(care: Care) -> Pickup:
    assert care.father.account
    return pickups.revoke(pickup=authorised(care), by=care.father.account)


def _used(care: Care) -> Pickup:
    made = authorised(care, once=True)
    Pickup.objects.filter(pk=made.pk).update(used_at=clock.now())
    return made


def _another_childs(care: Care) -> Pickup:
    return cast.pickup(care.other_child, care.other_mother, by=care.lead)


BAD: list[tuple[Callable[[Care], Pickup], type[Refused]]] = [
    (_expired, asking.PickupExpired), (_early, asking.PickupNotYet), (_revoked, asking.PickupRevoked),
    (_used, asking.PickupUsed), (_another_childs, asking.WrongChild),
]  # fmt: skip


@pytest.mark.parametrize(("made", "refused"), BAD)
def test_nobody_leaves_with_a_pickup_person_who_is_not_good(
    here: Care, made: Callable[[Care], Pickup], refused: type[Refused]
) -> None:
    with pytest.raises(refused):
        by_pickup(here, made(here))
    assert not Handover.objects.exists()


def test_a_once_pickup_is_good_for_one_time(here: Care) -> None:
    once = authorised(here, once=True)
    by_pickup(here, once)
    once.refresh_from_db()
    assert once.used_at is not None


def test_a_barred_pickup_is_refused_written_down_and_told_at_once(world: World, here: Care) -> None:
    sent = authorised(here)
    barred(here.child, "孟 桂芝", world.zhang)
    with pytest.raises(barring.BarredPerson):
        by_pickup(here, sent)
    assert BarredTry.objects.get().by == here.teacher
    told = set(Message.objects.filter(title="紧急：有人试图接走孩子").values_list("staff", flat=True))
    assert told == {here.lead.pk, world.chen.pk}


def test_a_barred_guardian_neither_collects_nor_sends_nor_hears(world: World, here: Care) -> None:
    barred(here.child, here.father.name, world.zhang)
    with pytest.raises(barring.BarredPerson):
        releasing.release(
            place=here.place, way=WAY.GUARDIAN, check=CHECK.KNOWN, by=here.teacher, guardian=guardian_row(here.child, here.father)
        )  # fmt: skip
    assert here.father.account
    with pytest.raises(pickups.NotTheGuardian):
        pickups.authorise(
            child=here.child, guardian=here.father, by=here.father.account, said=pickups.Said("吕", "友", "13700009998", "1234")
        )  # fmt: skip
    authorised(here)
    assert not Message.objects.filter(resident=here.father, title="孩子的接送人有新增").exists()


def test_a_stranger_with_the_code_leaves_after_two_people_looked(here: Care) -> None:
    made = Handover.objects.get(pk=by_code(here, issued(here)).pk)
    assert (made.second, made.code and made.code.used_at) == (here.second_post, made.at)


def test_a_code_is_good_once_for_its_child_on_its_day(here: Care) -> None:
    arrived(here.other_place, here.teacher)
    code = issued(here)
    with pytest.raises(codes.NoCodeToday):
        by_code(here, code, place=here.other_place)
    tomorrow = issued(here, clock.today() + timedelta(days=1))
    if tomorrow != code:
        with pytest.raises(codes.WrongCode):
            by_code(here, tomorrow, proof=_fresh(here))
    by_code(here, code, proof=_fresh(here))
    with pytest.raises(asking.LeftAlready):
        by_code(here, code, proof=_fresh(here))


def _fresh(care: Care) -> str:
    """A password proves as well where no authenticator is set up."""
    care.second.totpdevice_set.all().delete()
    return cast.cast.PASSWORD


def test_five_wrong_codes_void_it_and_a_new_one_may_be_issued(here: Care) -> None:
    code = issued(here)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises((codes.WrongCode, codes.CodeTriedOut)):
            by_code(here, wrong, proof=_fresh(here))
    with pytest.raises(codes.CodeTriedOut):
        by_code(here, code, proof=_fresh(here))
    by_code(here, issued(here), proof=_fresh(here))


def test_a_stranger_with_another_document_is_refused(here: Care) -> None:
    code = issued(here, tail="9999")
    with pytest.raises(asking.TailDiffers):
        by_code(here, code)


def test_a_wrong_document_costs_no_try_of_the_code_but_one_of_the_phone(here: Care) -> None:
    """The code was right: five slips of the finger do not void it. Who guesses the last four has to wait."""
    code = issued(here, tail="9999")
    for _ in range(5):
        with pytest.raises(asking.TailDiffers):
            by_code(here, code, proof=_fresh(here))
    assert PickupCode.objects.get().tries == 0
    with pytest.raises(TooMany):
        by_code(here, code, proof=_fresh(here), id_tail="9999")
    assert by_code(here, code, by=here.lead, proof=_fresh(here), id_tail="9999").code is not None


def test_the_phone_counts_wrong_documents_of_a_pickup_person_alone(here: Care) -> None:
    sent = authorised(here)
    for _ in range(5):
        with pytest.raises(asking.TailDiffers):
            by_pickup(here, sent, check=CHECK.DOCUMENT, id_tail="0000")
    with pytest.raises(TooMany):
        by_pickup(here, sent, check=CHECK.DOCUMENT, id_tail="123X")
    assert by_pickup(here, sent).check_used == CHECK.KNOWN


def test_a_client_lets_nobody_go_whom_only_somebody_named_has_seen(world: World, here: Care) -> None:
    """Whom a client names as on duty proves nothing; a code and a document that is known can be compared."""
    client = client_of(world.wenxing).user
    sent, carer = authorised(here), Carer.objects.create(
        child=here.child, name="姨婆", name_key=name_key(here.child, "姨婆"), relation="姨婆", phone="13700008888", entrusted_on=clock.today(), seen_by=here.lead
    )  # fmt: skip
    CareFile.objects.filter(child=here.child).update(grade=4)
    here.place.alone = True
    here.place.save(update_fields=["alone"])
    consents.keep(here.child, Consent.Purpose.CARE_ALONE, by=here.lead, way=Consent.Way.SIGNATURE, guardian=here.mother)
    said: dict[str, Any] = {"place": here.place, "by": client, "staffer": here.teacher_post}
    mother = guardian_row(here.child, here.mother)  # whose document was never entered
    for unproved in (
        {"way": WAY.PICKUP, "pickup": sent, "check": CHECK.KNOWN}, {"way": WAY.GUARDIAN, "guardian": mother, "check": CHECK.KNOWN},
        {"way": WAY.GUARDIAN, "guardian": mother, "check": CHECK.DOCUMENT, "id_tail": "1234"},
        {"way": WAY.CARER, "carer": carer, "check": CHECK.DOCUMENT, "id_tail": "1234"}, {"way": WAY.ALONE, "check": CHECK.CONSENT},
    ):  # fmt: skip
        with pytest.raises(asking.ProofNeeded):
            releasing.release(**said | unproved)
    with pytest.raises(asking.TailDiffers):
        releasing.release(**said, way=WAY.PICKUP, pickup=sent, check=CHECK.DOCUMENT, id_tail="0000")
    made = releasing.release(**said, way=WAY.PICKUP, pickup=sent, check=CHECK.DOCUMENT, id_tail="123X")
    assert (made.staffer, made.by) == (here.teacher_post, client)


def test_the_second_person_is_another_on_duty_with_an_own_secret(here: Care) -> None:
    code = issued(here)
    for changed, refused in (
        ({"second": None}, second.SecondMissing),
        ({"second": here.teacher_post}, second.SecondSame),
        ({"proof": "000000"}, second.SecondNotProved),
    ):
        with pytest.raises(refused):
            by_code(here, code, **changed)
    Turn.objects.filter(staffer=here.second_post).delete()
    with pytest.raises(second.SecondNotOnDuty):
        by_code(here, code)
    assert PickupCode.objects.get().tries == 0


def test_who_is_not_on_duty_lets_nobody_go(world: World, here: Care) -> None:
    sent = authorised(here)
    Turn.objects.filter(staffer=here.teacher_post).delete()
    for by in (here.teacher, world.zhang, world.chen):
        with pytest.raises(asking.NotOnDuty):
            by_pickup(here, sent, by=by)


def test_a_child_that_has_not_arrived_or_has_left_is_not_handed_over(care: Care) -> None:
    sent = authorised(care)
    with pytest.raises(asking.NotThere):
        by_pickup(care, sent)
    arrived(care.place, care.teacher)
    by_pickup(care, sent)
    with pytest.raises(asking.LeftAlready):
        by_pickup(care, sent)


def test_two_children_with_one_adult_are_checked_one_by_one(here: Care) -> None:
    """The neighbour is sent for one of them: the other does not leave with her, not even in the same minute."""
    arrived(here.other_place, here.teacher)
    sent = authorised(here)
    by_pickup(here, sent)
    with pytest.raises(asking.WrongChild):
        by_pickup(here, sent, place=here.other_place)
    theirs = cast.pickup(here.other_child, here.other_mother, by=here.lead)
    by_pickup(here, theirs, place=here.other_place, check=CHECK.DOCUMENT, id_tail="123X")
    assert Handover.objects.count() == 2


def test_alone_leaves_only_who_is_old_enough_and_has_the_consent(here: Care) -> None:
    def alone() -> Handover:
        return releasing.release(place=here.place, way=WAY.ALONE, check=CHECK.CONSENT, by=here.teacher)

    with pytest.raises(asking.NotAlone):
        alone()
    CareFile.objects.filter(child=here.child).update(grade=4)
    here.place.alone = True
    here.place.save(update_fields=["alone"])
    with pytest.raises(asking.NotAlone):
        alone()
    consents.keep(here.child, Consent.Purpose.CARE_ALONE, by=here.lead, way=Consent.Way.SIGNATURE, guardian=here.mother)
    CareFile.objects.filter(child=here.child).update(grade=3)
    with pytest.raises(asking.NotAlone):
        alone()
    CareFile.objects.filter(child=here.child).update(grade=4)
    assert alone().way == WAY.ALONE


def test_paper_names_the_colleague_who_was_on_duty_and_the_moment(here: Care) -> None:
    sent, at = authorised(here), clock.now()
    assert here.mother.account
    pickups.revoke(pickup=sent, by=here.mother.account, at=at + timedelta(seconds=1))
    with pytest.raises(asking.NotAtOnce):
        by_pickup(here, sent, by=here.lead, staffer=here.teacher_post, at=at + timedelta(hours=1), on_paper=True)
    made = by_pickup(here, sent, by=here.lead, staffer=here.teacher_post, at=at, on_paper=True)
    assert (made.staffer, made.by, made.on_paper) == (here.teacher_post, here.lead, True)


def test_nobody_names_a_colleague_but_from_paper(here: Care) -> None:
    with pytest.raises(asking.NotOnDuty):
        by_pickup(here, authorised(here), by=here.lead, staffer=here.teacher_post)


def test_what_was_wrong_is_said_beside_it_by_the_lead(here: Care) -> None:
    made = by_pickup(here, authorised(here))
    with pytest.raises(Refused):
        releasing.note(handover=made, text="其实是外公来接", by=here.second)
    assert releasing.note(handover=made, text="其实是外公来接", by=here.lead).by == here.lead
