"""`manage.py demo`: the demo sub-district, filled once, looked after at every start."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from demo import filling, fresh
from demo.asked import Asked
from demo.signins import lines


class Command(BaseCommand):
    help = "Fills an empty database with the demo sub-district, resumes, does nothing when done. Needs DEMO=1."
    requires_system_checks = []  # they import every page, which takes longer than a start with nothing to do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--residents", type=int, default=300, metavar="N", help="how many residents (300)")
        parser.add_argument(
            "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day it stands in (today)"
        )
        parser.add_argument("--seed", type=int, default=1, help="other names and other throws (1)")
        parser.add_argument("--reset", action="store_true", help="drop the database first; needs DATABASE_OWNER_URL")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["reset"]:
            fresh.recreate_database()
            self.say("the database was dropped and made anew")
        day = options["date"]
        asked = Asked(filling.noon(day) if day else clock.now(), options["seed"], options["residents"])
        filling.look_after(asked, self.say, fixed=day is not None)
        for line in lines():
            self.stdout.write(line)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
