from childcare.opening import Part, Reader, may, readers
from tests.childcare.cast import Care
from tests.world import World


def test_the_cast_is_who_it_says(world: World, care: Care) -> None:
    assert readers(care.teacher, care.child) == {Reader.TEACHER}
    assert readers(care.mother.account, care.child) == {Reader.GUARDIAN}  # type: ignore[arg-type]
    assert readers(world.qian, care.child) == set()
    assert may(care.teacher, care.child, Part.HEALTH) and not may(world.zhang, care.child, Part.HEALTH)
