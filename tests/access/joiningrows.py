"""Rows of 招募 for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from partners.agreements import licences
from partners.joining import calling
from partners.models import Agreement, Application, Call, Clerk, Licence, Reviewer
from tests.activities import pictures
from tests.world import World


@dataclass(frozen=True)
class JoiningRows:
    """Of the partner of `agreement`: an application that was given back to its owner, and an unchecked licence with a photo."""

    application: Application
    licence: Licence
    draft: Call
    open: Call
    rival: Application  # in the open call, by the same partner
    reviewer: Reviewer  # of the open call


def lay_joining(world: World, agreement: Agreement) -> JoiningRows:
    partner, today = agreement.partner, clock.today()
    owner = Clerk.objects.get(partner=partner, slot=Clerk.OWNER).account
    said = {
        "partner": partner, "community": world.wenxing, "services": "金丝雀承诺", "pledged": True, "kinship": False, "by": owner,
        "promises": [{"item": "金丝雀承诺", "times": 2, "people": 0, "discount": ""}], "submitted_at": clock.now(),
    }  # fmt: skip
    plan = calling.Plan("金丝雀招募", "找一家店", today, today + timedelta(days=6))
    draft, opened = (calling.draft(community=world.wenxing, plan=plan, by=world.zhang) for _ in range(2))
    sent = licences.Sent("insurance", "金1", "区局", today + timedelta(days=30), pictures.picture())
    calling.publish(call=opened, seen=opened.digest, by=world.chen)
    return JoiningRows(
        Application.objects.create(status="returned", check_note="请补证照", **said),
        licences.send(partner=partner, sent=sent, by=owner), draft,
        opened, Application.objects.create(status="submitted", call=opened, **said),
        Reviewer.objects.create(call=opened, user=world.zhang, by=world.chen),
    )  # fmt: skip
