"""`manage.py client`: let another system in. The secret is shown once."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from oauth2_provider.settings import oauth2_settings

from communities.models import Community
from core.refusals import Refused
from integrations.clients import admit


class Command(BaseCommand):
    help = "Creates a REST client for one community and prints its id and, once, its secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id", help="also the login name of its service user, e.g. hotline-12345")
        parser.add_argument("--name", required=True, help="what staff read, e.g. 12345热线")
        parser.add_argument("--community", required=True, help="the community it serves, e.g. 文兴社区")
        parser.add_argument("--scope", action="append", required=True, choices=oauth2_settings.SCOPES)

    def handle(self, *args: Any, **options: Any) -> None:
        place = Community.objects.filter(name=options["community"]).first()
        if place is None:
            raise CommandError(f"没有名为“{options['community']}”的社区。")
        secret, name = secrets.token_urlsafe(32), options["client_id"]
        try:
            admit(
                client_id=name, client_secret=secret, name=options["name"], username=name, place=place,
                scopes=options["scope"],
            )  # fmt: skip
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"client_id      {name}\nclient_secret  {secret}\n这个密钥只显示这一次，请立即保存。")
