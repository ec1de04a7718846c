"""核对: a colleague has seen the papers; the child's file, its guardians, contacts, consents and the place in one act, or a no."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from childcare.enrolment import agreeing, carefiles, carers, contacts, drafting, health
from childcare.enrolment.fields import Said
from childcare.enrolment.said import graded, planned
from childcare.enrolment.steps import sent
from childcare.handover import pickups
from childcare.models import Carer, Enrolment, Place
from childcare.places import line
from childcare.speaking import is_stopped
from communities import access, changes, duties, files, guardians, identity
from communities.guardians import Kinship
from communities.kin import refusal_between
from communities.models import Guardian, Resident, User
from communities.models.guardians import born_after
from communities.silencing import MayNotAnswer
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications.outbox import Words, tell

Status = Enrolment.Status


class NotWaiting(Refused):
    code = "care_enrolment_decided"
    message = "这份报名已经有人核对过或家长已撤回，没有改动。请刷新列表。"


class PapersNotSeen(Refused):
    code = "care_papers_not_seen"
    message = "没有通过。请先当面看过户口簿等监护证明的原件，核对后勾选。"
    status = 400


class NotSignedHere(Refused):
    code = "care_not_signed"
    message = (
        "没有通过。监护关系是这次才登记的，或家长在手机上同意以后条款有更新：要请监护人在纸质同意书上签字，签好后勾选。"
    )
    status = 400


class WhichChild(Refused):
    code = "care_which_child"
    message = "没有通过。所选的档案和报名填写的姓名或出生日期对不上，请核对证件，或请家长重新填写。"


class OwnEnrolment(Refused):
    code = "care_own_enrolment"
    message = "不能核对自己或家人的托管报名，没有改动。请由另一位同事办理。"
    status = 403


@dataclass(frozen=True)
class Papers:
    """What was seen at the window. `basis` None: the guardian was known before; `second`: the other guardian's paper as well.

    `known`: the file the child has already; `another`: of the same name, but somebody else; `carer_fit`: the written
    entrustment was seen and articles 22 and 23 were asked.
    """

    seen: bool
    signed: bool
    basis: Guardian.Basis | None = None
    second: Guardian.Basis | None = None
    known: Resident | None = None
    another: bool = False
    carer_fit: bool = False


def refusal_for(enrolment: Enrolment, by: User) -> Refused | None:
    """Why `by` does not decide on it; None when nothing stands against it. The page asks the same."""
    if not duties.holds(by, enrolment.centre.community):
        return duties.NotYourDuty()
    if enrolment.status != Status.SUBMITTED:
        return NotWaiting()
    family = [one for one in (enrolment.guardian, enrolment.child) if one]
    return refusal_between(by=by, beneficiaries=family, family=OwnEnrolment())


@verb()
def accept(*, enrolment: Enrolment, papers: Papers, by: User, at: datetime | None = None) -> Place:
    """Everything of it or nothing; the place is held, or waits in the line. Nothing of the draft is kept.

    Refuses what `refusal_for` says, `PapersNotSeen`, `NotSignedHere`, `WhichChild`, and whatever the file, the guardianship,
    a pick-up or the line refuses.
    """
    at = at or clock.now()
    changes.by(by)
    locked = drafting.held(enrolment)
    if refused := refusal_for(locked, by) or (None if papers.seen else PapersNotSeen()):
        raise refused
    said = drafting.said_in(locked)
    own = agreeing.tapped(locked.guardian, locked.child, said)
    if not (own or papers.signed):
        raise NotSignedHere
    child = _child(locked, said, papers, by, at)
    if is_stopped(child, locked.guardian):
        raise MayNotAnswer
    agreeing.keep(child=child, guardian=locked.guardian, said=said, by=by, own=own)
    _file(child, locked.guardian, said, papers, by)
    place = _place(locked, child, said, by, at)
    _close(locked, Status.ACCEPTED, by, at, child=child, place=place)
    return place


@verb()
def decline(*, enrolment: Enrolment, reason: Enrolment.Decline, by: User, at: datetime | None = None) -> Enrolment:
    """No, with a reason; nothing of what the family wrote is kept. Refuses what `refusal_for` says."""
    at = at or clock.now()
    changes.by(by)
    locked = drafting.held(enrolment)
    if refused := refusal_for(locked, by):
        raise refused
    locked.decline = Enrolment.Decline(reason)
    return _close(locked, Status.DECLINED, by, at, child=locked.child, place=None)


def second_of(enrolment: Enrolment, said: Said) -> Resident | None:
    """The other guardian's own file here, by name and phone; only who has one can be registered."""
    named = said.get("guardians", {})
    if not named.get("second_name"):
        return None
    here = Resident.objects.filter(community=enrolment.centre.community_id, status=Resident.Status.CONFIRMED)
    found = here.filter(
        name=named["second_name"], phone=named["second_phone"], birth_date__lte=born_after(clock.today())
    )
    return found.exclude(pk=enrolment.guardian_id).order_by("pk").first()


