"""The style guide: every part of the fronts with invented people, to look at and to test; it shows nothing real.

``home``, ``phone`` and ``sign-in`` are residents' pages, ``desk`` is the staff's, ``paper`` is print.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

PAGES = ("home", "phone", "sign-in", "desk", "paper")
COMMUNITY = {"name": "桂花园社区", "phone": "13800005512", "hours": "工作日 8:30–18:00"}

DOORS = [
    {"label": "找工作", "sub": "128 个岗位", "href": "#", "icon": "briefcase", "tone": "green"},
    {"label": "学技能", "sub": "9 门课在报名", "href": "#", "icon": "graduation-cap", "tone": "blue"},
    {"label": "叫服务", "sub": "保洁 维修 陪诊", "href": "#", "icon": "spray-can", "tone": "orange"},
    {"label": "团购", "sub": "今天 6 个团", "href": "#", "icon": "shopping-basket", "tone": "red"},
    {"label": "邻里驿站", "sub": "借轮椅 修雨伞", "href": "#", "icon": "sofa", "tone": "violet"},
    {"label": "办事帮助", "sub": "我陪您走流程", "href": "#", "icon": "hand-helping", "tone": "teal"},
]

TABS = [
    {"label": "首页", "href": "#", "icon": "house", "active": True},
    {"label": "我的事", "href": "#", "icon": "clipboard-list", "count": 2},
    {"label": "消息", "href": "#", "icon": "message-circle", "count": 3},
    {"label": "我的", "href": "#", "icon": "user-round"},
]

MENU = [
    {"items": [{"label": "今天", "href": "#", "icon": "sun", "count": 9, "hot": True}]},
    {
        "label": "人与家",
        "items": [
            {"label": "居民", "href": "#", "icon": "users-round", "count": "1,086", "active": True},
            {"label": "家庭", "href": "#", "icon": "house"},
            {"label": "走访", "href": "#", "icon": "footprints", "count": 5},
        ],
    },
    {
        "label": "供需",
        "items": [
            {"label": "岗位", "href": "#", "icon": "briefcase", "count": 128},
            {"label": "投递", "href": "#", "icon": "send", "count": 14},
            {"label": "培训", "href": "#", "icon": "graduation-cap", "count": 9},
        ],
    },
]

TIMELINE = [
    {
        "label": "今天",
        "note": "两件等您取，顺路一趟就够",
        "events": [
            {
                "title": "大米到了，2 袋",
                "icon": "shopping-basket",
                "tone": "red",
                "state": "等您取",
                "place": "6 栋自提点 · 团购",
                "next": "今天 16:00–18:00 来取",
                "code": "472 916",
                "action": {"label": "出示取货码", "href": "#", "icon": "qr-code", "kind": "go"},
            },
            {
                "title": "雨伞修好了",
                "href": "#",
                "icon": "umbrella",
                "tone": "violet",
                "state": "等您取",
                "place": "3 栋楼道驿站 · 换了一根伞骨，不收钱",
                "next": "今天 18:00 前来取",
            },
        ],
    },
    {
        "label": "这周",
        "note": "有人在替您办",
        "events": [
            {
                "title": "日间照料中心护理员",
                "href": "#",
                "icon": "briefcase",
                "tone": "green",
                "state": "单位看过了",
                "next": "周四前回话，不回我们去问",
            },
            {
                "title": "妈妈的临时救助",
                "icon": "hand-helping",
                "tone": "teal",
                "state": "第 3 步，共 6 步",
                "place": "材料齐了 · 网格员顾姐在办",
                "next": "周五开评议会，您不用到场",
                "done": 2,
                "total": 6,
            },
        ],
    },
]

HISTORY = [
    {
        "title": "递补进老年康复护理班 3 期",
        "icon": "graduation-cap",
        "tone": "blue",
        "kind": "培训",
        "when": "今天 9:20",
        "text": "第 1 候补 → 已有位置，保留到今天 17:00；等她回复。",
    },
    {
        "title": "上门走访，见到本人",
        "icon": "footprints",
        "tone": "violet",
        "kind": "走访",
        "when": "3 月 5 日",
        "who": "林知夏",
        "text": "婆婆膝盖不好，下午四点要接孩子；想做白班。登记了 2 条需求。",
    },
    {"title": "雨伞修好，取走", "icon": "umbrella", "tone": "grey", "when": "2 月 20 日", "who": "驿站"},
]

RESIDENTS = [
    ("苏映禾", "女 34", "138****0000", "9-1-1102", "未就业 4 个月", "orange", "养老护理 五级", "green", "2 月 27 日"),
    ("古月笙", "女 41", "139****0000", "9-2-503", "未就业 7 个月", "orange", "养老护理 五级", "green", "3 月 2 日"),
    ("纪小满", "女 29", "136****0000", "7-1-301", "未就业 2 个月", "orange", "养老护理 在学", "blue", "3 月 8 日"),
    ("童雪见", "女 46", "137****0000", "10-1-201", "零工", "blue", "收纳", "grey", "2 月 11 日"),
    ("商听雨", "男 44", "133****0000", "7-2-602", "未就业 1 个月", "orange", "电工", "green", "3 月 9 日"),
]


class ExampleForm(forms.Form):
    """Every kind of field once."""

    phone = forms.CharField(label="手机号", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
    room = forms.CharField(label="住在哪", help_text="几栋几单元几室，例如 6-2-501", required=False)
    day = forms.DateField(label="哪天方便", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="想找哪一类", choices=[("care", "护理"), ("cook", "帮厨"), ("clean", "保洁")])
    who = forms.ChoiceField(
        label="替谁投？",
        widget=forms.RadioSelect,
        choices=[("me", "我自己 · 周晓禾"), ("mother", "家里人 · 妈妈")],
    )
    words = forms.CharField(label="想说的话", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="我看过并同意用户约定和隐私说明")
    quiet = forms.BooleanField(
        label="不写我的名字", required=False, widget=forms.CheckboxInput(attrs={"class": "switch"})
    )
    code = forms.CharField(label="短信里的 6 个数字")
    boxes = forms.IntegerField(
        label="再领几箱罐盖", help_text="今天还能领 4 箱", widget=forms.NumberInput(attrs={"min": 0, "max": 4})
    )

    def clean_phone(self) -> str:
        """Eleven digits."""
        phone: str = self.cleaned_data["phone"]
        missing = 11 - len(phone)
        if missing > 0:
            raise forms.ValidationError(f"少了 {missing} 位，手机号是 11 位")
        return phone


def example_form() -> ExampleForm:
    """The form as it comes back with one mistake in it."""
    given = {"phone": "1390000620", "day": "2026-11-25", "kind": "care", "who": "me", "agree": "on", "code": "6038"}
    return ExampleForm({**given, "boxes": "2"})


def example_context() -> dict[str, Any]:
    """All variables of the pages."""
    return {
        "community": COMMUNITY,
        "doors": DOORS,
        "tabs": TABS,
        "menu": MENU,
        "trail": [{"label": "人与家", "href": "#"}, {"label": "居民"}],
        "staff": {"name": "林知夏", "role": "社工 · 3 网格", "href": "#", "calls": "#"},
        "unread": 1,
        "timeline_groups": TIMELINE,
        "history_entries": HISTORY,
        "residents": RESIDENTS,
        "page": Paginator(range(128), 12).page(1),
        "form": example_form(),
        "chip_items": [
            {"label": "步行 15 分钟内", "href": "#", "on": True},
            {"label": "接孩子前下班", "href": "#", "on": True},
            {"label": "日结", "href": "#"},
            {"label": "公益岗", "href": "#"},
        ],
        "mine_views": [
            {"label": "在办", "href": "#", "on": True, "count": 5},
            {"label": "等我", "href": "#", "count": 2},
            {"label": "办完的", "href": "#"},
        ],
        "languages": [
            {"label": "简体", "href": "#", "on": True},
            {"label": "繁體", "href": "#"},
            {"label": "English", "href": "#", "lang": "en"},
        ],
        "views": [
            {"label": "全部", "href": "#"},
            {"label": "没走访过", "href": "#", "count": 64},
            {"label": "想做护理的人", "href": "#", "on": True, "count": 128},
            {"label": "存成视图", "href": "#", "icon": "bookmark-plus"},
        ],
        "reasons": ["走路 8 分钟", "能接孩子", "您有护理证"],
        "fewer": ["走路 5 分钟", "能接孩子"],
        "minds": ["要健康证，社区帮您约"],
        "saturday": ["每月有 1 个周六要值班，看好再投"],
        "steps": ["约好了", "出门了", "到门口", "在做", "您验收"],
        "proofs": [{"label": "身份核过", "icon": "shield-check"}, {"label": "健康证到 2027.3"}],
        "course_figures": [
            {"value": "免费", "label": "原价 1200 元", "price": True},
            {"value": "80 课时", "label": "线上 24，到场 56"},
            {"value": "9–11 点", "label": "送完孩子来"},
        ],
        "boxes": [(33, "合格", "green"), (1, "返工", "orange"), (0, "不合格", "red"), (6, "在手上", "rest")],
        "course_facts": [("产地", "恩施 宣恩 珠山镇"), ("到货", "周四 15:00")],
        "empty_actions": [{"label": "找活干", "href": "#"}, {"label": "借东西", "href": "#"}],
        "star": {"label": "收藏", "href": "#", "icon": "star"},
        "weeks": [3, 4, 4, 6, 5, 7, 7, 9],
        "bar_rows": [("桂花园", 9), ("锦荷苑", 7), ("青杉里", 8), ("春和院", 5)],
    }


def styleguide(request: HttpRequest, page: str = "phone") -> HttpResponse:
    """One page of the style guide; ``?care=1`` and ``?dark=1`` show the other modes."""
    if page not in PAGES:
        raise Http404
    modes = {"care": request.GET.get("care"), "dark": request.GET.get("dark")}
    return render(request, f"styleguide/{page}.html", {**example_context(), **modes})
