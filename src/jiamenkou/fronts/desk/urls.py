"""Addresses of the desk's own pages. Rooms hang theirs beside them."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.desk import (
    account,
    acts,
    file,
    households,
    imports,
    messages,
    register,
    residents,
    search,
    transfers,
    views,
)

urlpatterns: list[URLPattern] = [
    path("desk/", views.today, name="desk"),
    path("desk/residents/", residents.listing, name="residents"),
    path("desk/residents/find/", residents.find, name="residents-find"),
    path("desk/residents/columns/", residents.choose_columns, name="residents-columns"),
    path("desk/residents/export/", residents.export, name="residents-export"),
    path("desk/residents/new/", register.look, name="resident-new"),
    path("desk/residents/new/form/", register.create, name="resident-create"),
    path("desk/residents/new/transfer/", register.ask, name="resident-transfer"),
    path("desk/residents/template.xlsx", imports.template, name="import-template"),
    path("desk/residents/import/", imports.choose, name="import-choose"),
    path("desk/residents/import/<int:pk>/", imports.look, name="import"),
    path("desk/residents/import/<int:pk>/errors.xlsx", imports.errors, name="import-errors"),
    path("desk/residents/import/<int:pk>/cell/", imports.cell, name="import-cell"),
    path("desk/residents/import/<int:pk>/transfer/", imports.transfer, name="import-transfer"),
    path("desk/residents/import/<int:pk>/write/", imports.write, name="import-write"),
    path("desk/residents/import/<int:pk>/stop/", imports.stop, name="import-stop"),
    path("desk/residents/import/<int:pk>/abandon/", imports.abandon, name="import-abandon"),
    path("desk/residents/<int:pk>/", file.detail, name="resident"),
    path("desk/residents/<int:pk>/edit/", acts.edit, name="resident-edit"),
    path("desk/residents/<int:pk>/numbers/", acts.numbers, name="resident-numbers"),
    path("desk/residents/<int:pk>/death/", acts.death, name="resident-death"),
    path("desk/residents/<int:pk>/move/", acts.move, name="resident-move"),
    path("desk/residents/<int:pk>/account/", acts.account, name="resident-account"),
    path("desk/residents/<int:pk>/archive/", acts.archive, name="resident-archive"),
    path("desk/residents/<int:pk>/archive/<int:item>/drop/", acts.archive_drop, name="resident-archive-drop"),
    path("desk/residents/<int:pk>/consent/", acts.consent, name="resident-consent"),
    path("desk/residents/<int:pk>/consent/withdraw/", acts.consent_withdraw, name="resident-consent-withdraw"),
    path("desk/households/", households.listing, name="households"),
    path("desk/households/<int:pk>/", households.detail, name="household"),
    path("desk/messages/", messages.not_reached, name="desk-messages"),
    path("desk/messages/<int:pk>/called/", messages.called, name="desk-message-called"),
    path("desk/search/", search.results, name="desk-search"),
    path("desk/me/", account.me, name="desk-me"),
    path("desk/me/look/", account.look, name="desk-look"),
    path("desk/transfers/", transfers.listing, name="transfers"),
    path("desk/transfers/<int:pk>/", transfers.answer, name="transfer"),
]