def known_of(enrolment: Enrolment, said: Said) -> list[Resident]:
    """Files here that may be this child's: same name, same birth date."""
    if enrolment.child_id or "child" not in said:
        return []
    child = said["child"]
    here = Resident.objects.filter(community=enrolment.centre.community_id, status=Resident.Status.CONFIRMED)
    return list(here.filter(name=child["name"], birth_date=child["birth_date"]).order_by("pk")[:5])


def _child(enrolment: Enrolment, said: Said, papers: Papers, by: User, at: datetime) -> Resident:
    known, guardian, relation = enrolment.child or papers.known, enrolment.guardian, said["guardians"]["relation"]
    kinship = Kinship(relation, papers.basis) if papers.basis else None
    if known is None:
        child = files.open_file(
            community=enrolment.centre.community, facts=_facts(said, guardian), by=by, signed=papers.signed, guardian=guardian,
            kinship=kinship, another=papers.another, care=True, at=at,
        )  # fmt: skip
    else:
        child = Resident.objects.select_related("community").get(pk=known.pk)
        if papers.known and known not in [*known_of(enrolment, said), enrolment.child]:
            raise WhichChild
        if not guardians.answers_for(guardian, child):
            if kinship is None:
                raise PapersNotSeen
            guardians.register(child=child, guardian=guardian, kinship=kinship, by=by, care=True)
    _second(enrolment, child, said, papers, by)
    return child


def _second(enrolment: Enrolment, child: Resident, said: Said, papers: Papers, by: User) -> None:
    other = second_of(enrolment, said) if papers.second else None
    if other and papers.second and not guardians.answers_for(other, child):
        kinship = Kinship(said["guardians"]["second_relation"], papers.second)
        guardians.register(child=child, guardian=other, kinship=kinship, by=by, care=True)


def _facts(said: Said, guardian: Resident) -> files.Facts:
    child = said["child"]
    number = identity.clean(child["number"], child["document"]) if child["number"] else None
    return files.Facts(child["name"], date.fromisoformat(child["birth_date"]), guardian.estate, guardian.grid, number)


def _file(child: Resident, guardian: Resident, said: Said, papers: Papers, by: User) -> None:
    facts = said["child"] | {"workplace": said["guardians"]["workplace"]}
    carefiles.change(child=child, said=facts, by=by)
    contacts.replace(child=child, said=_to_call(child, said), by=by)
    named = said["guardians"]
    if named["carer_name"] and not _cares(child, named):
        whom = {name: named[f"carer_{name}"] for name in ("name", "relation", "phone")}
        day = date.fromisoformat(named["carer_on"])
        entrusted = carers.Entrusted(**whom, entrusted_on=day, seen=papers.carer_fit, fit=papers.carer_fit)
        carers.entrust(child=child, said=entrusted, by=by)
    if said.get("health", {}).get("agreed"):
        health.write(child=child, said=said["health"], by=by)
    for one in still_sent(said):
        pickups.authorise(child=child, guardian=guardian, said=sent(one), by=by)


