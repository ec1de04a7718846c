"""The desk's pages about agreements."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from partners.desk import agreements as pages
from partners.models import Agreement, Partner
from tests import world as cast
from tests.pages import links, queries, text, words
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LINE = {
    "line0-item": "免费保洁",
    "line0-times": "2",
    "line0-duty": "service",
    "line0-focus": "old_and_young",
    "line1-item": "",
}


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def form(world: World, **typed: object) -> dict[str, object]:
    today = clock.today()
    return {
        "community": world.wenxing.pk, "name": "康乐家政", "kind": "merchant", "trade": "housekeeping",
        "summary": "保洁", "phone": "0352-5550202", "number": "HZ-1", "title": "合作协议", "promise": "每月免费保洁2户",
        "text": "甲乙双方", "signed_on": today.isoformat(), "starts_on": today.isoformat(), **LINE,
        "ends_on": (today + 364 * DAY).isoformat(),
    } | typed  # fmt: skip


@pytest.mark.parametrize(("method", "act"), [("get", ""), ("get", "end/"), ("post", "end/")])
def test_staff_of_another_community_find_nothing_and_change_nothing(
    client: Client, world: World, method: str, act: str
) -> None:
    made = cast.partner(world.street, world.wenxing, world.zhang)
    client.force_login(world.qian)
    assert getattr(client, method)(f"/desk/partners/{made.pk}/{act}", {"on": clock.today()}).status_code == 404
    made.refresh_from_db()
    assert made.ended_on is None
    assert made.number not in text(client, "/desk/partners/")


@pytest.mark.parametrize("act", ["", "new/", "1/", "1/end/"])
def test_residents_and_visitors_are_kept_out(client: Client, world: World, act: str) -> None:
    assert client.get(f"/desk/partners/{act}").headers["Location"].startswith("/desk/sign-in/")
    client.force_login(world.wang.account)
    assert client.get(f"/desk/partners/{act}").status_code == 403


def test_a_new_partner_and_the_agreement_are_written_down(desk: Client, world: World) -> None:
    answer = desk.post("/desk/partners/new/", form(world), follow=True)
    made = Agreement.objects.get()
    assert (made.partner.name, made.partner.sub_district, made.recorded_by) == ("康乐家政", world.street, world.zhang)
    assert [(one.item, one.times) for one in made.promises.all()] == [("免费保洁", 2)] and "免费保洁" in made.document
    assert "已登记康乐家政×文兴社区的协议" in words(answer.content.decode())
    assert "登记的是纸质协议" in text(desk, f"/desk/partners/{made.pk}/")
    assert "康乐家政" not in text(desk, "/partners/")
    agreeing.confirmed(made, world.chen, world.zhang)
    assert "康乐家政" in text(desk, "/partners/")


def test_a_known_partner_is_chosen_instead(desk: Client, world: World) -> None:
    known = cast.partner(world.street, world.yongan, world.qian).partner
    page = f"/desk/partners/new/?partner={known.pk}"
    assert 'name="name"' not in desk.get(page).content.decode()
    assert "合伙人：博世邻里之家" in text(desk, page)
    desk.post(page, form(world))
    assert Partner.objects.count() == 1 and known.agreements.count() == 2


def test_a_partner_whom_nobody_may_see_cannot_be_chosen(desk: Client, world: World) -> None:
    over = {"starts_on": clock.today() - 90 * DAY, "ends_on": clock.today() - DAY}
    hidden = cast.partner(world.street, world.yongan, world.qian, **over).partner
    assert hidden.name not in text(desk, "/desk/partners/new/")
    assert 'name="name"' in desk.get(f"/desk/partners/new/?partner={hidden.pk}").content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"name": ""}, 400, "请填写这一项"), ({"phone": "电话"}, 400, "请填写电话号码"),
        ({"ends_on": "2020-01-01"}, 400, "到期日期须晚于开始日期"), ({"starts_on": "昨天"}, 400, "日期"),
        ({"ends_on": "2099-01-01"}, 400, "1个月到3年之间"), ({"signed_on": "2099-01-01"}, 400, "签订日期不能晚于今天"),
        ({"line0-times": "0"}, 400, "有一行没有填对"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_shown_again_with_what_was_typed(
    desk: Client, world: World, typed: dict[str, object], status: int, sentence: str
) -> None:
    answer = desk.post("/desk/partners/new/", form(world, **typed))
    assert answer.status_code == status and sentence in words(answer.content.decode())
    assert "每月免费保洁2户" in answer.content.decode()
    assert not Agreement.objects.exists() and not Partner.objects.exists()


def test_a_number_used_before_and_a_foreign_community_are_not_accepted(desk: Client, world: World) -> None:
    desk.post("/desk/partners/new/", form(world))
    again = desk.post("/desk/partners/new/", form(world, name="另一家"))
    assert again.status_code == 400 and "编号" in words(again.content.decode())
    assert desk.post("/desk/partners/new/", form(world, number="HZ-2", community=world.yongan.pk)).status_code == 400
    agreeing.confirmed(Agreement.objects.get(), world.chen, world.zhang)
    same = desk.post("/desk/partners/new/", form(world, number="HZ-3"))
    assert same.status_code == 409 and "同名的合伙人" in words(same.content.decode())
    assert Agreement.objects.count() == 1


def test_the_list_shows_states_and_narrows(desk: Client, world: World) -> None:
    today = clock.today()
    for number, dates in {
        "HZ-A": {}, "HZ-B": {"ends_on": today + 50 * DAY}, "HZ-D": {"ended_on": today},
        "HZ-C": {"starts_on": today - 90 * DAY, "ends_on": today - DAY}, "HZ-E": {"starts_on": today + DAY},
    }.items():  # fmt: skip
        cast.partner(world.street, world.wenxing, world.zhang, number=number, **dates)
    found = {
        state: [name for name in "ABCDE" if f"HZ-{name}" in text(desk, f"/desk/partners/?state={state}")]
        for state in ("", *Agreement.State)
    }
    assert found == {
        "": list("ABCDE"), "running": ["A"], "ending": ["B"], "over": ["C"], "ended": ["D"], "coming": ["E"],
        "draft": [], "signing": [], "void": [],
    }  # fmt: skip
    for words_typed, names in {"hz-b": "B", "邻里": "ABCDE", "百货": ""}.items():
        page = text(desk, f"/desk/partners/?q={words_typed}")
        assert [name for name in "ABCDE" if f"HZ-{name}" in page] == list(names)


def test_an_agreement_is_read_and_ended_early(desk: Client, world: World) -> None:
    made = cast.partner(world.street, world.wenxing, world.zhang, text="一、甲方提供活动室。")
    page = f"/desk/partners/{made.pk}/"
    shown = text(desk, page)
    assert "一、甲方提供活动室。" in shown and "生效" in shown and f"{page}end/" in links(desk, page)
    wrong = desk.post(f"{page}end/", {"on": (made.ends_on + DAY).isoformat(), "reason": "搬迁"})
    assert wrong.status_code == 400 and "协议期限之内" in words(wrong.content.decode())
    early = desk.post(f"{page}end/", {"on": clock.today().isoformat(), "reason": "搬迁"})
    assert early.status_code == 400 and "提前30天书面通知" in words(early.content.decode())
    desk.post(f"{page}end/", {"on": clock.today().isoformat(), "reason": "搬迁", "agreed": "on"})
    waiting = text(desk, page)
    assert "生效" in waiting and "张晓燕登记：双方同意" in waiting and f"{page}end/" not in links(desk, page)
    assert desk.post(f"{page}end/confirm/").status_code == 403 and desk.post(f"{page}end/x/").status_code == 404
    desk.force_login(world.chen)
    desk.post(f"{page}end/confirm/", {"seen": str(clock.today() - DAY)})
    assert "已终止" not in text(desk, page)
    desk.post(f"{page}end/confirm/", {"seen": str(clock.today())})
    assert "已终止" in text(desk, page) and f"{page}end/" not in links(desk, page)


@pytest.mark.parametrize("query", ["?state=x", "?before=x", "?state=%00", "?community=x", "?before=" + "9" * 40])
def test_a_strange_address_is_no_error(desk: Client, query: str) -> None:
    assert desk.get(f"/desk/partners/{query}").status_code == 200
    assert desk.get("/desk/partners/new/?partner=x").status_code == 200


def test_the_list_turns_pages(desk: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    for number in range(3):
        cast.partner(world.street, world.wenxing, world.zhang, number=f"HZ-{number}X")
    following = next(link for link in links(desk, "/desk/partners/") if "before=" in link)
    assert "HZ-0X" not in text(desk, "/desk/partners/") and "HZ-0X" in text(desk, f"/desk/partners/{following}")


def test_thirty_agreements_cost_no_more_queries_than_one(desk: Client, world: World) -> None:
    cast.partner(world.street, world.wenxing, world.zhang)
    one = queries(desk, "/desk/partners/")
    for _ in range(30):
        cast.partner(world.street, world.wenxing, world.zhang)
    assert queries(desk, "/desk/partners/") == one <= 8
