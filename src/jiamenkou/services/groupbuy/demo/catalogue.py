"""Invented suppliers, goods and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Firm:
    name: str
    about: str
    contact: str


SUPPLIERS = (
    Firm("晴川果蔬配送行", "时令蔬果、鸡蛋、豆制品", "秦越"),
    Firm("北坡谷物专业合作社", "自种自收的富硒大米", "丁北辰"),
    Firm("小满酱园", "酱菜、米醋、香油", "穆小满"),
)
LEADERS = ("在家带孩子，邻居都熟，想做点事", "退休了，愿意帮邻居跑跑腿")
GOODS: tuple[dict[str, Any], ...] = (
    {"name": "散养鸡蛋", "spec": "30 枚", "unit": "盒", "price_fen": 2980, "market_fen": 3600, "origin": "云溪区西塘",
     "keeping": "冷藏 20 天", "about": "当天捡的，破一个补一个。"},
    {"name": "阳山水蜜桃", "spec": "5 斤箱", "unit": "箱", "price_fen": 4500, "market_fen": 5800, "origin": "阳山",
     "keeping": "常温 3 天", "about": "早上摘，下午到。"},
    {"name": "菜籽油", "spec": "5L 桶", "unit": "桶", "price_fen": 7800, "market_fen": 9200, "origin": "云溪区老油坊",
     "keeping": "避光", "about": "小榨，当年的新籽。"},
    {"name": "水磨年糕", "spec": "2 斤", "unit": "袋", "price_fen": 1280, "market_fen": 1600, "origin": "云溪区",
     "keeping": "冷藏 7 天", "about": "一早打的。"},
)  # fmt: skip
FARM: dict[str, Any] = {
    "name": "富硒大米", "spec": "5kg 袋", "unit": "袋", "price_fen": 3980, "market_fen": 5200, "origin": "北坡村",
    "keeping": "阴凉干燥 6 个月", "about": "从试验田种到大田，每一批都送检，扫码能查到田块。", "by_lot": True, "icon": "leaf",
}  # fmt: skip
