"""`manage.py appoint`: a staff member with a duty in a community, or in the whole sub-district."""

import os
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communities.appointing import appoint
from communities.duties import GIVEN, RIGHTS, Place, Role
from communities.management.commands.setup import PASSWORD
from communities.models import Community, SubDistrict
from core.refusals import Refused

ROLES = {str(role.label): role for role in GIVEN}


class Command(BaseCommand):
    help = "Give somebody a duty at the desk. Two people are needed before points are given. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", required=True, metavar="登录名", help=f"password: {PASSWORD}, else one is made")
        parser.add_argument("--name", required=True, metavar="姓名")
        parser.add_argument(
            "--phone",
            default="",
            metavar="本人手机号",
            help="by it the own file and family are known; asked of who works with residents",
        )
        parser.add_argument("--role", required=True, choices=ROLES, metavar="/".join(ROLES))
        parser.add_argument("--sub-district", required=True, metavar="街道")
        parser.add_argument("--community", metavar="社区", help="left out for a duty in the whole sub-district")
        parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day of the term")

    def handle(self, *args: Any, **options: Any) -> None:
        role = ROLES[options["role"]]
        if RIGHTS[role].own_phone and not options["phone"]:
            raise CommandError(
                f"{role.label}要写--phone（本人手机号），用来核对是不是自己和家人的积分。什么都没有改动。"
            )
        try:
            appointed = appoint(
                username=options["login"], name=options["name"], role=role, place=place(role, options),
                until=options["until"], password=os.environ.get(PASSWORD, ""), own_phone=options["phone"],
            )  # fmt: skip
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{appointed.user.name}：{role.label}" if appointed.new else "已经任职，没有改动。")
        if appointed.password:
            self.stdout.write(f"一次性密码（只显示这一次，首次登录后须修改）：{appointed.password}")


def place(role: Role, options: dict[str, Any]) -> Community | SubDistrict:
    """The community that is named, or the sub-district; the role says which of the two it must be."""
    street = SubDistrict.objects.filter(name=options["sub_district"]).first()
    if street is None:
        raise CommandError(f"没有{options['sub_district']}，请先用setup建立。")
    wanted = RIGHTS[role].place
    if wanted != Place.EITHER and (wanted == Place.STREET) == bool(options["community"]):
        raise CommandError(
            "街道管理员、系统管理员不写--community，社区主任和社区工作者要写；其他职责写的管一个社区，不写的管全街道。"
        )
    if not options["community"]:
        return street
    community = street.communities.filter(name=options["community"]).first()
    if community is None:
        raise CommandError(f"{street.name}没有{options['community']}。")
    return community
