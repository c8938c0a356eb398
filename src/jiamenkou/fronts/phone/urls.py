"""The resident's shell."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.phone import about, home, inbox, me, modes, notices, offline, things

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("offline/", offline.page, name="offline"),
    path("offline/worker.js", offline.worker, name="offline-worker"),
    path("offline/key/", offline.key, name="offline-key"),
    path("search/", home.search, name="search"),
    path("me/things/", things.things, name="things"),
    path("me/messages/", inbox.inbox, name="messages"),
    path("me/messages/read/", inbox.all_read, name="messages-read"),
    path("me/messages/<int:pk>/open/", inbox.opened, name="message-open"),
    path("me/messages/<int:pk>/answer/", inbox.answered, name="message-answer"),
    path("me/", me.me, name="me"),
    path("me/acting/", me.acting, name="acting"),
    path("me/archive/", me.archive, name="archive"),
    path("me/archive/<int:pk>/drop/", me.drop, name="archive-drop"),
    path("me/privacy/", me.privacy, name="privacy"),
    path("me/notices/", notices.notices, name="notices"),
    path("me/notices/accept/", notices.accepted, name="notices-accept"),
    path("me/link/", me.link, name="link"),
    path("care/", modes.care, name="care"),
    path("dark/", modes.dark, name="dark"),
    path("community/", modes.community, name="community"),
    path("about/terms/", about.terms, name="terms"),
    path("about/privacy/", about.privacy, name="privacy-notice"),
]
