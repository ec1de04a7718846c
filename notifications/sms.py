"""Sending without a provider: the text goes to the log, where the phone is masked, and outside the demo the code too."""

import re

import structlog
from django.conf import settings

from communities.sending import Answer, Fate, Outgoing, Receipt

log = structlog.get_logger(__name__)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class Console:
    """Prints the message. What was printed before a worker died nobody knows, and nobody outside heard it."""

    def send(self, out: Outgoing) -> Receipt:
        log.info("短信", phone=out.address, text=out.text if settings.DEMO else CODE.sub("******", out.text))
        return Receipt(Fate.ACCEPTED)

    def ask(self, number: str) -> Answer:
        return Answer.NEVER_SEEN
