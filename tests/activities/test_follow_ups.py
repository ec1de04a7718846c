"""What came of a salon."""

from datetime import timedelta

import pytest

from activities import follow_ups
from activities.follow_ups import note
from activities.models import FollowUp
from communities.duties import NotYourDuty
from core import clock
from tests import world as cast
from tests.activities.plans import drafted
from tests.world import World

pytestmark = pytest.mark.django_db


def test_jobs_and_start_ups_are_counted(world: World) -> None:
    salon = cast.activity(world.wenxing, kind="SALON", ago=3)
    for kind, text in (("start_up", "开了面馆"), ("job", "1人就业"), ("job", "又1人就业")):
        note(activity=salon, kind=kind, text=f" {text} ", on=clock.today(), by=world.zhang)
    rows = list(salon.follow_ups.order_by("pk"))
    assert follow_ups.told(rows) == "就业2件、创业1件"
    assert (rows[0].text, rows[0].by) == ("开了面馆", world.zhang)
    assert follow_ups.told([]) == ""


def test_nothing_comes_of_what_was_not_held(world: World) -> None:
    for activity in (cast.activity(world.wenxing, kind="SALON"), drafted(world, kind="SALON")):
        with pytest.raises(follow_ups.NotHeldYet):
            note(activity=activity, kind="job", text="就业", on=clock.today(), by=world.zhang)
    off = {"cancelled_at": clock.now(), "cancelled_by": world.zhang, "cancel_reason": "雨", "status": "cancelled"}
    with pytest.raises(follow_ups.NotHeldYet):
        note(
            activity=cast.activity(world.wenxing, ago=3, **off),
            kind="job",
            text="就业",
            on=clock.today(),
            by=world.zhang,
        )


@pytest.mark.parametrize(
    "wrong", [{"kind": "x"}, {"text": "  "}, {"text": "长" * 201}, {"on": -2}, {"on": 1}], ids=str
)  # fmt: skip
def test_a_strange_kind_text_or_day_is_refused(world: World, wrong: dict[str, object]) -> None:
    salon = cast.activity(world.wenxing, kind="SALON", ago=3)
    said = {"kind": "job", "text": "就业", "on": 0} | wrong
    on = clock.today() + timedelta(days=int(str(said.pop("on"))))
    with pytest.raises(follow_ups.BadFollowUp):
        note(activity=salon, by=world.zhang, on=on, kind=str(said["kind"]), text=str(said["text"]))
    assert not FollowUp.objects.exists()


def test_strangers_note_nothing(world: World) -> None:
    with pytest.raises(NotYourDuty):
        note(activity=cast.activity(world.wenxing, ago=3), kind="job", text="就业", on=clock.today(), by=world.qian)
