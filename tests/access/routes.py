"""Every address of the house with its door (tests/access/doors.py). A route that is not listed here fails the test: say who may pass."""

from tests.access.agreeing import AGREEING
from tests.access.attending import ATTENDING
from tests.access.booking import BOOKINGS
from tests.access.care_billing import CARE_BILLING
from tests.access.care_days import CARE_DAYS
from tests.access.care_enrolment import CARE_ENROLMENT
from tests.access.care_evidence import CARE_EVIDENCE
from tests.access.care_handover import CARE_HANDOVER
from tests.access.care_places import CARE_PLACES
from tests.access.care_watching import CARE_WATCHING
from tests.access.doors import (
    Route,
    adjustment,
    agreement,
    application,
    asked,
    at_the_counter,
    batch,
    by_approval,
    by_draw,
    child,
    course,
    draft,
    new_version,
    nothing,
    notice,
    resident,
    rule,
    seat,
    seats,
    slip,
    street,
    waiting,
    wang,
    zhang,
)
from tests.access.earning import EARNING
from tests.access.joining import JOINING
from tests.access.messaging import MESSAGING
from tests.access.offering import OFFERING
from tests.access.planning import PLANNING
from tests.access.promising import PROMISING
from tests.access.rooms import ROOMS
from tests.access.settling import SETTLING
from tests.access.using import USING
from tests.points.correcting import first_award

