"""活动室照片: put by staff, drawn small, seen by whoever may ask for the room."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from communities.duties import NotYourDuty
from communities.photos import Picture
from tests.activities import pictures
from tests.pages import enter, text
from tests.venues.letting import shared
from tests.world import World
from venues import photos
from venues.models import Room, RoomPhoto

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> Room:
    return shared(world.wenxing)


def test_the_picture_is_drawn_small_and_seen_by_whoever_may_ask_for_the_room(
    client: Client, room: Room, world: World
) -> None:
    client.force_login(world.zhang)
    page, file = f"/desk/rooms/{room.pk}/photo/", pictures.noise(1200, 900)
    assert "还没有照片" in text(client, page)
    sent = client.post(page, {"photo": SimpleUploadedFile("a.jpg", file, "image/jpeg")})
    kept = RoomPhoto.objects.get()
    assert sent.status_code == 302 and 0 < len(kept.jpeg) <= 40 * 1024
    assert client.get(f"/desk/rooms/{room.pk}/photo.jpg").content == bytes(kept.jpeg)
    assert "看照片" in text(client, f"/desk/rooms/{room.pk}/")
    enter(client, world.wang)
    address = f"/rooms/{room.pk}/photo.jpg"
    assert address in client.get(f"/rooms/{room.pk}/").content.decode()
    assert client.get(address).content == bytes(kept.jpeg)
    Room.objects.filter(pk=room.pk).update(shared=False)
    assert client.get(address).status_code == 404
    client.force_login(world.zhang)
    client.post(f"{page}remove/")
    assert not RoomPhoto.objects.exists() and client.get(f"/desk/rooms/{room.pk}/photo.jpg").status_code == 404


def test_what_is_no_picture_is_refused_and_the_old_one_stays(client: Client, room: Room, world: World) -> None:
    photos.put(room=room, picture=Picture(pictures.jpeg(), 1, 1), by=world.zhang)
    client.force_login(world.zhang)
    bad = SimpleUploadedFile("a.gif", b"GIF89a" + b"\0" * 90, "image/gif")
    answer = client.post(f"/desk/rooms/{room.pk}/photo/", {"photo": bad})
    assert answer.status_code == 400 and bytes(RoomPhoto.objects.get().jpeg) == pictures.jpeg()


def test_staff_of_another_community_hang_no_picture_in_it(room: Room, world: World) -> None:
    for act in (
        lambda: photos.put(room=room, picture=Picture(pictures.jpeg(), 1, 1), by=world.qian),
        lambda: photos.remove(room=room, by=world.qian),
    ):
        with pytest.raises(NotYourDuty):
            act()


@pytest.mark.parametrize("size", [0, 40 * 1024 + 1])
def test_the_database_keeps_pictures_small(room: Room, world: World, size: int) -> None:
    with pytest.raises(IntegrityError, match="room_photo_bytes"), transaction.atomic():
        RoomPhoto.objects.create(room=room, jpeg=b"x" * size, by=world.zhang)
