"""Parts that stand on a page by the dozen, drawn here: a template of their own would cost more than what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiamenkou.fronts.icons import NAMES
from jiamenkou.fronts.markup import markup, markup_each

TONES = ("green", "blue", "orange", "violet", "teal", "red")
NOTHING = SafeString("")
CURRENT = SafeString(' aria-current="page"')


@cache
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Drawn once: a page holds dozens, and the address of the sprite stays while the process lives."""
    if name not in NAMES:
        raise TemplateSyntaxError(f"no icon {name!r}: add it to fronts/icons.py and run tools/icons.py")
    known_as = markup('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = f"i {css}" if css else "i"
    return markup('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, known_as, static("icons.svg"), name)


def square(name: str, tone: str, size: str, badge: int) -> SafeString:
    count = markup('<span class="badge">{}</span>', badge) if badge else NOTHING
    return markup('<span class="square {} {}">{}{}</span>\n', tone, size, icon(name), count)


def avatar(name: str, tone: str, size: str) -> SafeString:
    chosen = tone or TONES[sum(map(ord, name)) % len(TONES)]
    return markup('<span class="avatar {} {}" aria-hidden="true">{}</span>\n', chosen, size, name[:1])


def item(title: str, sub: str, href: str, drawn: SafeString, end: str, extra: SafeString) -> SafeString:
    """``drawn``: the square or the avatar at its head."""
    inside = markup(
        '{}\n  <span class="grow"><b>{}</b>{}</span>\n  {}\n  ',
        drawn,
        title,
        markup('<span class="meta block">{}</span>', sub) if sub else NOTHING,
        markup('<span class="cap nowrap">{}</span>', end) if end else NOTHING,
    )
    if href:
        return markup(
            '\n<li><a class="item" href="{}"{}>{}{}</a></li>\n', href, extra, inside, icon("chevron-right", "chevron")
        )
    return markup('\n<li><div class="item"{}>{}</div></li>\n', extra, inside)


def why(reasons: Iterable[object], minds: Iterable[object], *, long: bool) -> SafeString:
    """The same words as the match engine's: ✓ for, ⚠ against."""
    mark = icon("circle-check" if long else "check")
    said = markup_each("<li>{}<span>{}</span></li>", ((mark, reason) for reason in reasons))
    against = markup_each('<li class="mind">{}<span>{}</span></li>', ((icon("circle-alert"), mind) for mind in minds))
    return markup('\n<ul class="why{}">\n  {}\n  {}\n</ul>\n', " long" if long else "", said, against)


def doors(tiles: Iterable[Mapping[str, Any]]) -> SafeString:
    each = markup_each(
        '<li><a href="{}">{}<b>{}</b>{}</a></li>',
        (
            (
                door["href"],
                square(door["icon"], door["tone"], "l", 0),
                door["label"],
                markup('<span class="cap extra">{}</span>', door["sub"]) if door["sub"] else NOTHING,
            )
            for door in tiles
        ),
    )
    return markup('<nav class="card" aria-label="{}">\n  <ul class="doors">{}</ul>\n</nav>\n', _("要办什么"), each)


def tab_bar(tabs: Iterable[Mapping[str, Any]]) -> SafeString:
    unit = _("件")
    each = markup_each(
        '<a href="{}"{}>{}<span>{}</span>{}</a>',
        (
            (
                tab["href"],
                CURRENT if tab["active"] else NOTHING,
                icon(tab["icon"]),
                tab["label"],
                markup('<span class="badge">{}<span class="seen-not">{}</span></span>', tab["count"], unit)
                if tab["count"]
                else NOTHING,
            )
            for tab in tabs
        ),
    )
    return markup('<nav class="tabs" aria-label="{}">{}</nav>\n', _("主导航"), each) if each else NOTHING


def entries(of_menu: Iterable[Mapping[str, Any]]) -> SafeString:
    """Lines of the desk's menu."""
    return markup_each(
        '<li><a href="{}"{}>{}<span class="word">{}</span>{}</a></li>\n',
        (
            (
                one["href"],
                CURRENT if one["active"] else NOTHING,
                icon(one["icon"]),
                one["label"],
                NOTHING
                if one["count"] is None
                else markup('<span class="count{}">{}</span>', " hot" if one["hot"] else "", one["count"]),
            )
            for one in of_menu
        ),
    )


def measures(figures: Iterable[Mapping[str, Any]]) -> SafeString:
    """Figures with their lists: label, value (None is a dash), unit, href, about."""
    return markup_each(
        '<a class="measure" href="{}"><div><p class="meta">{}</p><p><span class="figure">{}</span> {} '
        '<span class="meta">{}</span></p></div></a>\n',
        (
            (one["href"], one["label"], "—" if one["value"] is None else one["value"], one["unit"], one["about"])
            for one in figures
        ),
    )
