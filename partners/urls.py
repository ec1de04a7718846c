from django.urls import path

from partners.desk import agreements, gifts as desk_gifts
from partners.views import gifts, partners

app_name = "partners"
urlpatterns = [
    path("", partners.partners, name="list"),
    path("<int:partner_id>/", partners.partner, name="detail"),
]
gift_patterns = [
    path("", gifts.listing, name="list"),
    path("mine/", gifts.mine, name="mine"),
    path("mine/<int:pk>/", gifts.ticket, name="ticket"),
    path("mine/<int:pk>/back/", gifts.give_back, name="back"),
    path("code/<slug:token>/", gifts.check, name="check"),
    path("<int:pk>/", gifts.gift, name="gift"),
]
desk_patterns = [
    path("partners/", agreements.partners, name="partners"),
    path("partners/new/", agreements.new, name="partner-new"),
    path("partners/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("partners/<int:agreement_id>/end/", agreements.end, name="agreement-end"),
    path("gifts/", desk_gifts.listing, name="gifts"),
    path("gifts/new/", desk_gifts.new, name="gift-new"),
    path("gifts/<int:pk>/", desk_gifts.gift, name="gift"),
    path("gifts/<int:pk>/close/", desk_gifts.close, name="gift-close"),
    path("gifts/exchanges/", desk_gifts.exchanges, name="exchanges"),
    path("gifts/exchanges/export/", desk_gifts.export, name="exchanges-export"),
    path("gifts/exchanges/<int:pk>/", desk_gifts.exchange, name="exchange"),
    path("gifts/exchanges/<int:pk>/hand-out/", desk_gifts.hand_out, name="exchange-hand-out"),
    path("gifts/exchanges/<int:pk>/back/", desk_gifts.give_back, name="exchange-back"),
]
