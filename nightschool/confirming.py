"""The last look before points are spent: for whom, for how much, from whose wallet."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from communities.models import Resident, User
from core.refusals import Refused
from nightschool import catalogue, enrolment, family
from nightschool.actionbar import bar_for
from nightschool.line import waitlist
from nightschool.models import Enrolment

if TYPE_CHECKING:
    from nightschool.seen import Offer


@dataclass(frozen=True)
class Look:
    """`resident` looks at `course` for `who`: oneself, or one of the family, of whose points only the price is shown."""

    course: "Offer"
    resident: Resident
    who: Resident
    at: datetime

    @property
    def other(self) -> bool:
        return self.who.pk != self.resident.pk

    def first(self, by: User, *, choosing: bool) -> dict[str, Any]:
        """What the page says before anything is sent. `choosing`: somebody came for the family and says first for whom."""
        purse = enrolment.purse_pays(self.course, self.who, self.at)
        refused = enrolment.refusal_for(self.course, self.who, self.at, purse=purse)
        members = family.members(self.resident, by, self.at)
        return self._said(refused, purse) | {"members": members, "choosing": choosing}

    def done(self, seat: Enrolment) -> str:
        """What is said after signing up somebody of the family; who never signs in is given the code by the reader."""
        name = self.who.name
        if self.who.account_id:
            return f"已为{name}报名《{self.course.title}》，报名码在{name}的“我的码”里，已发消息告诉本人。"
        return f"已为{name}报名《{self.course.title}》，报名码{seat.spoken_number}，请转告{name}，上课时报给工作人员。"

    def again(self, refused: Refused, *, purse: bool) -> dict[str, Any]:
        """What the page says after a refusal."""
        return self._said(refused, purse)

    def _said(self, refused: Refused | None, purse: bool) -> dict[str, Any]:
        course, bar = self.course, bar_for(self.course, refused)
        context: dict[str, Any] = {"course": course, "community": course.community, "refused": refused, "bar": bar}
        context |= {
            "who": self.who,
            "other": self.other,
            "message": family.addressed(refused, self.who, other=self.other),
        }
        if refused:
            return context | {"full": refused.code in waitlist.WORTH_WAITING and not course.waiting}
        have = course.purse if purse and course.purse else course.spendable
        return context | {
            "left": have - course.price, "note": catalogue.rules(course, self.at)[0],
            "purse": purse, "others": course.price - course.spendable,
        }  # fmt: skip
