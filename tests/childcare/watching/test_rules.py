"""儿童个人信息规则: what the page says is what the tables hold and who may read it."""

import pytest
from django.test import Client

from childcare.opening import SEES, Part, Reader
from tests.pages import text

pytestmark = pytest.mark.django_db
# By which words the page says each part, and each reader.
KINDS: dict[Part, tuple[str, ...]] = {
    Part.BASIC: ("姓名、性别、出生日期", "学校、年级、班级", "小区", "用餐、午休、自行离开"),
    Part.IDENTITY: ("证件号",),
    Part.GUARDIANS: ("监护人的姓名、关系、电话", "工作单位", "委托照护人"),
    Part.CONTACTS: ("紧急联系人",),
    Part.HEALTH: ("过敏、慢性病、用药、忌口", "晨检"),
    Part.PICKUPS: ("接送人的姓名、关系、电话、证件后四位",),
    Part.BARRED: ("禁止接走的人",),
    Part.DAYS: ("到班、离开的时间", "点名、请假", "晚接"),
    Part.BILLS: ("账单、积分抵扣、收据号",),
    Part.RELIEF: ("优待依据：类别",),
    Part.LOOKS: ("查看记录",),
}
WHO = {reader: reader.value for reader in SEES} | {Reader.TILL: "只看没有缴清的账单"}


def test_the_page_names_every_kind_of_data_every_reader_and_the_operator(client: Client) -> None:
    said = text(client, "/privacy/children/")
    assert set(KINDS) == set(Part) and set(WHO) == set(Reader)
    assert [word for words in KINDS.values() for word in words if word not in said] == []
    assert [word for word in WHO.values() if word not in said] == []
    assert "运营单位受它委托" in said and "不交给它" in said
