"""Staff are reminded 60, 30 and 7 days before a licence ends, each once, where there is an agreement; then no offer is shown."""

from datetime import timedelta

import pytest

from communities import todo
from core import clock
from notifications.models import Message
from partners import standing, tasks
from partners.agreements import licence_reminders, licences
from partners.models import Agreement, Licence
from tests import world as cast
from tests.books import refuses
from tests.pages import text
from tests.partners.shops import clerk, owner
from tests.partners.views.test_applying import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(world: World, agreed: Agreement, left: int, kind: str = "food") -> Licence:
    until = clock.today() + left * DAY
    made = licences.send(partner=agreed.partner, sent=licences.Sent(kind, "证1", "区局", until), by=world.chen)
    return licences.check(licence=made, required=True, by=world.zhang)


@pytest.mark.parametrize(("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_the_nearest_threshold_is_said_once_to_head_and_workers(world: World, left: int, due: int | None) -> None:
    one = held(world, cast.partner(world.street, world.wenxing, world.zhang), left)
    licences.send(
        partner=one.partner, sent=licences.Sent("fire", "9", "队", clock.today()), by=world.zhang
    )  # unchecked
    for _ in range(2):
        licence_reminders.remind(at=clock.now())
    told = sorted(Message.objects.values_list("staff__username", "occasion"))
    assert told == ([(who, f"licence:{one.pk}:{due}") for who in ("chenzhuren", "zhangxiaoyan")] if due else [])


def test_nobody_is_told_without_an_agreement_and_once_it_lapsed_nothing_is_served(world: World) -> None:
    agreed = cast.partner(world.street, world.wenxing, world.zhang)
    one = held(world, agreed, 1)
    Agreement.objects.update(ended_on=clock.today())
    tasks.remind_licences()
    assert not Message.objects.exists()
    Agreement.objects.update(ended_on=None)
    assert standing.refusal_for(agreed.partner, world.wenxing, one.valid_until) is None  # type: ignore[arg-type]
    refused = standing.refusal_for(agreed.partner, world.wenxing, clock.today() + 2 * DAY)
    assert isinstance(refused, standing.LicenceLapsed) and "食品经营许可证" in refused.message


def test_the_owner_sends_a_newer_one_and_the_shops_phones_do_not(world: World) -> None:
    agreed = cast.partner(world.street, world.wenxing, world.zhang)
    held(world, agreed, 5)
    mine = signed_in(owner(agreed).account)
    assert "食品经营许可证" in text(mine, "/merchant/licences/") and "有效" in text(mine, "/merchant/licences/")
    until = (clock.today() + 400 * DAY).isoformat()
    sent = {"kind": "food", "number": "新1", "issuer": "区局", "valid_until": until}
    assert mine.post("/merchant/licences/", sent | {"number": ""}).status_code == 400
    mine.post("/merchant/licences/", sent)
    assert "待社区核对" in text(mine, "/merchant/licences/") and Licence.objects.unchecked().get().number == "新1"
    shop = signed_in(clerk(agreed).account)
    assert shop.get("/merchant/licences/").status_code == 403
    new = Licence.objects.unchecked().get()
    with pytest.raises(licences.NoDownReason):
        licences.turn_down(licence=new, reason=" ", by=world.zhang)
    licences.turn_down(licence=new, reason="照片看不清，请重拍", by=world.zhang)
    assert "照片看不清，请重拍" in text(mine, "/merchant/licences/")
    mine.post("/merchant/licences/", sent)
    assert "照片看不清" not in text(mine, "/merchant/licences/")


def test_who_took_a_licence_in_does_not_check_it(world: World) -> None:
    """Nor under the own phone as the shop's; where a community has one colleague, the street does."""
    agreed = cast.partner(world.street, world.wenxing, world.zhang)
    made = licences.send(partner=agreed.partner, sent=licences.Sent("food", "证1", "区局"), by=world.zhang)
    for act in (licences.check, licences.turn_down):
        said = {"required": True} if act is licences.check else {"reason": "不符"}
        with refuses(licences.TakenInBySame):
            act(licence=made, by=world.zhang, **said)
    assert "合伙人证照待核对" not in {row.label for row in todo.rows_for(world.zhang)}
    assert licences.check(licence=made, required=True, by=world.he).checked_by == world.he
