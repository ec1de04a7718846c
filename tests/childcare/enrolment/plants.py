"""For the check of the books: a family that was accepted, and how each promise about it is broken."""

from childcare.enrolment import deciding
from childcare.models import Centre
from tests.childcare import cast
from tests.childcare.enrolment import families
from tests.world import World

ENROLMENT_PLANTS = {
    "health is on file under a standing consent alone": """
        UPDATE communities_consent SET withdrawn_at = given_at, withdrawn_by_id = by_id WHERE purpose = 'care_health'""",
    "an accepted enrolment led to a place of its child": "UPDATE childcare_enrolment SET place_id = NULL WHERE status = 'accepted'",
}


def enrolled(world: World) -> None:
    """邵卫东's child has a place and its health on file."""
    centre = Centre.objects.filter(community=world.wenxing).first() or cast.centre(world.wenxing, world.chen)
    group = cast.group(centre, world.chen, name="报名班")
    mine = families.handed_in(families.father(world), centre, families.healthy(families.said(group)))
    deciding.accept(enrolment=mine, papers=families.papers(), by=world.zhang)
