"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.jobs.desk import (
    applications,
    employers,
    feeds,
    follow_ups,
    intentions,
    occupations,
    paste,
    people,
    poster,
    vacancies,
)

urlpatterns: list[URLPattern] = [
    path("jobs/vacancies/", vacancies.listing, name="vacancies"),
    path("jobs/vacancies/new/", vacancies.edit, name="vacancy-new"),
    path("jobs/vacancies/<int:pk>/", vacancies.detail, name="vacancy"),
    path("jobs/vacancies/<int:pk>/edit/", vacancies.edit, name="vacancy-edit"),
    path("jobs/vacancies/<int:pk>/act/", vacancies.act, name="vacancy-act"),
    path("jobs/vacancies/<int:pk>/poster/", poster.poster, name="vacancy-poster"),
    path("jobs/employers/", employers.listing, name="employers"),
    path("jobs/employers/<int:pk>/", employers.detail, name="employer"),
    path("jobs/employers/<int:pk>/licence/", employers.licence, name="employer-licence"),
    path("jobs/employers/<int:pk>/link/", employers.link, name="employer-make-link"),
    path("jobs/employers/<int:pk>/links/<int:link>/revoke/", employers.revoke, name="employer-revoke-link"),
    path("jobs/paste/", paste.paste, name="paste"),
    path("jobs/occupations/", occupations.suggestions, name="occupations"),
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
