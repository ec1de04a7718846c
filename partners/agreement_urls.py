"""The addresses of agreements: public, on the owner's phone, at the desk (partners/urls.py)."""

from django.urls import path

from partners.desk import agreements, ceremonies as desk_ceremonies, drafts, partner_files, signatures, wordings
from partners.merchant import agreements as own
from partners.views import ceremonies

public = [
    path("ceremonies/", ceremonies.listing, name="ceremonies"),
    path("ceremonies/<int:pk>/", ceremonies.one, name="ceremony"),
    path("agreements/<slug:mark>/", ceremonies.check, name="check"),
]
merchant = [
    path("agreements/", own.listing, name="agreements"),
    path("agreements/<int:agreement_id>/", own.one, name="agreement"),
    path("agreements/<int:agreement_id>/code/", own.code, name="agreement-code"),
    path("agreements/<int:agreement_id>/end/<slug:act>/", own.end_agreed, name="agreement-end"),
    path("agreements/<int:agreement_id>/print/", own.printed, name="agreement-print"),
    path("agreements/<int:agreement_id>/papers/<int:pk>/", own.picture, name="agreement-picture"),
]
desk = [
    path("partners/", agreements.partners, name="partners"),
    path("partners/export/", agreements.export, name="partners-export"),
    path("partners/print/", agreements.printed, name="partners-print"),
    path("partners/roster/", partner_files.roster, name="partners-roster"),
    path("partners/new/", agreements.new, name="partner-new"),
    path("partners/draft/", drafts.new, name="agreement-draft"),
    path("partners/file/<int:partner_id>/", partner_files.one, name="partner-file"),
    path("partners/file/<int:partner_id>/edit/", partner_files.edit, name="partner-edit"),
    path("partners/wordings/", wordings.listing, name="agreement-wordings"),
    path("partners/wordings/new/", wordings.new, name="agreement-wording-new"),
    path("partners/wordings/<int:pk>/", wordings.one, name="agreement-wording"),
    path("partners/wordings/<int:pk>/approve/", wordings.approve, name="agreement-wording-approve"),
    path("partners/ceremonies/", desk_ceremonies.listing, name="ceremonies"),
    path("partners/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("partners/<int:agreement_id>/end/", agreements.end, name="agreement-end"),
    path("partners/<int:agreement_id>/end/<slug:act>/", agreements.end_agreed, name="agreement-end-agreed"),
    path("partners/<int:agreement_id>/edit/", drafts.edit, name="agreement-edit"),
    path("partners/<int:agreement_id>/retype/", drafts.retype, name="agreement-retype"),
    path("partners/<int:agreement_id>/send/", drafts.send, name="agreement-send"),
    path("partners/<int:agreement_id>/recall/", drafts.recall, name="agreement-recall"),
    path("partners/<int:agreement_id>/renew/", drafts.renew, name="agreement-renew"),
    path("partners/<int:agreement_id>/void/", drafts.void, name="agreement-void"),
    path("partners/<int:agreement_id>/attach/", drafts.attach, name="agreement-attach"),
    path("partners/<int:agreement_id>/papers/<int:pk>/", drafts.picture, name="agreement-picture"),
    path("partners/<int:agreement_id>/papers/<int:pk>/remove/", drafts.detach, name="agreement-detach"),
    path("partners/<int:agreement_id>/sign/", signatures.sign, name="agreement-sign"),
    path("partners/<int:agreement_id>/code/", signatures.code, name="agreement-code"),
    path("partners/<int:agreement_id>/on-paper/", signatures.on_paper, name="agreement-on-paper"),
    path("partners/<int:agreement_id>/print/", signatures.printed, name="agreement-print"),
    path("partners/<int:agreement_id>/verify/", signatures.verify, name="agreement-verify"),
]
