"""Two administrators change one rule for the same day at once: the last one counts, and both versions are kept."""

import pytest
from django.db import transaction

from communities.models import Duty
from core.refusals import Refused
from points import rules
from points.models import Rule
from points.pricing import tariff
from points.rulebook import Figures
from tests import world as cast
from tests.points.ruling import asked, changed, tomorrow
from tests.races.together import at_once, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_at_once_are_all_kept_and_the_last_one_counts(world: World) -> None:
    second = cast.staff("second", "第二位", Duty.Role.STREET_ADMIN, sub_district=world.street)
    acts = [lambda n=n: changed(world, points=20 + n, by=(world.he, second)[n % 2]) for n in range(8)]
    written = at_once(acts)
    assert all(isinstance(rule, Rule) for rule in written), written
    newest = Rule.objects.filter(sub_district=world.street).latest("pk")
    assert Rule.objects.filter(sub_district=world.street).count() == 8
    assert set(Rule.objects.filter(sub_district=world.street).values_list("by", flat=True)) == {world.he.pk, second.pk}
    assert tariff("ENV", world.street.pk, on=tomorrow()).rule == newest


def test_who_waits_for_the_other_is_the_last_one(world: World) -> None:
    """Without the queue a lower number could be seen after a higher one, and the later hand would silently lose."""
    with transaction.atomic():
        changed(world, points=20)
        answer = in_background(lambda: changed(world, points=30))
        until_somebody_waits_for_us()
    assert isinstance(answer(), Rule)
    assert tariff("ENV", world.street.pk, on=tomorrow()).rule.points == 30


def test_a_code_is_not_introduced_as_two_kinds_at_once(world: World) -> None:
    def introduce(kind: str) -> Rule:
        return rules.introduce(**asked(world, "FITNESS", figures=Figures("健身", kind, 4)))

    with transaction.atomic():
        introduce("untimed")
        answer = in_background(lambda: introduce("timed"))
        until_somebody_waits_for_us()
    refused = answer()
    assert isinstance(refused, Refused) and refused.code == "rule_kind_settled"
    assert Rule.objects.get(code="FITNESS").kind == "untimed"
