"""Drafting, changing, dropping and following an agreement."""

import re
from datetime import timedelta
from typing import Any

import pytest

from communities.models import Community
from core import clock
from core.refusals import Refused
from partners.agreements import drafting, signing
from partners.agreements.terms import Line, Space
from partners.models import Agreement, Application, Partner
from tests import world as cast
from tests.books import refuses
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_draft_has_a_number_and_its_rows_and_the_text_is_filled_in_when_it_is_sent(world: World) -> None:
    first, second = agreeing.drafted(world), agreeing.drafted(world)
    assert re.fullmatch(rf"XY-\d{{4}}-{clock.today().year}-0001", first.number) and second.number.endswith("-0002")
    assert (first.status, first.document, first.promise) == (
        "draft",
        "",
        "免费理发，每月2次，每次10人；上门理发，每月4次，8折",
    )
    assert "【乙方】" in first.text
    sent = signing.send(agreement=first, by=world.zhang)
    assert "【" not in sent.text and "永利理发（统一社会信用代码92140213MA0AAAAA1M）" in sent.text
    assert "1. 免费理发，每月2次，每次10人；" in sent.text and "每月8小时，时段：周三下午，水电免费" in sent.text
    assert "水泊寺街道文兴社区" in sent.text and "商户让利" in sent.text and len(sent.sha256) == 64


def test_a_draft_is_written_anew_with_other_promises(world: World) -> None:
    mine = agreeing.drafted(world)
    changed = agreeing.terms(world, promises=(Line("义剪", 1),), rooms=(), mode="mixed", percent=30, promise="每月义剪")
    made = drafting.amend(agreement=mine, terms=changed, text=f"{mine.text}\n补充一条。", by=world.zhang)
    assert [one.item for one in made.promises.all()] == ["义剪"] and not made.grants.exists()
    sent = signing.send(agreement=made, by=world.zhang)
    assert "甲方补贴30%" in sent.text and "补充一条" in sent.text and "本协议不提供固定场地" in sent.text
    back = signing.call_back(agreement=sent, by=world.zhang)
    assert (back.status, back.sha256, back.sent_at) == ("draft", "", None)
    assert "【乙方】" in drafting.retype(agreement=back, by=world.zhang).text


def applied(world: World, status: str) -> Application:
    now, partner = clock.now(), agreeing.barber(world)
    return Application.objects.create(
        partner=partner, community=world.wenxing, status=status, by=world.zhang, submitted_at=now, pledged=True, kinship=False,
        checked_by=world.zhang, checked_at=now, proposed_by=world.chen, proposed_at=now, settled_by=world.chen, settled_at=now,
    )  # fmt: skip


def test_an_admitted_application_is_drafted_once_and_again_after_a_void(world: World) -> None:
    asked, text = applied(world, "admitted"), agreeing.template(world)

    def draft() -> Agreement:
        partner, terms = agreeing.barber(world), agreeing.terms(world)
        return drafting.draft(
            partner=partner, community=world.wenxing, terms=terms, template=text, by=world.zhang, application=asked
        )

    made = draft()
    with refuses(drafting.DraftedAlready):
        draft()
    voided = drafting.void(agreement=made, reason="改由另一家承接", by=world.zhang)
    assert (voided.status, voided.end_reason, draft().application) == ("void", "改由另一家承接", asked)


def wrong(world: World, what: str) -> dict[str, Any]:
    near = {
        "partner": agreeing.barber(world),
        "community": world.wenxing,
        "template": agreeing.template(world),
        "by": world.zhang,
    }
    terms = agreeing.terms(world)
    told: dict[str, dict[str, Any]] = {
        "not_your_duty": {"by": world.qian},
        "other_sub_district": {"partner": Partner(sub_district=world.hualin.sub_district, name="远", admitted_at=clock.now())},
        "partner_not_admitted": {"partner": Partner.objects.create(sub_district=world.street, name="候选", kind="merchant", trade="beauty")},
        "no_template": {"template": far_template(world)},
        "bad_term": {"terms": agreeing.terms(world, ends_on=terms.starts_on + 5 * DAY)},
        "no_promise": {"terms": agreeing.terms(world, promises=())},
        "bad_share": {"terms": agreeing.terms(world, mode="mixed", percent=100)},
        "room_elsewhere": {"terms": agreeing.terms(world, rooms=(Space(cast.room(world.yongan), 8, "周三"),))},
    }  # fmt: skip
    return near | {"terms": terms} | told[what]


def far_template(world: World) -> Any:
    made = agreeing.template(world)
    made.approved_at = None
    return made


CODES = (
    "not_your_duty", "other_sub_district", "partner_not_admitted", "no_template", "bad_term", "no_promise", "bad_share", "room_elsewhere",
)  # fmt: skip


def test_each_reason_not_to_draft_has_its_code_and_nothing_is_kept(world: World) -> None:
    for code in CODES:
        with refuses(Refused) as info:
            drafting.draft(**wrong(world, code))
        assert info.value.code == code and not Agreement.objects.exists(), code
    with refuses(drafting.recording.NotAdmitted):
        mine = applied(world, "declined")
        drafting.draft(**wrong(world, "bad_term") | {"application": mine})


