"""小事 at the desk: quick to look through with the keyboard, what is alike beside it, closing, the counter; nothing of others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from activities.answering import accept
from activities.models import Deed
from communities.models import Slip
from core import clock
from points import statement
from tests.activities import pictures
from tests.activities.cast import relative
from tests.activities.pictures import picture, sent
from tests.pages import leafed, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/deeds/"


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.chen)
    return client


def one(deed: Deed, act: str = "") -> str:
    return f"{LIST}{deed.pk}/{act}"


def decide(desk: Client, deed: Deed, decision: str, **typed: object) -> str:
    """Where it leads, or the words of the page that says why not."""
    answer = desk.post(one(deed), {"decision": decision, **typed})
    deed.refresh_from_db()
    return str(answer["Location"]) if answer.status_code == 302 else words(answer.content.decode())


def test_what_waits_is_listed_with_photo_deadline_and_what_is_alike(desk: Client, world: World) -> None:
    mine, other = sent(world, photo=picture(), place="东门"), sent(world, world.wang, place="东门")
    shown = text(desk, LIST)
    assert f"编号{other.pk}" in shown and f"编号{mine.pk}" in shown and "李建国" in shown
    assert one(mine, "photo/") in desk.get(LIST).content.decode()
    assert links(desk, LIST).count(one(mine)) >= 2


def test_each_is_answered_and_the_next_follows(desk: Client, world: World) -> None:
    first, second, third = sent(world), sent(world, text="井盖坏了"), sent(world, text="垃圾满了", kind="kindness")
    assert decide(desk, first, "accept") == one(second)
    assert decide(desk, second, "decline", text="不在本社区") == one(third)
    assert decide(desk, third, "accept", list="1") == LIST
    assert [deed.status for deed in (first, second, third)] == ["accepted", "declined", "accepted"]
    assert statement.available(world.li) == 5
    assert "没有待审核的小事" in text(desk, LIST)


def test_a_valid_one_takes_one_click_in_the_list(desk: Client, world: World) -> None:
    sent(world), sent(world, kind="idea", text="多放长椅")
    shown = desk.get(LIST).content.decode()
    assert shown.count('name="decision" value="accept"') == 1  # a suggestion wants words


@pytest.mark.parametrize(
    ("decision", "typed", "said"),
    [
        ("", {}, "请先选结论"),
        ("decline", {"text": " "}, "请写明原因"),
        ("merge", {}, "请写合并到哪个编号"),
        ("accept", {"text": "字" * 201}, "200"),
        ("nonsense", {}, "选择"),
        ("merge", {"into": "9" * 30}, "小于或等于"),
    ],
)
def test_what_is_missing_is_said_and_nothing_happens(
    desk: Client, world: World, decision: str, typed: dict[str, str], said: str
) -> None:
    mine = sent(world)
    assert said in decide(desk, mine, decision, **typed)
    assert mine.status == "sent"


def test_a_suggestion_without_words_is_refused_on_its_page(desk: Client, world: World) -> None:
    mine = sent(world, kind="idea", text="多放长椅")
    assert "请写明答复" in decide(desk, mine, "accept")
    assert decide(desk, mine, "accept", text="下周放") == LIST


def test_what_is_alike_is_merged_by_one_choice_and_any_other_by_its_number(desk: Client, world: World) -> None:
    first, same = sent(world, place="东门"), sent(world, world.wang, place="东门")
    other = sent(world, world.zhao, by=world.zhang, text="三号楼前面黑", place="别处")
    assert f"合并到编号{first.pk}" in text(desk, one(same))
    decide(desk, same, f"merge-{first.pk}")
    decide(desk, other, "merge", into=first.pk)
    assert (same.merged_into, other.merged_into) == (first, first)
    assert "合并进来的" in text(desk, one(first))


def test_nothing_is_merged_into_what_another_community_was_sent(desk: Client, world: World) -> None:
    mine, foreign = sent(world), sent(world, world.zhou, by=world.qian)
    answer = desk.post(one(mine), {"decision": "merge", "into": foreign.pk})
    assert answer.status_code == 404
    assert "选择" in decide(desk, mine, f"merge-{foreign.pk}")
    assert mine.status == "sent"


def test_what_was_answered_meanwhile_is_said(desk: Client, world: World) -> None:
    mine = accept(deed=sent(world), by=world.zhang)
    assert "刚刚已经处理" in decide(desk, mine, "accept")
    assert statement.available(world.li) == 3


def test_ones_own_family_is_shown_without_the_buttons(desk: Client, world: World) -> None:
    own = sent(world, relative(world, world.chen), by=world.zhang)
    shown = text(desk, one(own))
    assert "不能答复自己、家人" in shown and "提交，看下一条" not in shown
    assert 'name="decision"' not in desk.get(LIST).content.decode()
    assert "不能答复自己、家人" in decide(desk, own, "accept")


@pytest.mark.parametrize(
    ("typed", "said", "status"),
    [
        ({"result": "done", "outcome": "已换灯泡"}, "", "solved"),
        ({"result": "cannot", "outcome": "请找供电所"}, "", "accepted"),
        ({"result": "later", "outcome": "等物业", "until": "2099-01-01"}, "一年以内", "accepted"),
        ({"result": "later", "outcome": "等物业"}, "请选预计办结的日期", "accepted"),
        ({"result": "done", "outcome": ""}, "请填写这一项", "accepted"),
        ({"outcome": "已换"}, "请先选结果", "accepted"),
    ],
)
def test_it_is_closed_or_the_form_says_what_is_missing(
    desk: Client, world: World, typed: dict[str, str], said: str, status: str
) -> None:
    mine = accept(deed=sent(world), by=world.zhang)
    answer = desk.post(one(mine, "close/"), typed)
    mine.refresh_from_db()
    assert mine.status == status
    if said:
        assert said in words(answer.content.decode()) and "提交结果" in words(answer.content.decode())
    else:
        assert answer.status_code == 302


def test_what_cannot_be_closed_says_so_on_its_page(desk: Client, world: World) -> None:
    mine = sent(world, kind="kindness")
    answer = desk.post(one(mine, "close/"), {"result": "done", "outcome": "已修好"})
    assert answer.status_code == 409 and "不在待办结里" in words(answer.content.decode())


def test_what_takes_longer_stays_among_what_is_to_be_closed(desk: Client, world: World) -> None:
    mine = accept(deed=sent(world), by=world.zhang)
    until = clock.today().replace(day=1).replace(year=clock.today().year + 1).replace(month=1)
    desk.post(one(mine, "close/"), {"result": "later", "outcome": "等物业", "until": until.isoformat()})
    assert "办结" in text(desk, f"{LIST}?state=closing") and "李建国" in text(desk, f"{LIST}?state=closing")
    desk.post(one(mine, "close/"), {"result": "cannot", "outcome": "请找供电所"})
    assert "没有符合条件的小事" in text(desk, f"{LIST}?state=closing")


def test_staff_of_another_community_see_neither_words_nor_photo(client: Client, world: World) -> None:
    mine = sent(world, photo=picture())
    client.force_login(world.qian)
    for address in (one(mine), one(mine, "photo/"), f"/desk/residents/{world.li.pk}/deed/"):
        assert client.get(address).status_code == 404
    assert client.post(one(mine), {"decision": "accept"}).status_code == 404
    assert client.post(one(mine, "close/"), {"result": "done", "outcome": "好"}).status_code == 404
    assert "李建国" not in text(client, LIST)


def test_the_photo_is_shown_to_the_staff_of_the_community(desk: Client, world: World) -> None:
    mine = sent(world, photo=picture())
    answer = desk.get(one(mine, "photo/"))
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert "no-store" in answer["Cache-Control"] and "inline" in answer["Content-Disposition"]
    assert desk.get(one(sent(world, text="没有照片"), "photo/")).status_code == 404


def test_the_list_is_sent_as_a_file(desk: Client, world: World) -> None:
    sent(world)
    answer = desk.get(f"{LIST}?state=all&file=1")
    assert answer["Content-Disposition"].endswith(".xlsx") or ".xlsx" in answer["Content-Disposition"]
    assert b"".join(answer).startswith(b"PK")


def test_the_list_costs_the_same_for_one_and_for_thirty(desk: Client, world: World) -> None:
    seen = sent(world, place="东门", photo=picture())
    few = queries(desk, LIST)
    Deed.objects.bulk_create(
        Deed(
            community=seen.community, resident=seen.resident, kind="snapshot", text=f"路灯不亮{n}", place="东门", on=seen.on,
            by=seen.by, answer_by=seen.answer_by,
        )
        for n in range(30)
    )  # fmt: skip
    assert queries(desk, LIST) == few
    assert len(leafed(desk, LIST, "after=")) == 2


def test_what_an_elder_says_at_the_counter_is_sent_with_a_slip(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    address = f"/desk/residents/{world.zhao.pk}/deed/"
    assert address in links(client, f"/desk/counter/{world.zhao.pk}/")
    typed = {"kind": "kindness", "text": "帮邻居提菜", "place": "5号楼"}
    said = words(client.post(address, typed).content.decode())
    assert "请先读给本人听" in said and not Deed.objects.exists()
    photo = SimpleUploadedFile("a.png", pictures.png(), "image/png")
    answer = client.post(address, {**typed, "sure": "on", "photo": photo})
    slip = Slip.objects.get()
    assert answer["Location"] == f"/desk/counter/slips/{slip.pk}/"
    assert Deed.objects.get().photo.width == 320 and "帮邻居提菜" in text(client, answer["Location"])


def test_nobody_files_for_the_family_at_the_counter(desk: Client, world: World) -> None:
    family = relative(world, world.chen)
    address = f"/desk/residents/{family.pk}/deed/"
    assert "不能在窗口为自己、家人" in text(desk, address)
    desk.post(address, {"kind": "idea", "text": "多放长椅", "sure": "on"})
    assert not Deed.objects.exists()
