"""The parts of a page. Each tag's docstring says what it draws; its keywords are its parameters.

Items in lists are dictionaries or objects with the named attributes; those that are not there have the default.
Tones: green blue orange red violet teal grey. Icons: the names in ``jiamenkou.fronts.icons``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jiamenkou.fronts import parts
from jiamenkou.fronts.markup import markup
from jiamenkou.fronts.shape import all_filled, attributes, filled

register = template.Library()

Items = Iterable[object] | None
ACTION = {"label": "", "href": "", "icon": "", "kind": "soft", "tone": ""}


# ---- the smallest


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. Decoration unless it has a ``label``; ``css`` adds classes (``fill``)."""
    return parts.icon(name, css, label)


@register.simple_tag
def square(icon: str, tone: str = "grey", size: str = "", badge: int = 0) -> SafeString:
    """An icon on its tinted square, 44 px. size: s 36, l 52. badge: a count at the corner."""
    return parts.square(icon, tone, size, badge)


@register.simple_tag
def avatar(name: str, tone: str = "", size: str = "") -> SafeString:
    """The first character of a name on a tint that the name decides. size: s, l, xl."""
    return parts.avatar(name, tone, size)


# buttons, tags and clocks stand on a page by the dozen: they are drawn here, without a template of their own


@register.simple_tag
def button(
    label: str,
    href: str = "",
    kind: str = "main",
    icon: str = "",
    tone: str = "",
    size: str = "",
    wide: bool = False,
    missing: str = "",
    type: str = "submit",
    **extra: object,
) -> SafeString:
    """A button, or a link that looks like one when it has ``href``.

    kind: main, go (the one strong action of a page), soft, line, tint (with a tone), plain. size: s, l.
    missing: what has to be done first; the button is then off and says this instead of its label.
    Any other keyword becomes an attribute: ``name= value= form= data_open="sheet-id" data_key="n" hx_post=…``.
    """
    classes = " ".join(part for part in ("button", kind, tone, size, "wide" if wide else "") if part)
    drawn, more = parts.icon(icon) if icon else "", attributes(extra) if extra else ""
    if href and not missing:
        return markup('<a class="{}" href="{}"{}>{}<span>{}</span></a>\n', classes, href, more, drawn, label)
    off = mark_safe(" disabled") if missing else ""
    return markup(
        '<button class="{}" type="{}"{}{}>{}<span>{}</span></button>\n',
        classes,
        type,
        off,
        more,
        drawn,
        missing or label,
    )


@register.simple_tag
def tag(label: str, tone: str = "", icon: str = "", strong: bool = False, css: str = "") -> SafeString:
    """A small label. strong: a state in bold. css="extra" hides it in 长辈版."""
    classes = f"tag {tone} {'strong ' if strong else ''}{css}"
    return markup('<span class="{}">{}{}</span>\n', classes, parts.icon(icon) if icon else "", label)


# ---- choosing


@register.inclusion_tag("components/chips.html", takes_context=True)
def chips(context: Context, items: Items, label: str) -> dict[str, Any]:
    """Filters of a list on the phone, kept in the URL. items: label, href, on=False, icon=""."""
    shown = all_filled(items, label="", href="", on=False, icon="")
    chosen = " · ".join(str(item["label"]) for item in shown if item["on"])
    return {"items": shown, "label": label, "chosen": chosen, "care": bool(context.get("care"))}


@register.inclusion_tag("components/segment.html")
def segment(items: Items, label: str) -> dict[str, Any]:
    """Two to four views of the same list. items: label, href, on=False, count=None, lang=""."""
    return {"items": all_filled(items, label="", href="", on=False, count=None, lang=""), "label": label}


# ---- text and people


@register.simple_tag
def why(reasons: Items, minds: Items = None, long: bool = False, limit: int = 0) -> SafeString:
    """Why something fits: reasons first, then what stands against it, in one box.

    reasons, minds: words. limit: how many reasons a list shows; nothing that stands against is ever left out.
    long: one a line, for the page of the thing itself.
    """
    shown = list(reasons or ())
    return parts.why(shown[:limit] if limit else shown, minds or (), long=long)


