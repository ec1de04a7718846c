"""小事 on the phone: three taps from home, with what was typed after an error, and a photo that only its sender sees."""

import logging
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from activities.answering import accept, decline, merge
from activities.models import Deed, Photo
from activities.solving import solve
from communities import helping, photos
from communities.models import Consent
from tests.access.test_canaries import Written
from tests.activities import pictures
from tests.activities.pictures import SECRET, picture, sent
from tests.pages import enter, leafed, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
LIST, NEW = "/activities/deeds/", "/activities/deeds/new/"


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    return enter(client, world.li)


@pytest.fixture
def logged() -> Iterator[Written]:
    handler, root = Written(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def file(content: bytes, name: str = "天和城李建国家.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_it_is_three_taps_from_home(phone: Client) -> None:
    assert "/activities/" in links(phone, "/") or "/activities/" in phone.get("/").content.decode()
    assert NEW in links(phone, "/activities/")
    assert LIST in links(phone, "/me/") and NEW in links(phone, LIST)
    said = text(phone, NEW)
    assert "有效得3积分，解决再得5积分" in said and "有效得2积分" in said and "采纳得20积分" in said


def test_something_is_sent_with_a_photo_and_the_answer_is_promised(phone: Client, world: World) -> None:
    answer = phone.post(
        NEW, {"kind": "snapshot", "text": "路灯不亮", "place": "东门", "photo": file(pictures.from_a_phone())}
    )
    mine = Deed.objects.get()
    assert answer["Location"] == f"{LIST}{mine.pk}/"
    assert (mine.resident, mine.by, mine.place, mine.photo.height) == (world.li, world.li.account, "东门", 400)
    assert SECRET not in bytes(mine.photo.jpeg) and b"Exif" not in bytes(mine.photo.jpeg)
    shown = text(phone, f"{LIST}{mine.pk}/")
    assert "已提交。社区最晚" in shown and "待审核" in shown and "审核通过后入账" in shown


def test_without_a_photo_it_is_sent_as_well(phone: Client) -> None:
    assert phone.post(NEW, {"kind": "idea", "text": "多放长椅", "place": ""}).status_code == 302
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "", "text": "路灯不亮"}, "请先选一类"),
        ({"kind": "snapshot", "text": " "}, "请写几句说明"),
        ({"kind": "nothing", "text": "路灯不亮"}, "选择"),
        ({"kind": "snapshot", "text": "路灯不亮" * 100}, "300"),
    ],
)
def test_an_error_shows_the_form_with_what_was_typed(phone: Client, typed: dict[str, str], said: str) -> None:
    answer = phone.post(NEW, {**typed, "place": "文兴路口", "photo": file(pictures.jpeg())})
    shown = answer.content.decode()
    assert answer.status_code == 400 and said in words(shown)
    assert "文兴路口" in shown and typed["text"].strip() in shown
    assert "照片要再选一次" in words(shown)
    assert not Deed.objects.exists()


