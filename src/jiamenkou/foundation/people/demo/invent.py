"""Households and people from lists. Numbers of identity are computed with a region that does not exist; mobile

numbers have 0000 in the middle. The same seed gives the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from jiamenkou.foundation.people.roster.identity import check_digit

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文褚卫宁桑戚农耿施谈韦颜"
GIVEN_MALE = "建国 志强 文斌 长风 远山 海涛 明轩 浩然 家伟 德明 立新 永福 小军 国庆 俊杰 子涵 一鸣 思远 嘉树 慕白 启航 承志 光明 金宝 春生 学文 宏伟 振华 卫东 少华"
GIVEN_FEMALE = "秀英 桂兰 采薇 若水 云岫 南枝 望舒 玉书 晚香 映禾 秋棠 知夏 雅静 晓燕 丽华 美玲 红梅 小芳 春燕 淑珍 静怡 梓萱 雨桐 佳怡 慧敏 月琴 凤英 彩霞 文娟 莉莉"
SKILLS = [
    "做饭",
    "缝纫",
    "理发",
    "养老护理",
    "育婴",
    "保洁",
    "收纳",
    "电工",
    "驾驶",
    "叉车",
    "电脑办公",
    "美甲",
    "推拿",
    "茶艺",
    "书法",
    "绘画",
    "修伞",
    "修家电",
    "英语",
    "直播",
    "手工编织",
    "面点",
]
INTERESTS = ["书法", "唱歌", "广场舞", "象棋", "摄影", "种花", "烘焙", "读书", "太极", "画画"]
NEEDS = ["养老护理", "育婴师", "家政服务", "收纳整理", "电商直播", "面点", "电工证", "手机使用", "美甲", "叉车证"]
HEADINGS = [
    *(
        "姓名",
        "身份证号",
        "性别",
        "手机号",
        "户籍地",
        "居住地址",
        "网格",
        "楼栋",
        "单元",
        "房号",
        "与户主关系",
        "户主身份证号",
    ),
    *("就业状态", "技能", "兴趣", "培训需求", "残疾类别", "残疾等级", "人员类别", "备注"),
]


class Inventor:
    """Makes up the people of one community."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = Random(seed)  # noqa: S311  (believable people, not secrets)
        self.today = today
        self.seed = seed
        self.serial = 0

    def name(self, sex: str, surname: str = "") -> str:
        given = (GIVEN_MALE if sex == "男" else GIVEN_FEMALE).split()
        return (surname or self.random.choice(SURNAMES)) + self.random.choice(given)

    def born(self, youngest: int, oldest: int) -> date:
        days = self.random.randint(youngest * 365 + 20, oldest * 365)
        return self.today - timedelta(days=days)

    def number(self, born: date, sex: str) -> str:
        """A number with a right check digit in the region 320499, which no place has."""
        self.serial += 1
        order = (self.seed % 10) * 100 + self.serial % 50 * 2 + (1 if sex == "男" else 0)
        first = f"320499{born:%Y%m%d}{order % 1000:03d}"
        return first + check_digit(first)

    def mobile(self) -> str:
        return (
            f"{self.random.choice(('130', '135', '138', '150', '158', '186'))}0000{self.random.randint(0, 9999):04d}"
        )

    def households(self, people: int, grids: list[str], buildings: int, estate: str) -> Iterator[list[str]]:
        """Rows under :data:`HEADINGS`, household by household, until ``people`` are made."""
        made = 0
        used: set[str] = set()
        door = 0
        while made < people:
            door += 1
            building, unit = door % buildings + 1, door // buildings % 3 + 1
            room = f"{door // buildings // 3 % 6 + 1}0{door % 2 + 1}"
            grid = grids[building * len(grids) // (buildings + 1)]
            rows = self._household(estate, grid, building, unit, room)
            for row in rows:
                if row[1] in used:
                    continue
                used.add(row[1])
                made += 1
                yield row
                if made == people:
                    return

    def _household(self, estate: str, grid: str, building: int, unit: int, room: str) -> list[list[str]]:
        kind = self.random.choices(["couple", "family", "elder", "single", "mother"], [20, 40, 20, 12, 8])[0]
        address = f"{estate}{building}幢{unit}单元{room}室"
        place = [address, grid, f"{building}幢", str(unit), room]
        surname = self.random.choice(SURNAMES)
        members: list[tuple[str, str, date, str]] = []
        if kind == "elder":
            sex = self.random.choice("男女")
            members.append((self.name(sex, surname), sex, self.born(68, 92), "户主"))
        elif kind == "single":
            sex = self.random.choice("男女")
            members.append((self.name(sex, surname), sex, self.born(22, 45), "户主"))
        elif kind == "mother":
            members.append((self.name("女"), "女", self.born(28, 46), "户主"))
            members.append((self.name("女", surname), "女", self.born(4, 15), "女儿"))
        else:
            age = self.random.randint(28, 66)
            members.append((self.name("男", surname), "男", self.born(age, age + 3), "户主"))
            members.append((self.name("女"), "女", self.born(age - 2, age + 2), "配偶"))
            if kind == "family" and age < 58:
                sex = self.random.choice("男女")
                child = max(age - 26, 1)
                relation = "儿子" if sex == "男" else "女儿"
                members.append((self.name(sex, surname), sex, self.born(child, child + 3), relation))
        phone = self.mobile()
        head = ""
        rows = []
        for name, sex, born, relation in members:
            number = self.number(born, sex)
            head = head or number
            rows.append(self._person(name, number, sex, born, relation, head, phone, place))
        return rows

    def _person(
        self, name: str, number: str, sex: str, born: date, relation: str, head: str, shared: str, place: list[str]
    ) -> list[str]:
        age = (self.today - born).days // 365
        phone = "" if age < 10 else shared if self.random.random() < 0.25 else self.mobile()
        work, categories = self._work(age, sex)
        some = self.random.random
        skills = "、".join(self.random.sample(SKILLS, 2)) if 20 < age < 75 and some() < 0.3 else ""
        interests = self.random.choice(INTERESTS) if some() < 0.2 else ""
        needs = self.random.choice(NEEDS) if 18 < age < 60 and some() < 0.15 else ""
        disabled = some() < 0.03
        kind, level = (
            (self.random.choice(["肢体", "听力", "视力", "智力"]), self.random.choice(["二级", "三级", "四级"]))
            if disabled
            else ("", "")
        )
        hukou = "本地" if some() < 0.8 else "贵州省六盘水市"
        return [
            *(name, number, sex, phone, hukou, *place, relation, head),
            *(work, skills, interests, needs, kind, level, "、".join(categories), ""),
        ]

    def _work(self, age: int, sex: str) -> tuple[str, list[str]]:
        categories = ["党员"] if age > 22 and self.random.random() < 0.12 else []
        if age < 6:
            return "", categories
        if age < 22:
            return "在校", categories
        if age >= (55 if sex == "女" else 60):
            return "退休", categories + (["高龄"] if age >= 80 else [])
        status = self.random.choices(["在职", "灵活就业", "失业", "求职中", "料理家务"], [52, 16, 10, 14, 8])[0]
        if status in {"失业", "求职中"} and self.random.random() < 0.35:
            categories.append("就业困难人员")
        return status, categories
