"""The demo's way of sending: the text goes to the log, where the phone is masked."""

import structlog

log = structlog.get_logger(__name__)


class Console:
    """Prints the message. A provider's driver has the same one method (notifications/delivery.py, Driver)."""

    def send(self, *, phone: str, text: str) -> None:
        log.info("短信", phone=phone, text=text)
