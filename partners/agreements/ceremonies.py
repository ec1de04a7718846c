"""签约仪式: a signing event that everybody may read about."""

import re
from collections.abc import Sequence
from datetime import date

from communities import wording
from communities.models import SubDistrict, User
from core import clock
from core.refusals import BadInput
from core.verbs import verb
from partners.models import Agreement, Ceremony


class BadCeremony(BadInput):
    code = "bad_ceremony"
    message = "签约仪式要写明名称、地点和不晚于今天的日期，并选出至少一份已签的协议，没有保存。"


@verb()
def hold(
    *, title: str, on: date, place: str, text: str, agreements: Sequence[Agreement], by: User
) -> Ceremony:  # fmt: skip
    """Write down what took place, with agreements that `by` sees and both sides signed.

    Refuses `BadCeremony`, and words that may not be shown (communities/wording.py); the partners' own names may.
    """
    own = Agreement.objects.for_staff(by).filter(pk__in=[one.pk for one in agreements], status=Agreement.Status.SIGNED)
    chosen = list(own.select_related("community", "partner"))
    streets = {one.community.sub_district_id for one in chosen}
    if len(chosen) != len(agreements) or len(streets) != 1 or not title or not place or on > clock.today():
        raise BadCeremony
    for one in chosen:
        names = "|".join(re.escape(partner.partner.name) for partner in chosen)
        texts = [("名称", re.sub(names, "", title)), ("介绍", re.sub(names, "", text))]
        if refused := wording.refusal_for(one.community, texts):
            raise refused
    street = SubDistrict.objects.get(pk__in=streets)
    made = Ceremony.objects.create(sub_district=street, title=title, on=on, place=place, words=text, by=by)
    made.agreements.set(chosen)
    return made