def test_what_is_sent_or_signed_is_written_no_more_and_strangers_change_nothing(world: World) -> None:
    draft, mine = agreeing.drafted(world), agreeing.sent(world)
    paper = mine.attachments.get()
    for act in (
        lambda: drafting.amend(agreement=mine, terms=agreeing.terms(world), text="改", by=world.zhang),
        lambda: drafting.attach(agreement=mine, title="又一张", picture=agreeing.picture(), by=world.zhang),
        lambda: drafting.detach(attachment=paper, by=world.zhang),
        lambda: drafting.retype(agreement=mine, by=world.zhang),
        lambda: signing.send(agreement=mine, by=world.zhang),
        lambda: signing.scan(agreement=draft, title="扫描", picture=agreeing.picture(), by=world.zhang),
    ):
        with refuses(drafting.AgreementSigned):
            act()
    for stranger in (lambda: drafting.void(agreement=draft, reason="x", by=world.qian), lambda: signing.send(agreement=draft, by=world.qian)):  # fmt: skip
        with refuses(drafting.duties.NotYourDuty):
            stranger()


def test_a_renewal_follows_the_old_one_and_ends_it_the_day_it_starts(world: World) -> None:
    old = agreeing.signed(world, starts_on=agreeing.later(-100), ends_on=agreeing.later(20))
    made = drafting.renew(agreement=old, by=world.zhang)
    assert (made.version, made.replaces, made.starts_on) == (2, old, agreeing.later(21))
    assert [one.item for one in made.promises.order_by("order")] == [
        "免费理发",
        "上门理发",
    ] and made.grants.count() == 1
    with refuses(drafting.DraftedAlready):
        drafting.renew(agreement=old, by=world.zhang)
    # A change in mid-term: the new one begins while the old one still runs.
    drafting.amend(
        agreement=made, terms=agreeing.terms(world, starts_on=agreeing.later(5)), text=made.text, by=world.zhang
    )
    signing.send(agreement=made, by=world.zhang)
    made.refresh_from_db()
    agreeing.by_partner(made)
    assert Agreement.objects.get(pk=old.pk).ended_on is None
    new = agreeing.by_head(made, world)
    old.refresh_from_db()
    assert (old.ended_on, old.end_reason) == (agreeing.later(5), f"由{new.number}接续")
    for days, holds in ((4, old), (5, new)):
        assert list(Agreement.objects.in_force(agreeing.later(days))) == [holds]
    with refuses(drafting.NotRenewable):
        drafting.renew(agreement=old, by=world.zhang)


def test_a_renewal_that_begins_after_the_old_one_leaves_it_alone(world: World) -> None:
    old = agreeing.signed(world, starts_on=agreeing.later(-100), ends_on=agreeing.later(20))
    made = signing.send(agreement=drafting.renew(agreement=old, by=world.zhang), by=world.zhang)
    agreeing.by_partner(made)
    agreeing.by_head(made, world)
    old.refresh_from_db()
    assert old.ended_on is None and Community.objects.count() == 3


def test_a_dropped_renewal_frees_the_old_one(world: World) -> None:
    old = agreeing.signed(world)
    made = drafting.renew(agreement=old, by=world.zhang)
    drafting.void(agreement=signing.send(agreement=made, by=world.zhang), reason="重拟", by=world.zhang)
    assert drafting.renew(agreement=old, by=world.zhang).replaces == old


def test_what_was_called_back_and_changed_says_in_its_text_what_its_rows_say(world: World) -> None:
    mine = agreeing.drafted(world)
    mine = drafting.amend(
        agreement=mine, terms=agreeing.terms(world), text=f"{mine.text}\n另：补充一条。", by=world.zhang
    )
    back = signing.call_back(agreement=signing.send(agreement=mine, by=world.zhang), by=world.zhang)
    changed = agreeing.terms(world, promises=(Line("免费理发", 1),), rooms=(), mode="subsidy")
    drafting.amend(agreement=back, terms=changed, text=back.text, by=world.zhang)
    sent = signing.send(agreement=back, by=world.zhang)
    assert "免费理发，每月1次；" in sent.text and "每月2次" not in sent.text and "另：补充一条。" in sent.text
    assert "全额补贴" in sent.text and "商户让利" not in sent.text


def test_a_text_that_leaves_out_what_the_rows_say_is_not_sent(world: World) -> None:
    mine = agreeing.drafted(world)
    text = mine.text.replace("【承诺】", "1. 免费理发，每月9次；")
    drafting.amend(agreement=mine, terms=agreeing.terms(world), text=text, by=world.zhang)
    with refuses(signing.TextLacks):
        signing.send(agreement=mine, by=world.zhang)


def test_a_number_from_paper_does_not_use_up_the_years_numbers(world: World) -> None:
    first = agreeing.drafted(world)
    agreeing.recorded_again(world, first, number=f"{first.number[:-4]}9999")
    agreeing.recorded_again(world, first, number=f"{first.number[:-4]}0002")
    assert agreeing.drafted(world).number == f"{first.number[:-4]}0003"
