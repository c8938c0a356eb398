"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.jobs.desk import applications, feeds, follow_ups, intentions, people, sheets, vacancies

urlpatterns: list[URLPattern] = [
    path("jobs/vacancies/", vacancies.listing, name="vacancies"),
    path("jobs/vacancies/new/", vacancies.edit, name="vacancy-new"),
    path("jobs/vacancies/template/", sheets.vacancy_template, name="vacancy-template"),
    path("jobs/vacancies/import/", sheets.vacancy_import, name="vacancy-import"),
    path("jobs/vacancies/export/", sheets.export_vacancies, name="vacancies-export"),
    path("jobs/applications/export/", sheets.export_applications, name="applications-export"),
    path("jobs/intentions/export/", sheets.export_intentions, name="intentions-export"),
    path("jobs/fill/", sheets.fill_form, name="fill"),
    path("jobs/vacancies/<int:pk>/", vacancies.detail, name="vacancy"),
    path("jobs/vacancies/<int:pk>/edit/", vacancies.edit, name="vacancy-edit"),
    path("jobs/vacancies/<int:pk>/act/", vacancies.act, name="vacancy-act"),
    path("jobs/vacancies/<int:pk>/people/", people.people, name="people"),
    path("jobs/vacancies/<int:pk>/recommend/", people.recommend_people, name="recommend"),
    path("jobs/feeds/", feeds.listing, name="feeds"),
    path("jobs/feeds/new/", feeds.edit, name="feed-new"),
    path("jobs/feeds/<int:pk>/", feeds.edit, name="feed"),
    path("jobs/feeds/<int:pk>/act/", feeds.act, name="feed-act"),
    path("jobs/applications/", applications.listing, name="applications"),
    path("jobs/board/", applications.board, name="board"),
    path("jobs/applications/<int:pk>/", applications.detail, name="application"),
    path("jobs/applications/<int:pk>/move/", applications.move, name="application-move"),
    path("jobs/applications/<int:pk>/start/", applications.start, name="application-start"),
    path("jobs/applications/<int:pk>/chased/", applications.chased, name="application-chased"),
    path("jobs/intentions/", intentions.listing, name="intentions"),
    path("jobs/intentions/<int:pk>/", intentions.edit, name="intention"),
    path("jobs/intentions/<int:pk>/call/", intentions.call, name="intention-call"),
    path("jobs/intentions/for/<int:resident>/", intentions.edit, name="intention-new"),
    path("jobs/follow-ups/<int:pk>/", follow_ups.follow_up, name="follow-up"),
    path("jobs/placements/", follow_ups.placements, name="placements"),
    path("jobs/round/", intentions.phone_round, name="round"),
]
