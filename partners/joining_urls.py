"""Addresses of 招募: what everybody reads, the applicant's phone, the owner's licences, the desk's pages."""

from django.urls import path

from partners.desk import applications, calls as desk_calls, joining_papers, licences as desk_licences, scoring
from partners.merchant import licences as shop
from partners.views import applying, calls

public = [
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("apply/", applying.mine, name="applications"),
    path("apply/new/", applying.new, name="apply"),
    path("apply/<int:pk>/", applying.application, name="application"),
    path("apply/<int:pk>/who/", applying.who, name="apply-who"),
    path("apply/<int:pk>/what/", applying.what, name="apply-what"),
    path("apply/<int:pk>/papers/", applying.papers, name="apply-papers"),
    path("apply/<int:pk>/licence/", applying.licence, name="apply-licence"),
    path("apply/<int:pk>/withdraw/", applying.withdraw, name="apply-withdraw"),
]
merchant = [path("licences/", shop.licences, name="licences")]
desk = [
    path("joining/", applications.listing, name="joining"),
    path("joining/export/", applications.export, name="joining-export"),
    path("joining/new/", joining_papers.new, name="joining-new"),
    path("joining/<int:pk>/", applications.application, name="joining-one"),
    path("joining/<int:pk>/edit/", joining_papers.edit, name="joining-edit"),
    path("joining/<int:pk>/licence/", joining_papers.licence, name="joining-licence"),
    path("joining/<int:pk>/do/<slug:act>/", applications.do, name="joining-do"),
    path("joining/<int:pk>/say/<slug:act>/", applications.say, name="joining-say"),
    path("calls/", desk_calls.listing, name="calls"),
    path("calls/new/", desk_calls.new, name="call-new"),
    path("calls/<int:pk>/", desk_calls.call, name="call"),
    path("calls/<int:pk>/edit/", desk_calls.edit, name="call-edit"),
    path("calls/<int:pk>/do/<slug:act>/", desk_calls.do, name="call-do"),
    path("calls/<int:pk>/say/<slug:act>/", desk_calls.say, name="call-say"),
    path("calls/<int:pk>/reviewers/", scoring.begin, name="call-reviewers"),
    path("calls/reviewers/<int:pk>/", scoring.excuse, name="call-excuse"),
    path("calls/<int:pk>/paper/", scoring.paper, name="call-paper"),
    path("calls/marks/<int:pk>/", scoring.mark, name="call-mark"),
    path("licences/", desk_licences.listing, name="licences"),
    path("licences/<int:pk>/check/", desk_licences.check, name="licence-check"),
    path("licences/<int:pk>/photo/", desk_licences.photo, name="licence-photo"),
]
