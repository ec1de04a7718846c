"""Addresses of billing: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.centre import bills as till
from childcare.desk import bills, bills_mending as mending, bills_refunds as refunds
from childcare.views import bills as mine

family: list[URLPattern] = [
    path("bills/", mine.listing, name="bills"),
    path("bills/<int:pk>/", mine.bill, name="bill"),
    path("bills/<int:pk>/offset/", mine.offset, name="bill-offset"),
    path("bills/<int:pk>/undo/", mine.undo, name="bill-undo"),
    path("bills/<int:pk>/take/", mine.take, name="bill-take"),
    path("bills/<int:pk>/paper/", mine.paper, name="bill-paper"),
]
desk: list[URLPattern] = [
    path("care/bills/", bills.listing, name="care-bills"),
    path("care/bills/export/", bills.export, name="care-bills-export"),
    path("care/bills/print/", bills.paper, name="care-bills-print"),
    path("care/bills/run/", bills.run, name="care-bill-run"),
    path("care/bills/adjustments/", mending.adjustments, name="care-adjustments"),
    path("care/bills/adjustments/<int:pk>/approve/", mending.approve, name="care-adjustment-approve"),
    path("care/bills/adjustments/<int:pk>/decline/", mending.decline, name="care-adjustment-decline"),
    path("care/bills/payments/<int:pk>/void/", mending.void, name="care-payment-void"),
    path("care/bills/refunds/", refunds.refunds, name="care-refunds"),
    path("care/bills/refunds/<int:pk>/", refunds.refund, name="care-refund"),
    path("care/places/<int:pk>/payer/", refunds.payer, name="care-place-payer"),
    path("care/bills/<int:pk>/", bills.bill, name="care-bill"),
    path("care/bills/<int:pk>/paper/", bills.bill_paper, name="care-bill-paper"),
    path("care/bills/<int:pk>/freeze/", bills.freeze, name="care-bill-freeze"),
    path("care/bills/<int:pk>/adjust/", mending.adjust, name="care-bill-adjust"),
    path("care/bills/<int:pk>/pay/", mending.pay, name="care-bill-pay"),
]
centre: list[URLPattern] = [
    path("bills/", till.listing, name="bills"),
    path("bills/<int:pk>/", till.bill, name="bill"),
    path("bills/payments/<int:pk>/void/", till.void, name="bill-void"),
]
