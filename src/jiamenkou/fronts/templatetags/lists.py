"""The staff's lists: counters, saved views, conditions, sortable heads, the foot with pages.

A list page keeps everything in its URL: ``?grid=3&sort=-name&page=2``; these tags only write such addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.utils.safestring import SafeString

from jiamenkou.fronts import parts
from jiamenkou.fronts.markup import markup, markup_each
from jiamenkou.fronts.shape import address, all_filled
from jiamenkou.fronts.templatetags.look import button, framed, icon

register = template.Library()

Items = Iterable[object] | None


@register.inclusion_tag("components/counter.html")
def counter(
    label: str, value: object, href: str, icon: str, tone: str = "green", why: str = "", key: str = ""
) -> dict[str, Any]:
    """A figure that is a link to its list. why: one line under it. key: the key that opens it (``1``)."""
    return {"label": label, "value": value, "href": href, "icon": icon, "tone": tone, "why": why, "key": key}


_LEVELS = {"late": "red", "today": "orange", "later": "grey"}


@register.simple_tag
def clock(label: str, level: str = "later") -> SafeString:
    """When a thing is due, in words. level: late (red, 超 1 天), today (orange, 16:00), later (grey, 周四)."""
    return markup('<span class="clock {}">{}{}</span>\n', _LEVELS[level], icon("clock"), label)


@register.simple_tag
def due_rows(rows: Iterable[Mapping[str, Any]], first: bool = False) -> SafeString:
    """Lines of 今天: what, for whom, by when, and the next act. rows: due (a Due), words, level. first: the first act is the strong one."""
    return SafeString("".join(_due_row(row, first and not at) for at, row in enumerate(rows)))


def _due_row(row: Mapping[str, Any], strong: bool) -> SafeString:
    due = row["due"]
    return markup(
        '<tr data-row tabindex="-1"><td class="{} tone b">{} {}</td>'
        '<td class="two-line rest"><a href="{}"><b>{}</b><small>{}</small></a></td>'
        '<td class="two-line who"><span>{}</span><small>{}</small></td><td>{}</td><td class="num">{}</td></tr>\n',
        due.tone, icon(due.icon), due.kind, due.href, due.title, due.why, due.who, due.where,
        clock(row["words"], row["level"]) if row["words"] else "",
        button(due.act, due.href, "main" if strong else "soft", size="s", data_next=True),
    )  # fmt: skip


@register.simple_tag
def measures(figures: Iterable[Mapping[str, Any]]) -> SafeString:
    """Figures, each a link to its list. figures: label, value (None is a dash), unit, href, about."""
    return parts.measures(figures)


@register.inclusion_tag("components/views.html")
def views(items: Items) -> dict[str, Any]:
    """Saved views above a desk list. items: label, href, on=False, count=None, icon=""."""
    return {"items": all_filled(items, label="", href="", on=False, count=None, icon="")}


@register.inclusion_tag("components/filter_chip.html", takes_context=True)
def filter_chip(context: Context, name: str, value: str, parameter: str) -> dict[str, Any]:
    """One condition of a desk list; × takes ``parameter`` (and the page number) out of the URL."""
    without = address(context["request"], **{parameter: None, "page": None})
    return {"name": name, "value": value, "href": without}


@register.simple_tag(takes_context=True)
def kept(context: Context, *others: str) -> SafeString:
    """What a search form of a list carries along: every condition of the URL but the word, the page and ``others``."""
    query = context["request"].GET
    given = [(name, value) for name in query if name not in {"q", "page", *others} for value in query.getlist(name)]
    return markup_each('<input type="hidden" name="{}" value="{}">', given)


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: Context, label: str, field: str, number: bool = False) -> dict[str, Any]:
    """A column's head that sorts by ``field`` (``?sort=field`` or ``?sort=-field``). number: right-aligned."""
    request = context["request"]
    now = request.GET.get("sort", "")
    state = {field: "ascending", f"-{field}": "descending"}.get(now, "")
    following = f"-{field}" if state == "ascending" else field
    return {"label": label, "state": state, "href": address(request, sort=following, page=None), "number": number}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any]) -> dict[str, Any]:
    """The pages of a list as numbers, with this one marked; nothing where there is only one."""
    request = context["request"]
    paginator = page.paginator
    numbers = list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {
        "shown": paginator.num_pages > 1,
        "before": address(request, page=page.number - 1) if page.has_previous() else "",
        "after": address(request, page=page.number + 1) if page.has_next() else "",
        "numbers": [
            {
                "label": number,
                "href": address(request, page=number) if isinstance(number, int) else "",
                "on": number == page.number,
            }
            for number in numbers
        ],
    }


@register.inclusion_tag("components/list_foot.html", takes_context=True)
def list_foot(context: Context, page: Page[Any], unit: str, total: str = "", keys: Items = None) -> dict[str, Any]:
    """Under a list: keys left, range and pages right. total: words such as 1000+ where counting all is too dear.

    keys: key, label; without it, the keys that every list has.
    """
    common = ({"key": "J K", "label": "上下"}, {"key": "X", "label": "选中"}, {"key": "Enter", "label": "打开"})
    return {
        "request": context["request"],
        "page": page,
        "unit": unit,
        "total": total or f"{page.paginator.count:,}",
        "keys": all_filled(keys if keys is not None else common, key="", label=""),
    }


@register.simple_block_tag
def bulk(content: str, form: str, total: int = 0, unit: str = "位") -> SafeString:
    """What to do with the chosen rows; appears with the first choice. form: the id of the form around the table.

    total: offers to choose all of the list, sent as ``everyone=1``. Inside stand buttons with ``form=``.
    """
    return framed("components/bulk.html", content, form=form, total=total, unit=unit)
