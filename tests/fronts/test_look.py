"""The look keeps its rules: one set of tokens, readable colours, no inline code, a light first view."""

from __future__ import annotations

import gzip
import re
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from jiamenkou.fronts.icons import NAMES
from jiamenkou.fronts.phone.offline import OWN
from jiamenkou.fronts.styleguide import PAGES, styleguide
from tests import guards

STATIC = Path(__file__).resolve().parents[2] / "src" / "jiamenkou" / "fronts" / "static"
TONES = ("green", "blue", "orange", "red", "violet", "teal", "grey")
STORE = ("js/database.js", "js/locks.js", *(name for name in OWN if not name.endswith("/shell.js")))
FIRST_VIEW = (
    *("css/tokens.css", "css/base.css", "css/phone.css", "js/app.js", "icons.svg", "django_htmx/htmx-2.min.js"),
    *STORE,
)


def tokens(start: str) -> dict[str, str]:
    """The custom properties of the block that begins with ``start``."""
    text = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    block = text[text.index(start) :].split("}")[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast of two ``#rrggbb`` or ``#rgb`` colours."""

    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def soup(page: str, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(styleguide(RequestFactory().get(f"/?{query}"), page).content.decode(), "html.parser")


def test_dark_by_choice_and_dark_by_device_are_the_same() -> None:
    assert tokens("html[data-dark]") == tokens("html:not([data-light])")


@pytest.mark.parametrize("mode", [":root", "html[data-dark]"])
def test_text_is_readable_on_its_ground(mode: str) -> None:
    all_of_them = {**tokens(":root"), **tokens(mode)}
    pairs = [(ink, ground) for ink, ground in product(("ink", "ink-2", "ink-3"), ("bg", "card"))]
    pairs += [(tone, f"{tone}-soft") for tone in TONES] + [(tone, "card") for tone in TONES]
    pairs += [("on-brand", "brand"), ("on-accent", "accent"), ("price", "card"), ("brand", "brand-soft")]
    pairs += [("ink-2", "grey-soft"), ("ink-3", "grey-soft"), ("ink-2", "well"), ("on-dark", "dark")]
    weak = {
        (ink, ground): round(value, 2)
        for ink, ground in pairs
        if (value := contrast(all_of_them[f"--{ink}"], all_of_them[f"--{ground}"])) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("mode", [":root", "html[data-dark]"])
def test_edges_of_fields_are_seen(mode: str) -> None:
    all_of_them = tokens(mode)
    assert contrast(all_of_them["--edge"], all_of_them["--card"]) >= 3


def test_the_sprite_holds_exactly_the_named_icons() -> None:
    sprite = ElementTree.parse(STATIC / "icons.svg")
    assert {symbol.get("id") for symbol in sprite.getroot() if isinstance(symbol.tag, str)} == NAMES


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon 'unicorn'"):
        Template("{% load look %}{% icon 'unicorn' %}").render(Context())


@pytest.mark.parametrize(("page", "query"), list(product(PAGES, ("", "care=1", "dark=1"))))
def test_pages_live_under_a_strict_policy(page: str, query: str) -> None:
    text = str(soup(page, query))
    for pattern in (guards.LEFTOVER, guards.INLINE_HANDLER, guards.BARE_SCRIPT, guards.INLINE_STYLE):
        assert pattern.search(text) is None


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_sound(page: str) -> None:
    tree = soup(page)
    ids = [element["id"] for element in tree.find_all(id=True)]
    # the style guide shows some fields twice; everything else is there once
    assert len([name for name in ids if not name.startswith("id_")]) == len(
        {name for name in ids if not name.startswith("id_")}
    )
    assert len(tree.find_all("main")) == 1
    assert tree.find("h1") is not None
    for link in tree.select("a, button"):
        assert link.get_text(strip=True) or link.get("aria-label"), link


def test_care_is_said_on_the_page_itself() -> None:
    assert soup("home", "care=1").html.has_attr("data-care")
    assert not soup("home").html.has_attr("data-care")


def test_care_keeps_a_phone_call_at_the_bottom() -> None:
    for page in ("home", "phone"):
        assert soup(page, "care=1").select_one(".dock a[href^='tel:']") is not None


def test_an_error_is_tied_to_its_field() -> None:
    tree = soup("desk")
    control = tree.select_one("#id_phone")
    assert control["aria-invalid"] == "true"
    error = tree.find(id=control["aria-describedby"])
    assert error.get_text(strip=True) == "少了 1 位，手机号是 11 位"


def test_nothing_against_is_left_out_of_a_short_list() -> None:
    text = Template("{% load look %}{% why reasons minds limit=1 %}").render(
        Context({"reasons": ["走路 8 分钟", "能接孩子"], "minds": ["要健康证", "要值班"]})
    )
    assert "能接孩子" not in text
    assert "要健康证" in text
    assert "要值班" in text


def test_sorting_and_paging_keep_the_filters() -> None:
    template = Template("{% load lists %}{% sort_head '姓名' 'name' %}")
    request = RequestFactory().get("/?grid=3&sort=name&page=4")
    head = BeautifulSoup(template.render(Context({"request": request})), "html.parser")
    assert head.th["aria-sort"] == "ascending"
    assert head.a["href"] == "?grid=3&sort=-name"


def test_a_search_within_a_list_carries_its_conditions_along() -> None:
    request = RequestFactory().get('/?grid=3&grid=4&sort=name&q=伞&page=4&only="><b>')
    form = BeautifulSoup(Template("{% load lists %}{% kept %}").render(Context({"request": request})), "html.parser")
    given = [(field["name"], field["value"]) for field in form.find_all("input", type="hidden")]
    assert given == [("grid", "3"), ("grid", "4"), ("sort", "name"), ("only", '"><b>')]


def test_what_people_typed_is_escaped() -> None:
    nasty = '"><script>alert(1)</script>'
    text = Template(
        "{% load look %}{% button n n title=n %}{% tag n %}{% item n n n %}{% note %}{{ n }}{% endnote %}"
        "{% sheet 'a' n %}{{ n }}{% endsheet %}{% person_card n n phone=n %}"
    ).render(Context({"n": nasty}))
    assert "<script>" not in text


def test_the_first_view_is_light() -> None:
    home = styleguide(RequestFactory().get("/"), "home").content
    files = [Path(str(finders.find(name))).read_bytes() for name in FIRST_VIEW]
    size = sum(len(gzip.compress(body, 9)) for body in [home, *files])
    assert size <= 60_000, size


def test_lengths_follow_the_reader() -> None:
    """Text, spaces and targets are in rem; px only for hairlines, outlines, shadows and the widths of screens."""
    for name in ("base.css", "phone.css", "desk.css"):
        text = (STATIC / "css" / name).read_text(encoding="utf-8")
        for size in re.findall(r"(?:font-size|min-height|height|padding|gap): [^;}]*?(\d+)px", text):
            assert int(size) <= 3, f"{name}: {size}px"