def _cares(child: Resident, named: Said) -> bool:
    """Whether this one is the child's carer already: of a file that was found at the window."""
    same = {name: named[f"carer_{name}"] for name in ("name", "phone")}
    return Carer.objects.filter(child=child, ended_at=None, **same).exists()


def still_sent(said: Said) -> list[Said]:
    """The pick-up persons whose time did not run out while the enrolment waited."""
    people: list[Said] = said.get("pickups", {}).get("people", [])
    return [one for one in people if one["valid_until"] >= clock.today().isoformat()]


def _to_call(child: Resident, said: Said) -> list[Said]:
    """The other guardian first, unless registered as such or named twice, then those whom the family named."""
    named, given = said["guardians"], said["contacts"]
    people = [{name: given[f"{name}{number}"] for name in ("name", "relation", "phone")} for number in (1, 2)]
    other = {name: named[f"second_{name}"] for name in ("name", "relation", "phone")}
    registered = {one.guardian.phone for one in agreeing.guardians_of(child)}
    known = registered | {one["phone"] for one in people}
    return [other, *people] if other["name"] and other["phone"] not in known else people


def _place(enrolment: Enrolment, child: Resident, said: Said, by: User, at: datetime) -> Place:
    service, group = said["service"], enrolment.group
    assert group is not None
    starts = max(date.fromisoformat(service["starts_on"]), clock.local(at).date())
    return line.ask(
        group=group, child=child, payer=enrolment.guardian, plan=service["plan"], lunch=service["lunch"], nap=service["nap"],
        alone=service["alone"], starts_on=starts, first=service["both_work"], by=by, at=at,
    )  # fmt: skip


def _close(
    locked: Enrolment, status: Enrolment.Status, by: User, at: datetime, *, child: Resident | None, place: Place | None
) -> Enrolment:
    locked.status, locked.draft, locked.child, locked.place = status, None, child, place
    locked.decided_at, locked.decided_by = at, by
    locked.save(update_fields=["status", "draft", "child", "place", "decided_at", "decided_by", "decline"])
    tell(occasion=f"care-enrolment:{locked.pk}", words=_words(locked), resident=locked.guardian, due_at=at)
    return locked


def _words(locked: Enrolment) -> Words:
    link = f"/childcare/enrolments/{locked.pk}/"
    if locked.status == Status.DECLINED:
        body = (
            f"您孩子的托管报名没有通过：{locked.get_decline_display()}。填写的内容已经删除，可以重新报名或到窗口了解。"
        )
        return Words("托管报名没有通过", body, link)
    held = locked.place is not None and locked.place.status == Place.Status.HELD
    said = "已经有托位" if held else "已排上候补，轮到时会发消息请您确认"
    return Words("托管报名已通过", f"您的孩子在{locked.centre}的报名已核对通过，{said}。", link)


@verb()
def review(*, enrolment: Enrolment, by: User) -> dict[str, Any]:
    """What the colleague sees of it beside the papers, after the look was written: no health, no pick-ups, no whole number.

    Refuses what `refusal_for` says.
    """
    if refused := refusal_for(enrolment, by):
        raise refused
    access.look(
        by=by,
        community=enrolment.centre.community,
        resident=enrolment.child or enrolment.guardian,
        what="托管报名",
        purpose="核对托管报名",
    )
    said = drafting.said_in(enrolment)
    seen = {name: said[name] for name in ("child", "guardians", "contacts", "service", "consents")}
    number = str(seen["child"].pop("number", ""))
    seen["child"]["tail"] = number[-4:]
    child = enrolment.child
    return {
        "said": seen, "plan": planned(seen["service"]["plan"]), "grade": graded(seen["child"]["grade"]), "health": bool(said.get("health", {}).get("agreed")),
        "pickups": len(still_sent(said)), "known": known_of(enrolment, said),
        "second": second_of(enrolment, said), "tapped": agreeing.tapped(enrolment.guardian, child, said),
        "answers": child is not None and guardians.answers_for(enrolment.guardian, child),
        "age": Resident(birth_date=date.fromisoformat(seen["child"]["birth_date"])).age_on(clock.today()),
    }  # fmt: skip