@register.simple_tag
def item(
    title: str,
    sub: str = "",
    href: str = "",
    icon: str = "",
    tone: str = "grey",
    end: str = "",
    badge: int = 0,
    letter: str = "",
    **extra: object,
) -> SafeString:
    """One line of a ``<ul class="card flush list">``: square or avatar, two lines, ``end``, a chevron on links."""
    head = parts.avatar(letter, tone, "") if letter else parts.square(icon, tone, "", badge) if icon else parts.NOTHING
    return parts.item(title, sub, href, head, end, attributes(extra))


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Names and values, one a line. pairs: (name, value)."""
    return {"pairs": list(pairs)}


@register.inclusion_tag("components/figures.html")
def figures(items: Items) -> dict[str, Any]:
    """Two to four figures in a strip. items: value, label, price=False."""
    return {"items": all_filled(items, value="", label="", price=False)}


@register.inclusion_tag("components/person_card.html")
def person_card(
    name: str,
    sub: str = "",
    rating: str = "",
    record: str = "",
    proofs: Items = None,
    phone: str = "",
    tone: str = "",
    photo: str = "",
) -> dict[str, Any]:
    """Who comes to the door: name, firm and number, rating, record, certificates, phone.

    rating: 4.9. record: 来过本社区 87 家. proofs: label, href="", icon="". phone: digits, becomes the call button.
    """
    return {
        "name": name,
        "sub": sub,
        "rating": rating,
        "record": record,
        "proofs": all_filled(proofs, label="", href="", icon=""),
        "phone": phone,
        "tone": tone,
        "photo": photo,
    }


@register.simple_block_tag
def note(content: str, tone: str = "", icon: str = "info") -> SafeString:
    """A strip with one sentence: ``{% note "teal" "clock" %}<b>今天 18:00 前</b>有人回您。{% endnote %}``."""
    return markup('<div class="note {}">{}<p class="grow">{}</p></div>', tone, parts.icon(icon), content)


@register.inclusion_tag("components/code.html")
def code(digits: str, label: str) -> dict[str, Any]:
    """Digits one shows or reads out, in boxes; a screen reader hears them one by one."""
    return {"digits": list(digits), "spoken": " ".join(digits), "label": label}


# ---- what happens next


@register.inclusion_tag("components/timeline.html")
def timeline(groups: Items) -> dict[str, Any]:
    """Everything of mine on one rail. groups: label, note="", events.

    An event: title, href="", icon, tone, state="", place="", next="", code="", done=0, total=0, current=True,
    action=None (label, href, icon="", kind="tint"). In 长辈版 the rail goes and the state is part of ``next``.
    """
    event = {
        "title": "",
        "href": "",
        "icon": "inbox",
        "tone": "grey",
        "state": "",
        "place": "",
        "next": "",
        "code": "",
        "done": 0,
        "total": 0,
        "current": True,
        "action": None,
    }
    shown = all_filled(groups, label="", note="", events=())
    for group in shown:
        group["events"] = all_filled(group["events"], **event)
        for one in group["events"]:
            if one["action"]:
                one["action"] = filled(one["action"], **{**ACTION, "kind": "tint", "tone": one["tone"]})
    return {"groups": shown}


@register.inclusion_tag("components/history.html")
def history(entries: Items) -> dict[str, Any]:
    """What happened, newest first (desk). entries: title, icon, tone="grey", kind="", who="", when="", text=""."""
    return {
        "entries": all_filled(entries, title="", icon="circle-check", tone="grey", kind="", who="", when="", text="")
    }


@register.inclusion_tag("components/step_line.html")
def step_line(steps: Sequence[str], now: int, tone: str = "orange") -> dict[str, Any]:
    """Up to five named steps as a line. now: the number of the current one, from 1; past the last = all done."""
    states = ["done" if at < now else "now" if at == now else "ahead" for at in range(1, len(steps) + 1)]
    return {"steps": list(zip(steps, states, strict=True)), "tone": tone}


@register.inclusion_tag("components/step_dots.html")
def step_dots(done: int, total: int, tone: str = "", current: bool = True) -> dict[str, Any]:
    """More steps than five, as dots with words. done: how many are over; the next one is under way if ``current``."""
    under_way = current and done < total
    dots = ["done"] * done + (["now"] if under_way else []) + [""] * (total - done - under_way)
    return {"dots": dots, "at": min(done + under_way, total), "total": total, "tone": tone}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, words: str = "", errors: int = 0, tone: str = "") -> dict[str, Any]:
    """How far a long piece of work is. words: what is under the bar, else 已完成 x / y 行；errors so far in red."""
    return {"done": done, "total": total, "words": words, "errors": errors, "tone": tone}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", actions: Items = None, drawing: bool = False) -> dict[str, Any]:
    """Nothing here: one sentence, what to do. actions: label, href, icon, kind. drawing: the houses (phone only)."""
    return {"title": title, "text": text, "actions": all_filled(actions, **ACTION), "drawing": drawing}


# ---- around a page


@register.inclusion_tag("components/back_head.html")
def back_head(title: str, back: str, action: object = None) -> dict[str, Any]:
    """The 52 px head: back, title, one action right (label, href, icon, word=False to show the label)."""
    shown = filled(action, label="", href="", icon="", word=False) if action else None
    return {"title": title, "back": back, "action": shown}


@register.inclusion_tag("components/big_head.html")
def big_head(title: str, action: object = None) -> dict[str, Any]:
    """The head of a tab: a large title, one chip right (label, href, icon)."""
    return {"title": title, "action": filled(action, label="", href="", icon="") if action else None}


@register.simple_tag(takes_context=True)
def doors(context: Context) -> SafeString:
    """The doors of the home page, from ``doors`` of the context: label, sub="", href, icon, tone."""
    return parts.doors(all_filled(context.get("doors"), label="", sub="", href="", icon="house", tone="green"))


@register.simple_tag(takes_context=True)
def tab_bar(context: Context) -> SafeString:
    """The tabs, from ``tabs`` of the context: label, href, icon, count=0, active=False."""
    return parts.tab_bar(all_filled(context.get("tabs"), label="", href="", icon="house", count=0, active=False))


@register.inclusion_tag("components/sidebar.html", takes_context=True)
def sidebar(context: Context) -> dict[str, Any]:
    """The desk menu: ``menu`` of the context, groups (label="", items: label, href, icon, count=None, hot, active)."""
    groups = all_filled(context.get("menu"), label="", items=())
    return {
        "menu": [{"label": group["label"], "entries": _entries(group["items"])} for group in groups],
        "place": (context.get("staff") or {}).get("place") or context.get("community"),
        "staff": context.get("staff"),
        "home": context.get("desk_home", "/desk/"),
    }


def _entries(items: Items) -> SafeString:
    known = all_filled(items, label="", href="", icon="list", count=None, hot=False, active=False)
    return parts.entries(known)


@register.inclusion_tag("components/trail.html", takes_context=True)
def trail(context: Context) -> dict[str, Any]:
    """Where one is on the desk, from ``trail`` of the context: label, href=""; the last is this page."""
    return {"trail": all_filled(context.get("trail"), label="", href="")}


@register.simple_block_tag
def dock(content: str) -> SafeString:
    """What stays at the bottom of the phone (action, call, tabs); nothing where a page has none of them."""
    return markup('<aside class="dock">{}</aside>', content) if content.strip() else mark_safe("")


@register.simple_block_tag(takes_context=True)
def dock_bar(context: Context, content: str) -> SafeString:
    """The page's action at the bottom of the phone; in 长辈版 the community's number is beside it, or stands alone.

    A page whose action is itself a call says ``{% with own_call=True %}`` or sets ``own_call`` in its context.
    """
    place = filled(context.get("community"), phone="")
    call = place["phone"] if context.get("care") and not context.get("own_call") else ""
    if not (call or content.strip()):
        return mark_safe("")
    return framed("components/bar.html", content if content.strip() else "", call=call)


@register.simple_block_tag
def sheet(content: str, name: str, title: str) -> SafeString:
    """A dialog from the bottom (phone) or in the middle (desk); ``data-open="name"`` on a link or button opens it.

    The opener is a link to a page that does the same, so that it also works without the script.
    """
    return framed("components/sheet.html", content, name=name, title=title)


@register.simple_block_tag
def popover(content: str, name: str, title: str = "", side: str = "left") -> SafeString:
    """A small dialog under its opener; both stand in ``<span class="anchor">``. side: the edge it keeps to."""
    return framed("components/popover.html", content, name=name, title=title, side=side)


@register.filter
def phone_number(number: str) -> str:
    """A mobile number in the three groups one reads it in: 138 0000 1234; others stay."""
    digits = str(number).replace(" ", "")
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == 11 and digits.isdigit() else str(number)


def framed(component: str, content: str, /, **values: object) -> SafeString:
    """A component's template around the content of a block tag."""
    return render_to_string(component, {"content": content, **values})
