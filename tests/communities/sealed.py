"""A row in every sealed column of the house, each with words of its own."""

from childcare.models import Attendance, Barred, Bill, CareFile, Enrolment
from communities import documents, identity, resealing, sealing
from communities.hardship import About
from communities.identity import check
from communities.models import Batch, EvidenceImage, Line, Resident
from core import clock
from tests import world as cast
from tests.childcare.cast import Care
from tests.communities.relieving import recorded, said, verified
from tests.nightschool.applicants import by_draw
from tests.partners import booked
from tests.world import World

CARD = "14021219880401001"
NUMBER = CARD + check(CARD)


def fill(world: World, care: Care) -> dict[str, str]:
    """What each sealed column says, by its name."""
    number = documents.columns(identity.clean(NUMBER), world.wenxing)
    Resident.objects.filter(pk=care.mother.pk).update(**number)
    batch = Batch.objects.create(community=world.wenxing, name="表.xlsx", by=world.zhang)
    Line.objects.create(batch=batch, number=1, fate="new", document_sealed=sealing.seal("行里的证件号"))
    stands = verified(care.child, care.mother, by=world.zhang, reviewer=world.chen)
    Bill.objects.create(
        centre=care.centre, child=care.child, payer=care.mother, month=clock.today().replace(day=1), relieved=True,
        split=sealing.seal_facts({"percent": 50}), evidence=stands, drawn_by=world.zhang,
    )  # fmt: skip
    waits = recorded(care.child, world.zhang, said(about=About.FATHER))
    EvidenceImage.objects.create(evidence=waits, sealed=sealing.seal("图片"), by=world.zhang)
    by_draw(world)
    booked.asked(booked.offer(cast.partner(world.street, world.wenxing, world.zhang)), _buyer(world))
    Enrolment.objects.create(
        centre=care.centre, guardian=care.mother, draft=sealing.seal_facts({"name": "草稿"}), by=world.zhang
    )
    CareFile.objects.filter(child=care.child).update(health=sealing.seal_facts({"allergy": "花生"}))
    Barred.objects.create(
        child=care.child, name_key="0" * 64, facts=sealing.seal_facts({"name": "不许接"}), by=world.chen
    )
    now = clock.now()
    Barred.objects.create(
        child=care.child, name_key="1" * 64, facts=sealing.seal_facts({"name": "曾不许接"}), by=world.chen, at=now,
        ended_at=now, ended_by=world.zhang, lifted=sealing.seal_facts({"number": "解除文号"}),
    )  # fmt: skip
    Attendance.objects.create(
        place=care.place,
        day=clock.local(now).date(),
        arrived_at=now,
        by=care.teacher,
        state_sealed=sealing.seal("发热"),
    )
    return words()


def _buyer(world: World) -> Resident:
    buyer = cast.resident(world.wenxing, "冯上门", "13700009994")
    cast.award(buyer, 100)
    return buyer


def words() -> dict[str, str]:
    """Every sealed text of the database, opened, by table, column and row."""
    return {
        f"{column.name}:{pk}": sealing.unseal(bytes(sealed))
        for column in resealing.columns()
        for pk, sealed in column.all().order_by("pk").values_list("pk", column.field)
    }