@pytest.mark.parametrize(
    ("photo", "said"),
    [(b"<html>", "只能附JPG"), (pictures.jpeg()[:200], "照片打不开"), (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC")],
)
def test_a_photo_that_cannot_be_read_costs_no_words(phone: Client, photo: bytes, said: str) -> None:
    answer = phone.post(NEW, {"kind": "snapshot", "text": "路灯不亮", "place": "东门", "photo": file(photo)})
    shown = answer.content.decode()
    assert (answer.status_code, said in words(shown), "路灯不亮" in shown) == (400, True, True)
    assert 'value="snapshot" required checked' in shown
    assert not Deed.objects.exists()


def test_too_many_today_is_said_before_and_after_typing(phone: Client, world: World) -> None:
    for n in range(5):
        sent(world, text=f"第{n}件")
    shown = text(phone, NEW)
    assert "最多提交5条" in shown and "提交小事" not in shown
    answer = phone.post(NEW, {"kind": "snapshot", "text": "第六件", "photo": file(pictures.jpeg())})
    assert (answer.status_code, "第六件" in answer.content.decode()) == (200, True)
    assert Deed.objects.count() == 5


def test_too_many_photos_are_refused_and_the_words_stay(phone: Client, world: World) -> None:
    assert world.li.account
    for _ in range(photos.AN_HOUR):
        photos.hit(world.li.account)
    answer = phone.post(NEW, {"kind": "snapshot", "text": "路灯不亮", "photo": file(pictures.jpeg())})
    shown = answer.content.decode()
    assert (answer.status_code, "操作太频繁" in words(shown), "路灯不亮" in shown) == (400, True, True)
    assert phone.post(NEW, {"kind": "snapshot", "text": "路灯不亮"}).status_code == 302


def test_the_same_again_is_refused_with_the_form(phone: Client, world: World) -> None:
    sent(world)
    answer = phone.post(NEW, {"kind": "snapshot", "text": "路灯不亮"})
    assert answer.status_code == 409 and "已经提交过" in words(answer.content.decode())


def test_who_is_not_confirmed_is_told(client: Client, world: World) -> None:
    said = text(enter(client, world.sun), NEW)
    assert "还没有确认您的登记" in said


def test_the_list_says_how_each_stands_and_what_it_brought(phone: Client, world: World) -> None:
    first = accept(deed=sent(world, text="路灯"), by=world.chen)
    sent(world, text="长椅", kind="idea")
    decline(deed=sent(world, text="不实的"), by=world.chen, reason="不在本社区")
    solve(deed=first, by=world.chen, outcome="已换灯泡")
    shown = text(phone, LIST)
    assert "已解决" in shown and "获得8" in shown and "待审核" in shown and "未通过" in shown
    one = text(phone, f"{LIST}{first.pk}/")
    assert "已换灯泡" in one and "获得8积分" in one
    assert "王秀兰" not in shown


def test_a_declined_one_leads_to_the_appeal(phone: Client, world: World) -> None:
    mine = decline(deed=sent(world), by=world.chen, reason="不在本社区")
    assert f"/appeals/deed:{mine.pk}/" in links(phone, f"{LIST}{mine.pk}/")
    assert "不在本社区" in text(phone, f"/appeals/deed:{mine.pk}/")


def test_a_merged_one_says_how_the_other_stands_and_not_whose_it_is(phone: Client, world: World) -> None:
    first = sent(world, world.wang, text="王秀兰家门口的路灯", place="王秀兰家")
    mine = merge(deed=sent(world), into=first, by=world.chen)
    accept(deed=first, by=world.chen)
    solve(deed=first, by=world.chen, outcome="已换灯泡")
    shown = text(phone, f"{LIST}{mine.pk}/")
    assert "已解决，已换灯泡" in shown and "王秀兰" not in shown


def test_it_is_taken_back_until_it_is_answered(phone: Client, world: World) -> None:
    mine = sent(world, photo=picture())
    assert "撤回小事" in text(phone, f"{LIST}{mine.pk}/")
    assert phone.post(f"{LIST}{mine.pk}/take-back/").status_code == 302
    assert not Photo.objects.exists() and "已撤回" in text(phone, LIST)
    other = accept(deed=sent(world, text="又一件"), by=world.chen)
    phone.post(f"{LIST}{other.pk}/take-back/")
    other.refresh_from_db()
    assert other.status == "accepted" and "撤回小事" not in text(phone, f"{LIST}{other.pk}/")


def test_the_photo_is_shown_to_its_sender_alone_and_kept_nowhere(client: Client, world: World) -> None:
    mine = sent(world, photo=picture())
    address = f"{LIST}{mine.pk}/photo/"
    answer = enter(client, world.li).get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", bytes(mine.photo.jpeg))
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'inline; filename="photo-{mine.pk}.jpg"'
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    for other in (world.wang, world.zhou):
        assert enter(client, other).get(address).status_code == 404
        assert enter(client, other).get(f"{LIST}{mine.pk}/").status_code == 404
        assert enter(client, other).post(f"{LIST}{mine.pk}/take-back/").status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_helper_sends_for_the_elder_and_is_the_recorder(client: Client, world: World) -> None:
    assert world.li.account and world.li.account.phone
    helping.appoint(
        resident=world.zhao, phone=world.li.account.phone, name="李建国", relation="邻居", by=world.zhang, way=Consent.Way.SIGNATURE
    )  # fmt: skip
    client.force_login(world.li.account)
    session = client.session
    session["acting"] = world.zhao.pk
    session.save()
    client.post(NEW, {"kind": "kindness", "text": "帮邻居收快递"})
    mine = Deed.objects.get()
    assert (mine.resident, mine.by) == (world.zhao, world.li.account)
    declined = decline(deed=mine, by=world.chen, reason="不实")
    assert "我要申诉" not in text(client, f"{LIST}{declined.pk}/")  # that is the elder's own word


def test_no_log_line_holds_anything_of_the_photo(phone: Client, world: World, logged: Written) -> None:
    phone.post(NEW, {"kind": "snapshot", "text": "路灯不亮", "photo": file(pictures.from_a_phone())})
    phone.post(NEW, {"kind": "snapshot", "text": "又一件", "photo": file(b"<html>" + SECRET)})
    phone.get(f"{LIST}{Deed.objects.get().pk}/photo/")
    said = "\n".join(logged.lines)
    assert logged.lines and not [mark for mark in ("李建国家", SECRET.decode(), "JFIF", "路灯不亮") if mark in said]


def test_a_long_list_is_leafed_through_and_costs_the_same(phone: Client, world: World) -> None:
    accept(deed=sent(world, text="第一件", photo=picture()), by=world.chen)
    few = queries(phone, LIST)
    seen = Deed.objects.get()
    Deed.objects.bulk_create(
        Deed(
            community=seen.community, resident=seen.resident, kind="idea", text=f"主意{n}", on=seen.on, by=seen.by,
            answer_by=seen.answer_by,
        )
        for n in range(45)
    )  # fmt: skip
    assert queries(phone, LIST) == few
    pages = leafed(phone, LIST)
    assert len(pages) == 3 and "第一件" in text(phone, pages[-1])
