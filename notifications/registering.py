"""登记模板号: under which number the provider has reviewed a short message of ours. One provider serves the whole installation."""

from communities import duties
from communities.models import Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import templates
from notifications.models import ProviderTemplate

SMS = ProviderTemplate.Channel.SMS


class NotYourTemplates(Refused):
    code = "not_your_templates"
    message = "短信模板由街道管理员登记，这次没有改动。"
    status = 403


class UnknownTemplate(BadInput):
    code = "template_unknown"
    message = "没有这个短信模板，没有改动。请回到模板列表重新选择。"


class NumberTaken(Refused):
    code = "template_number_taken"
    message = "这个模板号已经登记给另一个模板了，没有改动。请到服务商后台核对。"


REFUSALS: Refusals = {"provider_template_theirs": lambda _: NumberTaken()}


@verb(REFUSALS)
def register_template(*, code: str, provider_id: str, by: User) -> ProviderTemplate:
    """The short message `code` leaves under the provider's number from now on; what was refused before is not sent again.

    Refuses `NotYourTemplates`, `UnknownTemplate`, an empty number and one that another template has (`NumberTaken`).
    """
    if not duties.streets_of(by, Duty.Role.STREET_ADMIN):
        raise NotYourTemplates
    if code not in {one.code for one in templates.listed()}:
        raise UnknownTemplate
    if not provider_id.strip():
        raise BadInput
    row, _ = ProviderTemplate.objects.update_or_create(
        channel=SMS, code=code, defaults={"provider_id": provider_id.strip(), "by": by, "at": clock.now()}
    )
    return row
