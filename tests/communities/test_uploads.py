"""A file of any size is answered in words, and nothing of what is too large touches the disk."""

from typing import ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from pytest_django.fixtures import Settings

from activities.models import Deed
from communities.uploads import LARGEST
from tests.activities import pictures
from tests.pages import enter, words
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "/activities/deeds/new/"


class Watching(MemoryFileUploadHandler):
    """Says how much of a file was kept."""

    fed: ClassVar[list[int]] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.fed.append(len(raw_data))
        return super().receive_data_chunk(raw_data, start)


def post(client: Client, content: bytes) -> str:
    file = SimpleUploadedFile("张三身份证.jpg", content, "image/jpeg")
    answer = client.post(NEW, {"kind": "snapshot", "text": "路灯不亮", "photo": file})
    return words(answer.content.decode()) if answer.status_code != 302 else "sent"


def test_what_is_too_large_is_refused_with_a_sentence_and_leaves_nothing(
    world: World, client: Client, settings: Settings
) -> None:
    seen: list[int] = []
    settings.FILE_UPLOAD_HANDLERS = [*settings.FILE_UPLOAD_HANDLERS[:1], "tests.communities.test_uploads.Watching"]
    Watching.fed = seen
    said = post(enter(client, world.li), pictures.jpeg() + b"\0" * (2 * LARGEST))
    assert "照片超过10MB" in said and "路灯不亮" in said
    assert not Deed.objects.exists()
    assert sum(seen) <= LARGEST


def test_what_is_just_small_enough_comes_through_whole(world: World, client: Client) -> None:
    """To the reader of photos, who reads the picture and leaves what hangs on it."""
    photo = pictures.jpeg()
    assert post(enter(client, world.li), photo + b"\0" * (LARGEST - len(photo))) == "sent"
    assert Deed.objects.get().photo.width == 320
