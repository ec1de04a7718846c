"""At the counter: what an elder without a phone says is written down with a slip; another colleague answers."""

import pytest

from activities import deeds_counter
from activities.answering import OwnDeed, accept
from activities.deeds_counter import CODE, Told, choices, file
from activities.models import Deed
from communities import counter
from communities.models import Slip
from core import clock
from core.refusals import Refused
from points import statement
from tests.activities.cast import relative
from tests.activities.pictures import picture, sent
from tests.world import World

pytestmark = pytest.mark.django_db
TOLD = Told(kind="kindness", text="帮邻居提菜上楼", place="5号楼", photo=None)


def test_it_is_offered_at_the_counter_as_a_page_of_its_own(world: World) -> None:
    found = [lines for act, lines in counter.offers(world.zhao, clock.now()) if act.code == CODE]
    assert [line.address for (line,) in found] == [f"/desk/residents/{world.zhao.pk}/deed/"]
    assert counter.act_of(CODE) is None  # it has words, so no confirming page of its own


def test_it_is_sent_with_a_slip_and_paid_after_a_second_colleague(world: World) -> None:
    slip = file(resident=world.zhao, told=TOLD | {"photo": picture()}, by=world.zhang)
    mine = Deed.objects.get(resident=world.zhao)
    assert (slip.about, mine.by, mine.photo.width) == (f"deed:{mine.pk}", world.zhang, 320)
    assert f"已代为提交小善举（编号{mine.pk}）：帮邻居提菜上楼" in slip.said and "由另一位工作人员审核" in slip.said
    with pytest.raises(OwnDeed):
        accept(deed=mine, by=world.zhang)
    accept(deed=mine, by=world.chen)
    assert statement.available(world.zhao) == 202


def test_without_a_slip_nothing_is_sent_and_without_it_no_slip(world: World) -> None:
    for n in range(5):
        sent(world, world.zhao, by=world.zhang, text=f"第{n}件")
    with pytest.raises(Refused, match="最多提交5条"):
        file(resident=world.zhao, told=TOLD, by=world.zhang)
    assert not Slip.objects.exists()
    assert [one.refused for one in choices(world.zhao, clock.now())] != [""]
    assert deeds_counter.TITLE


def test_nobody_files_for_the_family(world: World) -> None:
    with pytest.raises(counter.OwnCounter):
        file(resident=relative(world, world.chen), told=TOLD, by=world.chen)
    assert not Deed.objects.exists()
