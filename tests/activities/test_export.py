"""The list of activities as a file."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from activities import export
from activities.models import Activity
from communities.workbook import TooLong
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.plans import drafted
from tests.world import World

pytestmark = pytest.mark.django_db


def rows(file: Any) -> list[dict[str, Any]]:
    heads, *lines = openpyxl.load_workbook(file).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_every_activity_has_its_figures(world: World) -> None:
    shop = cast.partner(world.street, world.wenxing, world.zhang).partner
    over = recorded(world, summary="清理三个楼道").activity
    signed(cast.activity(world.wenxing, title="=1+1", room=cast.room(world.wenxing)), world.wang, world)
    lecture = cast.activity(world.wenxing, kind="LECT", volunteering=False, title="讲座", ago=500)
    lecture.providers.set([shop])
    found = {row["活动"]: row for row in rows(export.workbook(Activity.objects.for_staff(world.zhang)))}
    assert list(found) == ["=1+1", over.title, "讲座"]
    assert (found["=1+1"]["未记录"], found["=1+1"]["活动室"], found["=1+1"]["计服务时长"]) == (1, "舞蹈厅", "是")
    assert (found[over.title]["待确认"], found[over.title]["活动小结"]) == (1, "清理三个楼道")
    assert (found["讲座"]["主讲或协办"], found["讲座"]["计服务时长"]) == ("博世邻里之家", "否")


def test_the_file_holds_what_the_filter_on_screen_shows(client: Client, world: World) -> None:
    (
        cast.activity(world.wenxing, title="将来"),
        cast.activity(world.yongan, title="邻社区"),
        drafted(world, title="草稿"),
    )
    client.force_login(world.zhang)
    page = client.get("/desk/activities/?state=draft").content.decode()
    assert "/desk/activities/export/?state=draft" in page

    def exported(query: str) -> list[str]:
        answer = client.get(f"/desk/activities/export/{query}")
        assert "xlsx" in answer["Content-Disposition"]
        return [row["活动"] for row in rows(BytesIO(b"".join(answer)))]

    assert exported("?state=draft") == ["草稿"] and exported("?state=open") == ["将来"]
    assert sorted(exported("")) == ["将来", "草稿"]


def test_too_long_a_list_is_refused(world: World) -> None:
    cast.activity(world.wenxing), cast.activity(world.wenxing)
    with pytest.raises(TooLong):
        export.workbook(Activity.objects.all(), most=1)
