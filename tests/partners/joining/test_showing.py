"""What everybody reads of who is to become a partner: a firm by its name, a person by a masked one."""

import pytest

from communities import notices
from communities.wording import NotToBeShown
from partners.joining import choosing
from tests.books import refuses
from tests.partners.joining.applicants import proposed, shown
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_registered_name_is_shown_whatever_it_looks_like_and_a_line_by_hand_is_not(world: World) -> None:
    made = proposed(world, name="8号楼理发店")
    assert shown(world, made).items.get().subject == "8号楼理发店"
    by_hand = {"community": world.wenxing, "title": "公示", "by": world.zhang}
    for line in (
        notices.Line("理发", subject="8号楼理发店"),
        notices.Line("住8号楼", subject="理发店", about=choosing.about(made)),
    ):
        with refuses(NotToBeShown):
            notices.prepare(**by_hand, lines=[line])


def test_a_person_is_shown_masked(world: World) -> None:
    fields = {"kind": "person", "name": "赵巧手", "credit_code": "", "legal_person": "", "registered_address": ""}
    assert shown(world, proposed(world, **fields)).items.get().subject == "赵*手（能人）"
    assert shown(world, proposed(world, **fields | {"kind": "host"})).items.get().subject == "赵*手（主理人）"
