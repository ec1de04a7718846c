"""Addresses of promises kept, complaints, suspending and leaving (partners/urls.py takes them in)."""

from django.urls import path

from partners.desk import complaints as desk_complaints, deliveries, evaluations, standing as desk_standing
from partners.merchant import promises, standing
from partners.views import been, complaints, leaving

public = [
    path("ended/", leaving.ended, name="ended"),
    path("been/<slug:token>/", been.been, name="been"),
    path("rate/<int:pk>/", leaving.rate, name="rate"),
    path("complaints/", complaints.mine, name="complaints"),
    path("complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("<int:partner_id>/complain/", complaints.new, name="complain"),
]
merchant = [
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:pk>/report/", promises.report, name="report"),
    path("deliveries/<int:pk>/", promises.delivery, name="delivery"),
    path("deliveries/<int:pk>/photo/", promises.photo, name="delivery-photo"),
    path("rooms/", promises.rooms, name="rooms"),
    path("complaints/", standing.complaints, name="complaints"),
    path("leaving/", standing.leaving, name="leaving"),
    path("leaving/<int:pk>/answer/", standing.answer, name="leaving-answer"),
]
desk = [
    path("partners/deliveries/", deliveries.deliveries, name="deliveries"),
    path("partners/deliveries/export/", deliveries.export, name="deliveries-export"),
    path("partners/deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("partners/deliveries/<int:pk>/settle/", deliveries.settle, name="delivery-settle"),
    path("partners/deliveries/<int:pk>/photo/", deliveries.photo, name="delivery-photo"),
    path("partners/<int:agreement_id>/deliver/", deliveries.report, name="deliver"),
    path("partners/balance/", deliveries.rooms, name="balance"),
    path("partners/balance/export/", deliveries.rooms_export, name="balance-export"),
    path("partners/grants/<int:pk>/series/", deliveries.series_of, name="grant-series"),
    path("partners/<int:agreement_id>/balance/", deliveries.rooms_of, name="balance-months"),
    path("partners/complaints/", desk_complaints.complaints, name="complaints"),
    path("partners/complaints/export/", desk_complaints.export, name="complaints-export"),
    path("partners/complaints/print/", desk_complaints.printed, name="complaints-print"),
    path("partners/complaints/new/", desk_complaints.new, name="complaint-new"),
    path("partners/complaints/<int:pk>/", desk_complaints.complaint, name="complaint"),
    path("partners/complaints/<int:pk>/accept/", desk_complaints.accept, name="complaint-accept"),
    path("partners/complaints/<int:pk>/reopen/", desk_complaints.reopen, name="complaint-reopen"),
    path("partners/leavings/", desk_standing.leavings, name="leavings"),
    path("partners/leavings/<int:pk>/", desk_standing.leaving, name="leaving"),
    path("partners/leavings/<int:pk>/decide/", desk_standing.decide, name="leaving-decide"),
    path("partners/leavings/<int:pk>/done/", desk_standing.finish, name="leaving-done"),
    path("partners/<int:agreement_id>/standing/", desk_standing.standing, name="standing"),
    path("partners/<int:agreement_id>/suspend/", desk_standing.suspend, name="suspend"),
    path("partners/<int:agreement_id>/leave/", desk_standing.begin, name="leave"),
    path("partners/suspensions/<int:pk>/lift/", desk_standing.lift, name="lift"),
    path("partners/visits/", evaluations.visits, name="shop-visits"),
    path("partners/evaluations/", evaluations.evaluations, name="evaluations"),
    path("partners/<int:agreement_id>/evaluate/", evaluations.evaluate, name="evaluate"),
]