ROUTES: dict[str, Route] = (
    EARNING
    | OFFERING
    | JOINING
    | USING
    | AGREEING
    | SETTLING
    | PLANNING
    | PROMISING
    | ROOMS
    | BOOKINGS
    | ATTENDING
    | CARE_BILLING
    | CARE_DAYS
    | CARE_ENROLMENT
    | CARE_EVIDENCE
    | CARE_PLACES
    | CARE_WATCHING
    | CARE_HANDOVER
    | MESSAGING
    | {
        # everybody
        "home": Route("OPEN"),
        "sign-in": Route("OPEN", form=nothing),
        "sign-in-code": Route("OPEN", form=nothing),
        "sign-in-name": Route("OPEN", form=nothing),
        "not-mine": Route("OPEN", form=nothing, post_only=True),
        "sign-out": Route("OPEN", form=nothing, post_only=True),
        "notices": Route("OPEN"),
        "notice": Route("OPEN", notice),
        "size": Route("OPEN", form=nothing, post_only=True),
        "privacy": Route("OPEN"),
        "card": Route("OPEN", lambda rows: {"token": rows.card.token}),
        "alive": Route("OPEN"),
        "ready": Route("OPEN"),
        "nightschool:courses": Route("OPEN"),
        "nightschool:course": Route("OPEN", course),
        "nightschool:draw": Route("OPEN", by_draw),
        "nightschool:draw-file": Route("OPEN", lambda rows: by_draw(rows) | {"form": "json"}),
        "nightschool:draw-script": Route("OPEN"),
        "nightschool:check": Route("OPEN", lambda rows: {"token": rows.seat.token}),
        "partners:list": Route("OPEN"),
        "partners:detail": Route("OPEN", lambda rows: {"partner_id": rows.agreement.partner_id}),
        "points:rules": Route("OPEN"),
        # a resident's phone
        "join": Route("PHONE", form=nothing),
        "choose": Route("PHONE", form=nothing),
        "me": Route("PHONE"),
        "my-data": Route("PHONE"),
        "my-data-copy": Route("PHONE", lambda _: {"form": "json"}),
        "my-data-paper": Route("PHONE"),
        "my-data-ask": Route("PHONE", lambda _: {"kind": "explain"}, form=lambda _: {"text": "为什么看我的号码"}),
        "my-data-take-back": Route("MINE", asked, form=nothing, post_only=True),
        "my-consents": Route("PHONE"),
        "my-consents-agree": Route("PHONE", lambda _: {"purpose": "notice"}, form=nothing, post_only=True),
        "my-consents-withdraw": Route("PHONE", lambda _: {"purpose": "notice"}, form=nothing, post_only=True),
        "me-children": Route("PHONE"),
        "me-child-agree": Route("MINE", child, form=nothing, post_only=True),
        "me-child-withdraw": Route("MINE", child, form=nothing, post_only=True),
        "me-helpers": Route("PHONE", form=nothing),
        "me-helper-end": Route("MINE", lambda rows: {"pk": rows.helper.pk}, form=nothing, post_only=True),
        "me-phone": Route("PHONE", form=nothing),
        "me-phone-code": Route("PHONE", form=nothing),
        "appeals": Route("PHONE"),
        "appeal": Route("MINE", lambda rows: {"about": rows.appeal.about}, form=lambda _: {"text": "再说一次"}),
        "notice-object": Route("PHONE", notice, form=lambda _: {"text": "有疑问"}),
        "points:statement": Route("PHONE"),
        "points:export": Route("PHONE"),
        "points:passbook": Route("PHONE"),
        "points:purse": Route("PHONE"),
        "points:purse-join": Route("PHONE", form=nothing, post_only=True),
        "points:purse-leave": Route("PHONE", form=nothing, post_only=True),
        "nightschool:tickets": Route("PHONE"),
        "nightschool:apply": Route("PHONE", by_draw, form=nothing),
        "nightschool:application": Route("MINE", application),
        "nightschool:application-withdraw": Route("MINE", application, form=nothing),
        "nightschool:confirm": Route("PHONE", course, form=nothing),
        "nightschool:wait": Route("PHONE", course, form=nothing),
        "nightschool:wait-accept": Route("PHONE", course, form=nothing, post_only=True),
        "nightschool:wait-leave": Route("PHONE", course, form=nothing),
        "nightschool:ticket": Route("MINE", seat),
        "nightschool:cancel": Route("MINE", seat, form=nothing),
        # the desk
        "desk:sign-in": Route("OPEN", form=nothing),
        "desk:sign-in-code": Route("OPEN", form=nothing),
        "desk:sign-out": Route("OPEN", form=nothing, post_only=True),
        "desk:home": Route("DESK"),
        "desk:password": Route("DESK", form=nothing),
        "desk:second-factor": Route("DESK", form=nothing),
        "desk:second-factor-start": Route("DESK", form=nothing, post_only=True),
        "desk:second-factor-remove": Route("DESK", form=nothing, post_only=True),
        "desk:recovery-codes": Route("DESK", form=nothing, post_only=True),
        "desk:terminal": Route("DESK", form=nothing, post_only=True),
        "desk:unlock": Route("OPEN", form=nothing),
        "desk:people": Route("DESK"),
        "desk:people-export": Route("DESK"),
        "desk:person-new": Route("KEEPER", form=nothing),
        "desk:person": Route("PEOPLE", zhang),
        "desk:person-give": Route("PEOPLE", zhang, form=nothing, post_only=True),
        "desk:duty-end": Route(
            "PEOPLE",
            lambda rows: {**zhang(rows), "duty": rows.world.zhang.duties.get().pk},
            form=nothing,
            post_only=True,
        ),
        "desk:person-password": Route("PEOPLE", zhang, form=nothing, post_only=True),
        "desk:person-unlock": Route("PEOPLE", zhang, form=nothing, post_only=True),
        "desk:person-factor": Route("PEOPLE", zhang, form=nothing, post_only=True),
        "desk:person-switch": Route("PEOPLE", zhang, form=lambda _: {"to": "off"}, post_only=True),
        "desk:person-phone": Route("PEOPLE", zhang, form=lambda _: {"phone": "13800009999"}, post_only=True),
        "desk:handover": Route("COLLEAGUE", zhang, form=lambda rows: {"successor": rows.world.chen.pk}),
        "desk:residents": Route("DESK"),
        "desk:residents-confirm": Route("DESK", form=lambda rows: {"resident": [rows.pending.pk]}, post_only=True),
        "desk:imports": Route("DESK", form=lambda rows: {"community": rows.world.wenxing.pk, "pasted": "姓名\t手机号"}),
        "desk:import-template": Route("DESK"),
        "desk:import": Route("ROW", batch),
        "desk:import-wrong": Route("ROW", batch, form=nothing, post_only=True),
        "desk:import-confirm": Route("ROW", batch, form=nothing, post_only=True),
        "desk:import-drop": Route("ROW", batch, form=nothing, post_only=True),
        "desk:import-undo": Route("ROW", batch, form=nothing, post_only=True),
        "desk:resident": Route("ROW", resident),
        "desk:passbook": Route("ROW", resident),
        "desk:points-export": Route("ROW", resident),
        "desk:purse": Route("ROW", resident),
        "desk:purse-join": Route("ROW", resident, form=lambda _: {"agreed": "on"}, post_only=True),
        "desk:purse-leave": Route("ROW", resident, form=nothing, post_only=True),
        "desk:resident-confirm": Route("ROW", resident, form=nothing, post_only=True),
        "desk:resident-decline": Route("ROW", resident, form=lambda _: {"reason": "不在本社区"}, post_only=True),
        "desk:resident-move": Route("ROW", resident, form=lambda _: {"phone": "13800009999"}, post_only=True),
        "desk:rights": Route("DESK"),
        "desk:rights-one": Route("ROW", asked, form=lambda _: {"done": "yes", "text": "已说明"}),
        "desk:rights-take": Route("ROW", asked, form=nothing, post_only=True),
        "desk:rights-file": Route("ROW", wang, form=lambda _: {"kind": "correct", "text": "名字写错了"}),
        "desk:resident-consents": Route("ROW", wang, form=lambda _: {"purpose": "notice", "way": "signature"}),
        "desk:resident-consent-withdraw": Route(
            "ROW", lambda rows: {"pk": rows.world.wang.pk, "purpose": "notice"}, form=nothing, post_only=True
        ),
        "desk:resident-reveal": Route("ROW", wang, form=lambda _: {"field": "phone", "why": "电话联系本人"}),
        "desk:resident-changes": Route("HEAD", wang),
        "desk:resident-close": Route("ROW", wang, form=lambda _: {"reason": "核对了身份证", "sure": "on"}),
        "desk:log-changes": Route("LOGS"),
        "desk:log-looks": Route("LOGS"),
        "desk:resident-release": Route("ROW", resident, form=nothing, post_only=True),
        "desk:residents-export": Route("DESK"),
        "desk:residents-whole": Route("DESK", form=nothing),
        "desk:residents-roster": Route("DESK"),
        "desk:resident-new": Route("DESK", form=nothing),
        "desk:resident-correct": Route("ROW", wang, form=lambda _: {"name": "王秀岚", "reason": "asked", "seen": "x"}),
        "desk:household": Route("ROW", wang, form=lambda _: {"way": "signature", "agreed": "on"}),
        "desk:household-leave": Route("ROW", wang, form=nothing, post_only=True),
        "desk:places": Route("DESK"),
        "desk:places-of": Route("ROW", lambda rows: {"pk": rows.world.wenxing.pk}),
        "desk:estate-add": Route("ROW", lambda rows: {"pk": rows.world.wenxing.pk}, form=lambda _: {"name": "新小区"}),
        "desk:grid-add": Route("ROW", lambda rows: {"pk": rows.world.wenxing.pk}, form=lambda _: {"name": "新网格"}),
        "desk:estate": Route("ROW", lambda rows: {"pk": rows.world.wang.estate_id}, form=lambda _: {"name": "新小区"}),
        "desk:grid": Route("ROW", lambda rows: {"pk": rows.grid.pk}, form=lambda _: {"name": "新网格"}),
        "desk:estate-remove": Route(
            "HEAD", lambda rows: {"pk": rows.world.wang.estate_id}, form=nothing, post_only=True
        ),
        "desk:grid-remove": Route("HEAD", lambda rows: {"pk": rows.grid.pk}, form=nothing, post_only=True),
        "desk:resident-helpers": Route("ROW", wang, form=nothing),
        "desk:resident-helper-end": Route(
            "ROW", lambda rows: {**wang(rows), "helper": rows.helper.pk}, form=nothing, post_only=True
        ),
        "desk:resident-card": Route("ROW", wang, form=lambda _: {"pin": "730591", "again": "730591"}),
        "desk:card-act": Route("ROW", lambda rows: {**wang(rows), "what": "end"}, form=nothing, post_only=True),
        "desk:cards-issue": Route("DESK", form=lambda rows: {"resident": [rows.world.wang.pk]}, post_only=True),
        "desk:cards-print": Route("DESK"),
        "desk:counter": Route("DESK", form=lambda _: {"q": "王"}),
        "desk:counter-person": Route(
            "ROW", wang, form=lambda rows: {"place": "1", "offered": f"night-school:{rows.course.pk}"}
        ),
        "desk:counter-act": Route("ROW", at_the_counter, form=lambda _: {"sure": "on"}),
        "desk:slips": Route("DESK"),
        "desk:slips-export": Route("DESK"),
        "desk:slip": Route("ROW", slip),
        "desk:search": Route("DESK"),
        "desk:appeals": Route("DESK"),
        "desk:appeal": Route(
            "ROW", lambda rows: {"pk": rows.appeal.pk}, form=lambda _: {"upheld": "no", "text": "核实无误"}
        ),
        "desk:appeal-file": Route(
            "ROW", lambda rows: {"pk": rows.world.wang.pk, "about": rows.appeal.about}, form=nothing
        ),
        "desk:notices": Route("DESK"),
        "desk:notice-new": Route("DESK", form=lambda rows: {"community": rows.world.wenxing.pk, "title": "公示"}),
        "desk:notices-export": Route("DESK"),
        "desk:notice": Route("ROW", notice),
        "desk:notice-add": Route("ROW", draft, form=lambda _: {"people": "单位：共建单位 结对"}, post_only=True),
        "desk:notice-drop": Route("ROW", lambda rows: draft(rows) | {"item": rows.line}, form=nothing, post_only=True),
        "desk:notice-publish": Route("HEAD", draft, form=nothing, post_only=True),
        "desk:notice-withdraw": Route("HEAD", notice, form=lambda _: {"reason": "漏列"}, post_only=True),
        "desk:notice-print": Route("ROW", notice),
        "desk:notice-object": Route("ROW", notice, form=lambda _: {"text": "电话里说的"}),
        "desk:objections": Route("DESK"),
        "desk:objection": Route(
            "ROW", lambda rows: {"pk": rows.objection.pk}, form=lambda _: {"upheld": "no", "text": "核实无误"}
        ),
        "desk:settings": Route("DESK"),
        "desk:holidays": Route(
            "STREET", street, form=lambda rows: {"first": rows.tomorrow, "name": "防汛", "is_working": "yes"}
        ),
        "desk:sms-templates": Route("STREET", street),
        "desk:sms-template": Route(
            "STREET", lambda rows: street(rows) | {"code": "class-reminder"}, form=lambda _: {"provider_id": "SMS_1001"}
        ),
        "desk:holiday-remove": Route(
            "STREET", lambda rows: {**street(rows), "pk": rows.holiday.pk}, form=nothing, post_only=True
        ),
        "desk:setting": Route(
            "STREET",
            lambda rows: {"street": rows.world.street.pk, "key": "night.remind_h"},
            form=lambda rows: {"value": 12, "starts_on": rows.tomorrow},
        ),
        "desk:rules": Route("DESK"),
        "desk:rule": Route("SHARED", rule),
        "desk:rule-new": Route(
            "STREET",
            street,
            form=lambda rows: new_version(rows) | {"code": "FITNESS", "kind": "untimed", "step": "save"},
        ),
        "desk:rule-change": Route("STREET", rule, form=lambda rows: new_version(rows) | {"step": "save"}),
        "desk:rule-withdraw": Route("STREET", rule, form=lambda rows: {"starts_on": rows.tomorrow}, post_only=True),
        "desk:correct": Route(
            "ROW", lambda rows: {"number": rows.serving.part.pk}, form=lambda _: {"minutes": 45, "reason": "记错"}
        ),
        "desk:service-record": Route("ROW", wang),
        "desk:resident-stars": Route("ROW", wang),
        "desk:sample": Route("DESK"),
        "desk:adjustments-show": Route("DESK", form=nothing, post_only=True),
        "desk:adjustment-settle": Route("ROW", adjustment, form=nothing, post_only=True),
        "desk:adjustments": Route("DESK"),
        "desk:adjustment-new": Route("DESK"),
        "desk:adjustment": Route("ROW", adjustment),
        "desk:adjustment-approve": Route("HEAD", adjustment, form=nothing, post_only=True),
        "desk:adjustment-reject": Route("HEAD", adjustment, form=lambda _: {"reason": "不对"}, post_only=True),
        "desk:resident-points": Route("ROW", wang),
        "desk:move-in": Route("DESK", form=nothing),
        "desk:move-in-take": Route("DESK", form=nothing, post_only=True),
        "desk:resident-adjust": Route("ROW", wang, form=lambda _: {"way": "give", "points": "5", "reason": "补记"}),
        "desk:take-back": Route(
            "ROW",
            lambda rows: {"pk": rows.world.wang.pk, "entry": first_award(rows.world.wang)},
            form=lambda _: {"reason": "名单记错"},
        ),
        "desk:courses": Route("DESK"),
        "desk:course-new": Route("DESK", form=nothing),
        "desk:course": Route("ROW", course),
        "desk:course-close": Route("ROW", course, form=lambda _: {"reason": "停课", "sure": "1"}),
        "desk:roster": Route("ROW", course),
        "desk:health": Route("DESK"),
        "desk:health-export": Route("DESK"),
        "desk:seat-many-slips": Route("ROW", course),
        "desk:seat-many": Route("ROW", course, form=lambda _: {"names": "王秀兰", "sure": "1"}),
        "desk:applications": Route("ROW", by_approval),
        "desk:applications-export": Route("ROW", by_approval),
        "desk:applications-draw": Route("ROW", by_draw, form=nothing, post_only=True),
        "desk:applications-approve": Route("ROW", by_approval, form=lambda rows: {"id": rows.applying.asked.pk}),
        "desk:applications-decline": Route(
            "ROW", by_approval, form=lambda rows: {"id": rows.applying.asked.pk, "reason": "满了"}
        ),
        "desk:line": Route("ROW", course),
        "desk:line-export": Route("ROW", course),
        "desk:line-move": Route("ROW", waiting, form=lambda _: {"to": "2", "reason": "登记有误"}),
        "desk:line-promote": Route("ROW", waiting, form=nothing),
        "desk:enrolments": Route("DESK"),
        "desk:enrolments-export": Route("DESK"),
        "desk:enrolments-cancel": Route("DESK", form=seats),
        "desk:books": Route("DESK"),
        "desk:books-community": Route("BOOKS", lambda rows: {"pk": rows.world.wenxing.pk}),
        "desk:books-community-export": Route("BOOKS", lambda rows: {"pk": rows.world.wenxing.pk}),
        "desk:books-street": Route("MONEY", lambda rows: {"pk": rows.world.street.pk}),
        "desk:books-street-export": Route("MONEY", lambda rows: {"pk": rows.world.street.pk}),
        "desk:partners": Route("DESK"),
        "desk:partner-new": Route("DESK", form=nothing),
        "desk:agreement": Route("ROW", agreement),
        "desk:agreement-end": Route("ROW", agreement, form=lambda rows: {"ended_on": rows.tomorrow, "reason": "搬迁"}),
        # REST
        "api:token": Route("OPEN", form=nothing, post_only=True),
        "api:schema": Route("OPEN"),
        "api:docs": Route("OPEN"),
        "api:unknown": Route("OPEN", lambda _: {"rest": "nowhere/"}),
        "api:course-list": Route("CLIENT"),
        "api:course-detail": Route("CLIENT", lambda rows: {"pk": rows.course.pk}),
        "api:resident-lookup": Route("CLIENT", form=lambda rows: {"phone": rows.world.wang.phone}, post_only=True),
        "api:wallet-balance": Route("API", lambda rows: {"pk": rows.world.wang.pk}),
        "api:wallet-statement": Route("API", lambda rows: {"pk": rows.world.wang.pk}),
        "api:rule-list": Route("CLIENT"),
        "api:notice-list": Route("CLIENT"),
        "api:notice-detail": Route("API", lambda rows: {"pk": rows.notice.pk}),
        "api:enrolment-list": Route(
            "API", form=lambda rows: {"course": rows.course.pk, "resident": rows.world.li.pk}, post_only=True
        ),
        "api:waiting-list": Route(
            "API", form=lambda rows: {"course": rows.course.pk, "resident": rows.world.li.pk}, post_only=True
        ),
        "api:waiting-detail": Route("API", lambda rows: {"pk": rows.waiting.pk}),
        "api:waiting-accept": Route("API", lambda rows: {"pk": rows.waiting.pk}, form=nothing, post_only=True),
        "api:waiting-leave": Route("API", lambda rows: {"pk": rows.waiting.pk}, form=nothing, post_only=True),
        "api:application-list": Route(
            "API", form=lambda rows: {"course": rows.applying.drawn.pk, "resident": rows.world.li.pk}, post_only=True
        ),
        "api:application-detail": Route("API", lambda rows: {"pk": rows.applying.asked.pk}),
        "api:application-withdraw": Route(
            "API", lambda rows: {"pk": rows.applying.asked.pk}, form=nothing, post_only=True
        ),
        "api:draw-detail": Route("API", lambda rows: {"pk": rows.applying.drawn.pk}),
        "api:enrolment-detail": Route("API", lambda rows: {"pk": rows.seat.pk}),
        "api:enrolment-cancel": Route(
            "API", lambda rows: {"pk": rows.seat.pk}, form=lambda _: {"reason": "停课"}, post_only=True
        ),
    }
)
