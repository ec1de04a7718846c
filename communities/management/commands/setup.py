"""`manage.py setup`: a real sub-district, without the demo."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communities.founding import Place, found
from core.refusals import Refused

PASSWORD = "ADMIN_PASSWORD"  # noqa: S105  the name of an environment variable


class Command(BaseCommand):
    help = "Open a real sub-district: its communities and the first administrator. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sub-district", required=True, metavar="街道")
        parser.add_argument("--district", required=True, metavar="区县")
        parser.add_argument(
            "--community",
            required=True,
            action="append",
            metavar="社区[:电话[:小区,小区]]",
            help="once for each community",
        )
        parser.add_argument("--admin", required=True, metavar="登录名", help=f"password: {PASSWORD}, else one is made")
        parser.add_argument("--admin-name", default="街道管理员", metavar="姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            founded = found(
                sub_district=options["sub_district"], district=options["district"],
                places=[place(text) for text in options["community"]],
                admin=options["admin"], name=options["admin_name"], password=os.environ.get(PASSWORD, ""),
            )  # fmt: skip
        except Refused as refused:
            raise CommandError(refused.message) from refused
        for line in founded.written or ["已经建好，没有改动。"]:
            self.stdout.write(line)
        if founded.password:
            self.stdout.write(f"一次性密码（只显示这一次，首次登录后须修改）：{founded.password}")


def place(text: str) -> Place:
    """文兴社区:0352-0000001:天和城,恒大绿洲 (telephone and estates may be left out)."""
    name, _, rest = text.replace("：", ":").partition(":")
    phone, _, estates = rest.partition(":")
    if not name.strip():
        raise CommandError("--community 要写社区名称。")
    return Place(name.strip(), phone.strip(), tuple(filter(None, estates.replace("，", ",").split(","))))
