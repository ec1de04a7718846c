"""/api/v1/: every app's viewsets, answered once where they move points or take a seat."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

import activities.api.activities
import activities.api.certificates
import activities.api.deeds
import activities.api.hours
import activities.api.participations
import activities.api.posts
import childcare.api.bills
import childcare.api.days
import childcare.api.enrolment
import childcare.api.handover
import childcare.api.places
import childcare.api.watching
import communities.api
import nightschool.api.applications
import nightschool.api.attendances
import nightschool.api.classes
import nightschool.api.courses
import nightschool.api.drafts
import nightschool.api.line
import partners.api.agreements
import partners.api.appointments
import partners.api.gifts
import partners.api.joining
import partners.api.obligations
import partners.api.redemptions
import partners.api.statements
import partners.api.vouchers
import points.api
import venues.api.bookings
import venues.api.free
import venues.api.rooms
import venues.api.uses
from integrations import views
from integrations.idempotency import answers_once

router = SimpleRouter(use_regex_path=False)
router.register("courses", answers_once(nightschool.api.drafts.Courses, "create", "open", "close", "seats"), "course")
router.register("terms", nightschool.api.classes.Terms, "term")
router.register("classes", answers_once(nightschool.api.classes.Classes, "move", "call_off"), "class")
router.register("enrolments", answers_once(nightschool.api.courses.Enrolments, "create", "cancel"), "enrolment")
router.register("waitings", answers_once(nightschool.api.line.Waitings, "create", "accept", "leave"), "waiting")
router.register(
    "applications", answers_once(nightschool.api.applications.Applications, "create", "withdraw"), "application"
)
router.register("draws", nightschool.api.applications.Draws, "draw")
router.register(
    "attendances", answers_once(nightschool.api.attendances.Attendances, "create", "take_back"), "attendance"
)
router.register("completions", nightschool.api.attendances.Completions, "completion")
router.register(
    "activities",
    answers_once(activities.api.activities.Activities, "create", "publish", "cancel", "finish"),
    "activity",
)
router.register(
    "participations",
    answers_once(activities.api.participations.Participations, "create", "withdraw", "record", "absent"),
    "participation",
)
router.register("rooms", venues.api.rooms.Rooms, "room")
router.register("rooms", venues.api.free.Free, "free-room")
router.register("bookings", answers_once(venues.api.bookings.Bookings, "create", "cancel", "keep"), "booking")
router.register("room-uses", answers_once(venues.api.uses.RoomUses, "create", "end"), "room-use")
router.register("posts", activities.api.posts.Posts, "post")
router.register("holdings", answers_once(activities.api.posts.Holdings, "create"), "holding")
router.register("duty-months", answers_once(activities.api.posts.Months, "create"), "duty-month")
router.register("certificates/check", activities.api.certificates.Certificates, "certificate-check")
router.register("agreements", partners.api.agreements.Agreements, "agreement")
router.register("partner-calls", partners.api.joining.Calls, "partner-call")
router.register(
    "partner-applications",
    answers_once(partners.api.joining.PartnerApplications, "create", "lookups", "check"),
    "partner-application",
)
router.register("gifts", partners.api.gifts.Gifts, "gift")
router.register("exchanges", answers_once(partners.api.gifts.Exchanges, "create", "back"), "exchange")
router.register("offers", partners.api.vouchers.Offers, "offer")
router.register("vouchers", answers_once(partners.api.vouchers.Vouchers, "create", "back", "cancel"), "voucher")
router.register("deliveries", answers_once(partners.api.obligations.Deliveries, "create"), "delivery")
router.register("balances", partners.api.obligations.Balances, "balance")
router.register("complaints", answers_once(partners.api.obligations.Complaints, "create"), "complaint")
router.register(
    "appointments", answers_once(partners.api.appointments.Appointments, "confirm", "decline"), "appointment"
)
router.register("slots", answers_once(partners.api.appointments.Slots, "create", "remove"), "slot")
router.register("redemptions", answers_once(partners.api.redemptions.Redemptions, "create"), "redemption")
router.register("statements", partners.api.statements.Statements, "statement")
router.register("care-centres", childcare.api.places.CareCentres, "care-centre")
router.register("care-groups", childcare.api.places.CareGroups, "care-group")
router.register(
    "care-places", answers_once(childcare.api.places.CarePlaces, "create", "accept", "decline", "end"), "care-place"
)
router.register("care-bills", childcare.api.bills.CareBills, "care-bill")
router.register("care-offsets", answers_once(childcare.api.bills.CareOffsets, "create", "undo"), "care-offset")
router.register("care-payments", answers_once(childcare.api.bills.CarePayments, "create"), "care-payment")
router.register("services", activities.api.hours.Services, "service")
router.register("residents", activities.api.hours.Hours, "hours")
router.register("care-attendances", answers_once(childcare.api.days.CareAttendances, "create"), "care-attendance")
router.register("care-leaves", answers_once(childcare.api.days.CareLeaves, "create", "take_back"), "care-leave")
router.register("deeds", answers_once(activities.api.deeds.Deeds, "create"), "deed")
router.register("residents", communities.api.Residents, "resident")
router.register("residents", points.api.Wallets, "wallet")
router.register(
    "care-enrolments", answers_once(childcare.api.enrolment.CareEnrolments, "create", "withdraw"), "care-enrolment"
)
router.register("care-children", answers_once(childcare.api.enrolment.CareChildren, "withdraw"), "care-child")
router.register("care-handovers", childcare.api.handover.CareHandovers, "care-handover")
router.register("care-pickups", answers_once(childcare.api.handover.CarePickups, "create"), "care-pickup")
router.register("care-audits", childcare.api.watching.CareAudits, "care-audit")
router.register("rules", points.api.Rules, "rule")
router.register("notices", communities.api.Notices, "notice")
router.register("evidence", communities.api.Evidences, "evidence")

app_name = "api"
urlpatterns = [
    path("oauth/token/", views.Token.as_view(), name="token"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", views.Docs.as_view(), name="docs"),
    path("", include(router.urls)),
    path("<path:rest>", views.unknown, name="unknown"),
]
