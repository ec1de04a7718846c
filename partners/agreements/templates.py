"""协议范本: an admin drafts a version, another colleague approves it, and then it is never changed (domain guide, 7.4)."""

from datetime import datetime

from django.db.models import Max

from communities import duties
from communities.models import Community, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.agreements import wording
from partners.models import Template

LONGEST = 20_000


class BadTemplate(BadInput):
    code = "template_places"

    def __init__(self, missing: list[str], unknown: list[str]) -> None:
        lacks = f"缺少{'、'.join(f'【{one}】' for one in missing)}。" if missing else ""
        odd = f"不认识{'、'.join(f'【{one}】' for one in unknown)}。" if unknown else ""
        super().__init__(f"范本没有保存：{lacks}{odd}请补上后再保存。")


class TemplateApproved(Refused):
    code = "template_approved"
    message = "这一版范本已经批准，不再改动。需要修改的，请另起草新的一版。"


class OwnTemplate(Refused):
    code = "template_two_people"
    message = "起草和批准须是两个人，没有批准。请另一位街道管理员或社区主任批准。"


class TemplateChanged(Refused):
    code = "template_changed"
    message = "您打开页面以后，范本又改过，没有批准。请重新看过再批准。"


class ApproversOnly(Refused):
    code = "template_approvers_only"
    message = "协议范本由街道管理员或社区主任批准，没有改动。请通知他们办理。"


REFUSALS: Refusals = {"template_two_people": lambda _: OwnTemplate()}


@verb(REFUSALS)
def draft(*, sub_district: SubDistrict, title: str, text: str, by: User, at: datetime | None = None) -> Template:
    """The next version of `title`, waiting for approval; one that waits already is written anew. By a street admin.

    Refuses `NotYourDuty` and `BadTemplate`.
    """
    if sub_district not in duties.administered_by(by):
        raise duties.NotYourDuty
    _look(title, text)
    SubDistrict.objects.select_for_update(no_key=True).get(pk=sub_district.pk)
    mine = Template.objects.filter(sub_district=sub_district, title=title)
    said = {"text": text, "made_by": by, "made_at": at or clock.now()}
    if waiting := mine.filter(approved_at=None).first():
        mine.filter(pk=waiting.pk).update(**said)
        return Template.objects.get(pk=waiting.pk)
    last = mine.aggregate(last=Max("version"))["last"] or 0
    return Template.objects.create(sub_district=sub_district, title=title, version=last + 1, **said)


def refusal_to_approve(template: Template, by: User) -> Refused | None:
    """Why `by` cannot approve; None when nothing stands against it. Page and verb ask."""
    if template.approved_at:
        return TemplateApproved()
    if not may_approve(template, by):
        return ApproversOnly()
    return OwnTemplate() if template.made_by_id == by.pk else None


def may_approve(template: Template, by: User) -> bool:
    """Admins of the sub-district, and the heads of its communities."""
    if template.sub_district in duties.administered_by(by):
        return True
    here = Community.objects.filter(sub_district=template.sub_district_id)
    return by.is_active and by.duties.current().filter(role=duties.Role.HEAD, community__in=here).exists()


@verb(REFUSALS)
def approve(*, template: Template, seen: str, by: User, at: datetime | None = None) -> Template:
    """From now on agreements are drafted from this version, whose digest was `seen`.

    Refuses what `refusal_to_approve` says, and `TemplateChanged`.
    """
    rows = Template.objects.select_for_update(no_key=True, of=("self",)).select_related("sub_district")
    mine = rows.get(pk=template.pk)
    if refused := refusal_to_approve(mine, by):
        raise refused
    if seen != mine.digest:
        raise TemplateChanged
    mine.approved_by, mine.approved_at = by, at or clock.now()
    mine.save(update_fields=["approved_by", "approved_at"])
    return mine


def _look(title: str, text: str) -> None:
    missing, unknown = wording.missing(text), wording.unknown(text)
    if not title or len(title) > 40 or len(text) > LONGEST or missing or unknown:
        raise BadTemplate(missing, unknown)
