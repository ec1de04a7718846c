"""Addresses of settling: the desk's, the owner's on the phone, and what everybody reads."""

from django.urls import path

from partners.desk import liability, statements
from partners.merchant import statements as shop
from partners.views import posting

public = [path("posting/", posting.quarterly, name="posting")]
merchant = [
    path("statements/", shop.listing, name="statements"),
    path("statements/<int:pk>/", shop.statement, name="statement"),
    path("statements/<int:pk>/agree/", shop.agree, name="statement-agree"),
    path("statements/<int:pk>/dispute/", shop.dispute, name="statement-dispute"),
    path("statements/<int:pk>/file/", shop.file, name="statement-file"),
    path("statements/<int:pk>/paper/", shop.paper, name="statement-paper"),
]
desk = [
    path("statements/", statements.listing, name="statements"),
    path("statements/export/", statements.export, name="statements-export"),
    path("statements/draw/", statements.draw, name="statement-draw"),
    path("statements/<int:pk>/", statements.statement, name="statement"),
    path("statements/<int:pk>/file/", statements.file, name="statement-file"),
    path("statements/<int:pk>/paper/", statements.paper, name="statement-paper"),
    path("statements/<int:pk>/redraw/", statements.redraw, name="statement-redraw"),
    path("statements/<int:pk>/signed/", statements.signed_on_paper, name="statement-signed"),
    path("statements/<int:pk>/answer/", statements.answer, name="statement-answer"),
    path("statements/<int:pk>/back/", statements.send_back, name="statement-back"),
    path("statements/<int:pk>/freeze/", statements.freeze, name="statement-freeze"),
    path("statements/<int:pk>/pay/", statements.pay, name="statement-pay"),
    path("statements/<int:pk>/correct/", statements.correct, name="statement-correct"),
    path("statements/corrections/<int:pk>/approve/", statements.approve, name="settling-approve"),
    path("statements/corrections/<int:pk>/drop/", statements.drop, name="settling-drop"),
    path("liability/", liability.index, name="liability"),
    path("liability/<int:pk>/", liability.community, name="liability-community"),
    path("liability/<int:pk>/export/", liability.community_export, name="liability-community-export"),
    path("liability/street/<int:pk>/", liability.sub_district, name="liability-street"),
    path("liability/street/<int:pk>/export/", liability.sub_district_export, name="liability-street-export"),
]
