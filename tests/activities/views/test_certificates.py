"""证明 on the phone, and the page on which everybody checks one: masked, without a way to the person, counted."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from activities import certificates
from activities.models import Certificate, CertificateRequest
from activities.views.certificates import CHECKS
from communities import helping
from communities.documents import columns
from communities.identity import clean
from communities.models import Consent, Resident
from core import clock
from tests.activities import serving
from tests.activities.desk.test_certificates import NUMBER, cast_check
from tests.communities.steps import shows
from tests.pages import enter, links, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/activities/certificates/"


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    return enter(client, world.wang)


def test_asked_for_issued_read_and_printed(phone: Client, world: World) -> None:
    assert PAGE in links(phone, "/activities/stars/")
    assert "还没有可以证明的服务" in text(phone, PAGE)
    (service,) = serving.served(world, world.wang, 2.5)
    assert "到今天为止的全部服务" in text(phone, PAGE)
    shows(phone.post(PAGE, {"community": world.wenxing.pk, "period": "all"}, follow=True), "申请已提交", "等社区出具")
    mine = CertificateRequest.objects.get()
    assert (mine.from_on, mine.to_on, mine.asked_by) == (service.on, clock.today(), world.wang.account)
    shows(phone.post(PAGE, {"community": world.wenxing.pk, "period": "all"}), "已经有一份申请", status=409)
    made = certificates.issue(request=mine, by=world.chen)
    assert f"{PAGE}{made.pk}/" in links(phone, PAGE)
    paper = text(phone, f"{PAGE}{made.pk}/")
    assert made.number in paper and "王秀兰" in paper and "楼道清理" in paper


def test_last_year_is_last_year(phone: Client, world: World) -> None:
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        serving.served(world, world.wang, 2)
        shows(phone.post(PAGE, {"community": world.wenxing.pk, "period": "last"}), "没有记录满半小时", status=409)
        (old,) = serving.served(world, world.wang, 3, ago=400)
        phone.post(PAGE, {"community": world.wenxing.pk, "period": "last"})
    mine = CertificateRequest.objects.get()
    assert (mine.from_on, str(mine.to_on)) == (old.on, "2025-12-31")


def test_an_application_is_taken_back(phone: Client, world: World) -> None:
    serving.served(world, world.wang, 2)
    phone.post(PAGE, {"community": world.wenxing.pk, "period": "all"})
    mine = CertificateRequest.objects.get()
    shows(phone.post(f"{PAGE}{mine.pk}/withdraw/", follow=True), "申请已撤回", "已撤回")


def test_nobody_reads_or_takes_back_somebody_else_s(phone: Client, world: World) -> None:
    made, theirs = serving.issued(world, world.li), serving.asked(world, world.li)
    assert phone.get(f"{PAGE}{made.pk}/").status_code == 404
    assert phone.post(f"{PAGE}{theirs.pk}/withdraw/").status_code == 404


def test_a_helper_reads_asks_for_and_prints_nothing(client: Client, world: World) -> None:
    made = serving.issued(world)
    helper = helping.appoint(
        resident=world.wang, phone="13700001234", name="王小鸟", relation="子女", by=world.zhang, way=Consent.Way.SIGNATURE
    )  # fmt: skip
    client.force_login(helper.account)
    session = client.session
    session["acting"] = world.wang.pk
    session.save()
    for path in (PAGE, f"{PAGE}{made.pk}/"):
        shows(client.get(path), "要由本人办理", status=403)
    assert client.post(PAGE, {"community": world.wenxing.pk, "period": "all"}).status_code == 403


def checked(made: Certificate, status: int = 200) -> str:
    """What a stranger's phone shows."""
    answer = Client().get(f"/certificates/{made.token}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_everybody_who_holds_the_paper_reads_masked_name_hours_unit_and_validity(world: World) -> None:
    made = serving.issued(world)
    shown = words(checked(made))
    for said in ("这份证明有效", made.number, "王*兰", "2.5小时", "水泊寺街道文兴社区", "有效期至"):
        assert said in shown, said


def test_the_check_page_leads_nowhere_to_the_person_nor_to_the_services(world: World) -> None:
    """Every field of the file and of the lines is a canary."""
    whole = clean(f"{NUMBER}{cast_check()}")
    Resident.objects.filter(pk=world.wang.pk).update(**columns(whole, world.wenxing))
    made = serving.issued(world, world.wang)
    line = made.lines[0]
    html = checked(made)
    canaries = (
        "王秀兰", "秀兰", "13812346021", "6021", "1968", "天和城", "楼道清理", "清理楼道杂物", whole.text, "张晓燕", "陈志强",
        f"{line['on']}", f'"{line["service"]}"', f"/{world.wang.pk}/",
    )  # fmt: skip
    assert not [said for said in canaries if said in html]
    assert not re.search(rf"尾号|{whole.tail}", html)
    assert not [
        link for link in links(Client(), f"/certificates/{made.token}/") if "resident" in link or "desk" in link
    ]


def test_a_revoked_an_expired_and_a_corrected_one_say_so_plainly(world: World) -> None:
    made = serving.issued(world)
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        assert "这份证明已过有效期" in checked(made)
    serving.struck(world.wang.services.get(), world)
    assert "出具以后，服务时长有更正" in checked(made)
    certificates.revoke(certificate=made, reason="时长记错王秀兰", by=world.chen)
    shown = checked(made)
    assert "这份证明已作废" in shown
    assert "时长记错" not in shown and "王*兰" not in shown and "2.5" not in words(shown)


def test_below_stands_the_phone_of_who_issued_it_whoever_looks(world: World) -> None:
    serving.served(world, world.zhou, 2, community=world.yongan)
    today = clock.today()
    asked = certificates.ask(
        resident=world.zhou, community=world.yongan, from_on=today.replace(year=2020), to_on=today, by=world.qian
    )
    shown = checked(certificates.issue(request=asked, by=world.he))
    assert "0352-0000002" in shown and "0352-0000001" not in shown


def test_a_code_of_nothing_is_not_there(world: World) -> None:
    answer = Client().get("/certificates/AAAAAAAAAAAAAAAAAAAAAA/")
    assert (answer.status_code, "没有查到这份证明" in answer.content.decode()) == (404, True)


def test_it_is_kept_by_no_browser_and_found_by_no_search(world: World) -> None:
    answer = Client().get(f"/certificates/{serving.issued(world).token}/")
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")


def test_trying_codes_is_counted(world: World) -> None:
    made = serving.issued(world)
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        for _ in range(CHECKS):
            Client().get("/certificates/AAAAAAAAAAAAAAAAAAAAAA/")
        assert "操作太频繁" in checked(made, 429)


def test_looking_changes_nothing(world: World) -> None:
    made = serving.issued(world)
    checked(made)
    assert Client().post(f"/certificates/{made.token}/").status_code == 405
