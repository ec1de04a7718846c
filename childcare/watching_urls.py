"""Addresses of watching: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.desk import audit, audit_incidents, audit_looks
from childcare.views import looks

family: list[URLPattern] = [path("children/<int:pk>/looks/", looks.listing, name="looks")]
desk: list[URLPattern] = [
    path("care/audit/", audit.index, name="care-audit"),
    path("care/audit/<int:pk>/", audit.community, name="care-audit-community"),
    path("care/audit/<int:pk>/file/", audit.community_file, name="care-audit-community-file"),
    path("care/audit/street/<int:street>/", audit.street, name="care-audit-street"),
    path("care/audit/street/<int:street>/file/", audit.street_file, name="care-audit-street-file"),
    path("care/audit/street/<int:street>/<int:year>/report/", audit.report, name="care-audit-report"),
    path("care/incidents/", audit_incidents.listing, name="care-incidents"),
    path("care/incidents/new/", audit_incidents.new, name="care-incident-new"),
    path("care/incidents/<int:pk>/note/", audit_incidents.note, name="care-incident-note"),
    path("care/children/<int:pk>/looks/", audit_looks.listing, name="care-looks"),
]
centre: list[URLPattern] = []
