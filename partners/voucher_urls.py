"""Addresses of using vouchers: partners/urls.py puts them among the others."""

from django.urls import path

from partners.desk import shop_phones, uses, vouchers
from partners.merchant import phones, redeeming, shop

open_patterns = [path("v/<slug:token>/", redeeming.code, name="voucher-code")]
merchant_patterns = [
    path("check/", redeeming.check, name="check"),
    path("history/", shop.history, name="history"),
    path("more/", shop.more, name="more"),
    path("phones/", phones.phones, name="phones"),
    path("phones/<int:pk>/remove/", phones.remove, name="phone-remove"),
    path("uses/<int:pk>/undo/", redeeming.undo, name="undo"),
]
desk_patterns = [
    path("vouchers/", vouchers.listing, name="vouchers"),
    path("vouchers/<int:pk>/", vouchers.voucher, name="voucher"),
    path("vouchers/<int:pk>/back/", vouchers.give_back, name="voucher-back"),
    path("vouchers/<int:pk>/freeze/", vouchers.freeze, name="voucher-freeze"),
    path("vouchers/<int:pk>/unfreeze/", vouchers.unfreeze, name="voucher-unfreeze"),
    path("uses/", uses.listing, name="uses"),
    path("uses/export/", uses.export, name="uses-export"),
    path("uses/enter/", uses.enter, name="use-enter"),
    path("uses/sheet/", uses.sheet, name="use-sheet"),
    path("uses/<int:pk>/", uses.use, name="use"),
    path("uses/<int:pk>/undo/", uses.undo, name="use-undo"),
    path("partners/phones/<int:partner_id>/", shop_phones.phones, name="shop-phones"),
]
