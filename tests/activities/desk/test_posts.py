"""The desk's pages of posts."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from activities.models import DutyMonth, Holding, Post
from core import clock
from tests import world as cast
from tests.activities.posting import claimed, held, last_month, post, said
from tests.pages import leafed, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Holding.Status


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


def test_a_post_is_set_up_and_claims_are_given_or_declined(desk: Client, world: World) -> None:
    form = {"community": world.wenxing.pk, "title": "楼道长", "duty": "巡查", "term_months": 12}
    assert desk.post("/desk/posts/new/", form | {"term_months": 99}).status_code == 400
    desk.post("/desk/posts/new/", form)
    mine = Post.objects.get()
    assert desk.post("/desk/posts/new/", form).status_code == 409
    first, second = claimed(mine, world.li), claimed(mine, world.wang)
    assert "岗位认领待审核" in text(desk, "/desk/")
    assert "楼道长" in text(desk, "/desk/posts/?state=asked")
    assert desk.post(f"/desk/posts/claims/{second.pk}/decline/", {"reason": ""}).status_code == 400
    desk.post(f"/desk/posts/claims/{second.pk}/decline/", {"reason": "住得远"})
    assert desk.post(f"/desk/posts/claims/{first.pk}/give/", {"starts_on": "x"}).status_code == 400
    desk.post(f"/desk/posts/claims/{first.pk}/give/", {"starts_on": clock.today()})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.end_reason) == (Status.HELD, Status.DECLINED, "住得远")
    assert "李建国" in text(desk, "/desk/posts/?state=held") and "住得远" in text(desk, f"/desk/posts/{mine.pk}/")


def test_months_are_confirmed_declined_and_said_for_the_holder(desk: Client, world: World) -> None:
    mine = said(world, world.li)
    page = f"/desk/posts/{mine.holding.post_id}/"
    assert "满月履职待确认" in text(desk, "/desk/") and "巡查4次" in text(desk, page)
    desk.post(f"/desk/posts/months/{mine.pk}/decline/", {"reason": "没有记录"})
    assert "没有记录" in text(desk, page)
    assert "代李建国报" in text(desk, page)
    desk.post(f"/desk/posts/claims/{mine.holding_id}/say/", {"month": last_month()})
    again = DutyMonth.objects.get(status=DutyMonth.Status.SAID)
    assert again.said_by == world.zhang
    assert desk.post(f"/desk/posts/months/{again.pk}/confirm/").status_code == 403
    assert "须由另一位工作人员确认" in text(desk, page)
    desk.force_login(world.chen)
    desk.post(f"/desk/posts/months/{again.pk}/confirm/")
    again.refresh_from_db()
    assert again.award and again.award.given == 30


def test_the_review_queue_of_the_house_shows_months_too(desk: Client, world: World) -> None:
    said(world, world.li)
    assert "满月履职" in text(desk, "/desk/review/")


def test_a_holder_leaves_and_a_post_is_done_away_with(desk: Client, world: World) -> None:
    mine = held(world, world.li)
    desk.post(f"/desk/posts/claims/{mine.pk}/end/", {"reason": "搬家"})
    mine.refresh_from_db()
    assert (mine.status, mine.ended_by) == (Status.ENDED, world.zhang)
    assert "60天" in desk.post(f"/desk/posts/claims/{held(world, world.wang, post(world, '单元长')).pk}/renew/", follow=True).content.decode()  # fmt: skip
    desk.post(f"/desk/posts/{mine.post_id}/close/", {"reason": "合并"})
    assert "天和城3号楼楼道长" in text(desk, "/desk/posts/?state=closed")
    assert "天和城3号楼楼道长" not in text(desk, "/desk/posts/")


def test_renewed_in_the_last_sixty_days(desk: Client, world: World) -> None:
    mine = held(world, world.li)
    Holding.objects.filter(pk=mine.pk).update(ends_on=clock.today())
    assert "岗位任期快到，待续任" in text(desk, "/desk/")
    assert "续任12个月" in text(desk, f"/desk/posts/{mine.post_id}/")
    desk.post(f"/desk/posts/claims/{mine.pk}/renew/")
    mine.refresh_from_db()
    assert (mine.renewals, mine.ends_on > clock.today()) == (1, True)


def test_the_register_is_narrowed_turned_printed_and_taken_away(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = held(world, world.wang)
    for number in range(4):
        post(world, f"网格员{number}", for_couriers=number % 2 == 0)
    assert "网格员1" not in text(desk, "/desk/posts/?for_couriers=yes")
    assert "天和城3号楼楼道长" not in text(desk, "/desk/posts/?state=open")
    paper = text(desk, "/desk/posts/print/")
    assert "王*兰" in paper and "王秀兰" not in paper and "共5个岗位" in paper
    answer = desk.get("/desk/posts/export/?state=held")
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 1 and (rows[0][0], rows[0][6], rows[0][7]) == (mine.post_id, "王*兰", "138****6021")
    monkeypatch.setattr("activities.post_book.PAGE", 2)
    assert len(leafed(desk, "/desk/posts/")) == 3


def test_lists_ask_as_often_for_one_as_for_thirty(desk: Client, world: World) -> None:
    held(world, world.li)
    before = [queries(desk, page) for page in ("/desk/posts/", "/desk/posts/print/")]
    for number in range(30):
        one = cast.resident(world.wenxing, f"居民{number}", f"137{number:08d}")
        held(world, one, post(world, f"网格员{number}"))
    assert [queries(desk, page) for page in ("/desk/posts/", "/desk/posts/print/")] == before


def test_staff_of_another_community_see_nothing(client: Client, world: World) -> None:
    mine = said(world, world.li)
    client.force_login(world.qian)
    assert "天和城3号楼楼道长" not in text(client, "/desk/posts/")
    for page in (f"/desk/posts/{mine.holding.post_id}/", f"/desk/posts/claims/{mine.holding_id}/end/", f"/desk/posts/months/{mine.pk}/decline/"):  # fmt: skip
        assert client.get(page).status_code == 404
