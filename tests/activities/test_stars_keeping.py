"""What is copied for the person, and what closing the file leaves: numbers and hours, nobody's name."""

import pytest

from activities import certificates, certified, stars_keeping
from activities.certified import State
from activities.models import Certificate, CertificateRequest, Star, StarBar
from communities import closing, copying
from communities.models import Resident
from tests.activities import serving
from tests.communities.test_closing import HOW, everywhere
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_copy_has_stars_bars_certificates_and_requests(world: World) -> None:
    serving.reached(world)
    bar = serving.barred(world)
    made = serving.issued(world)
    found = {table.key: table.lines for table in copying.tables(world.wang)}
    assert found["stars"][0][0] == "一星志愿者"
    assert found["star_bars"][0][2] == bar.reason
    assert (found["certificates"][0][0], found["certificates"][0][4]) == (made.number, made.hours)
    assert found["certificate_requests"][0][4] == "已出具"
    assert len(stars_keeping.SECTIONS) == 4
    assert not {table.key: table.lines for table in copying.tables(world.li)}["certificates"]


def test_a_bar_that_is_only_proposed_is_no_part_of_it_and_stands_in_the_way_of_closing(world: World) -> None:
    serving.proposed(world)
    assert not {table.key: table.lines for table in copying.tables(world.wang)}["star_bars"]
    assert "有一项星级限制还没有复核" in closing.obstacles_of(world.wang)


def leaves(world: World) -> Certificate:
    """王秀兰 has a star, a bar with her name in it, a certificate and a request; then she leaves."""
    star = serving.reached(world)
    made = serving.issued(world)
    StarBar.objects.create(
        resident=world.wang, until=star.reached_at.date(), reason="王秀兰代签", proposed_by=world.zhang,
        decided_by=world.chen, decided_at=star.reached_at, lifted_at=star.reached_at, lifted_by=world.he, lift_reason="王秀兰有证人",
    )  # fmt: skip
    CertificateRequest.objects.create(
        community=world.wenxing, resident=world.wang, from_on=made.from_on, to_on=made.to_on, asked_by=world.zhang
    )
    assert any("不能再扫码核对" in said for said in closing.losses_of(world.wang))
    closing.close(resident=world.wang, by=world.he, reason=HOW)
    return made


def test_who_leaves_is_in_no_star_bar_or_certificate(world: World) -> None:
    made = leaves(world)
    left = everywhere("王秀兰", "13812346021")
    assert not {table for table in left if table.startswith("activities_")}, left
    made.refresh_from_db()
    assert (made.name, made.lines, made.number[-4:]) == ("", [], "0001")
    assert made.minutes > 0


def test_who_leaves_is_granted_nothing_and_asks_for_nothing(world: World) -> None:
    leaves(world)
    assert Star.objects.get().status == "stopped"
    assert set(CertificateRequest.objects.values_list("status", flat=True)) == {"issued", "withdrawn"}


def test_a_certificate_of_who_left_cannot_be_checked_any_more(world: World) -> None:
    shown = certified.check(leaves(world).token)
    assert (shown.state, shown.who) == (State.EMPTIED, "")


def test_nobody_who_left_can_be_issued_anything(world: World) -> None:
    leaves(world)
    gone = Resident.objects.get(pk=world.wang.pk)
    mine = CertificateRequest.objects.get(status="withdrawn")
    assert certificates.refusal_to_issue(mine, world.chen)
    assert not gone.confirmed
