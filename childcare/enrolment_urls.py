"""Addresses of enrolment: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.desk import children, enrolment_counter as counter, enrolments
from childcare.views import enrolment, family as mine

family: list[URLPattern] = [
    path("", mine.home, name="home"),
    path("agreement/", mine.agreement, name="agreement"),
    path("enrol/", enrolment.new, name="enrol"),
    path("enrolments/<int:pk>/", enrolment.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/steps/<int:at>/", enrolment.step, name="enrol-step"),
    path("enrolments/<int:pk>/withdraw/", enrolment.withdraw, name="enrol-withdraw"),
    path("children/<int:pk>/", mine.child, name="child"),
    path("children/<int:pk>/facts/", mine.facts, name="child-facts"),
    path("children/<int:pk>/contacts/", mine.contact_list, name="child-contacts"),
    path("children/<int:pk>/health/", mine.health_form, name="child-health"),
    path("children/<int:pk>/consents/", mine.consents, name="consents"),
    path("children/<int:pk>/consents/agree/", mine.agree, name="consent-agree"),
    path("children/<int:pk>/consents/withdraw/", mine.withdraw, name="consent-withdraw"),
]
desk: list[URLPattern] = [
    path("care/enrolments/", enrolments.listing, name="care-enrolments"),
    path("care/enrolments/<int:pk>/", enrolments.enrolment, name="care-enrolment"),
    path("care/enrolments/<int:pk>/decline/", enrolments.decline, name="care-enrolment-decline"),
    path("care/enrolments/<int:pk>/withdraw/", counter.withdraw, name="care-enrolment-withdraw"),
    path("care/counter/<int:pk>/", counter.new, name="care-counter-new"),
    path("care/counter/drafts/<int:pk>/", counter.draft, name="care-counter-draft"),
    path("care/counter/drafts/<int:pk>/steps/<int:at>/", counter.step, name="care-counter-step"),
    path("care/children/", children.listing, name="care-children"),
    path("care/children/print/", children.paper, name="care-children-print"),
    path("care/children/export/", children.export, name="care-children-export"),
    path("care/children/<int:pk>/", children.child, name="care-child"),
    path("care/children/<int:pk>/facts/", children.facts, name="care-child-facts"),
    path("care/children/<int:pk>/contacts/", children.contact_list, name="care-child-contacts"),
    path("care/children/<int:pk>/health/", children.health_form, name="care-child-health"),
    path("care/children/<int:pk>/carer/", children.carer, name="care-child-carer"),
    path("care/carers/<int:pk>/end/", children.carer_end, name="care-carer-end"),
]
centre: list[URLPattern] = []
