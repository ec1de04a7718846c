"""A refusal is an answer, not an error: a code for machines and a Chinese sentence ready to be shown."""

from typing import ClassVar


class Refused(Exception):
    """Raised by verbs; becomes a message on pages and `{"code", "detail"}` with `status` in REST.

    The sentence says what happened, what happened to the points, and what to do next.
    """

    code: ClassVar[str] = "refused"
    message: str = "这件事现在办不了，您的积分没有变动。"
    status: ClassVar[int] = 409

    def __init__(self, message: str = "") -> None:
        if message:
            self.message = message
        super().__init__(self.message)


class Busy(Refused):
    code = "busy"
    message = "现在办理的人较多，这次没有办成，您的积分没有变动。请稍等一会儿再试。"
    status = 503


class BadInput(Refused):
    code = "bad_input"
    message = "填写的内容有误，什么都没有改动。请检查后重新提交。"
    status = 400


class TooMany(Refused):
    code = "too_many"
    message = "操作太频繁了，请稍后再试。"
    status = 429
