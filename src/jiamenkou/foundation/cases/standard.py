"""The catalogue the house comes with, until a community, a street or a district writes its own."""

from __future__ import annotations

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.catalogue import Catalogue, Limit, Rule
from jiamenkou.foundation.cases.states import Privacy

DAYS = "working_days"

RULES: tuple[Rule, ...] = (
    Rule("lighting", "公共设施", "楼道照明", Role.WORKER, Limit(4), Limit(5, DAYS), words=("灯", "照明", "黑"), icon="lightbulb"),
    Rule("elevator", "公共设施", "电梯", Role.WORKER, Limit(2, "hours"), Limit(24, "hours"), Limit(4), ("有人困在里面吗？",), ("电梯",), icon="arrow-up-down"),
    Rule("water", "公共设施", "漏水和下水", Role.WORKER, Limit(2), Limit(3, DAYS), words=("漏水", "下水", "堵", "水管", "渗水"), icon="droplets"),
    Rule("door", "公共设施", "单元门和门禁", Role.WORKER, Limit(4), Limit(5, DAYS), words=("单元门", "门禁", "门锁"), icon="door-open"),
    Rule("road", "公共设施", "路面和井盖", Role.STREET_OFFICER, Limit(4), Limit(7, DAYS), words=("路面", "井盖", "坑", "台阶"), privacy=Privacy.PUBLIC, icon="route"),
    Rule("rubbish", "环境卫生", "垃圾和堆放", Role.GRID_WORKER, Limit(4), Limit(2, DAYS), words=("垃圾", "堆", "臭", "杂物"), privacy=Privacy.PUBLIC, icon="trash-2"),
    Rule("green", "环境卫生", "绿化和树木", Role.WORKER, Limit(8), Limit(7, DAYS), words=("树", "草", "绿化", "虫"), privacy=Privacy.PUBLIC, icon="leaf"),
    Rule("noise", "邻里", "噪音", Role.GRID_WORKER, Limit(4), Limit(3, DAYS), words=("吵", "噪音", "广场舞"), icon="ear", privacy=Privacy.PRIVATE),
    Rule("dispute", "邻里", "邻里纠纷", Role.WORKER, Limit(8), Limit(10, DAYS), words=("吵架", "纠纷", "邻居"), icon="users", privacy=Privacy.PRIVATE),
    Rule("fire", "安全", "消防和飞线充电", Role.GRID_WORKER, Limit(1, "hours"), Limit(24, "hours"), Limit(4), (), ("充电", "消防", "飞线", "电瓶车", "着火"), privacy=Privacy.PUBLIC, icon="flame"),
    Rule("parking", "安全", "停车和堵路", Role.WORKER, Limit(4), Limit(5, DAYS), words=("停车", "车位", "堵路", "僵尸车"), privacy=Privacy.PUBLIC, icon="car"),
    Rule("errand", "办事", "证明和手续", Role.WORKER, Limit(4), Limit(3, DAYS), words=("证明", "盖章", "手续", "办理"), icon="file-text", privacy=Privacy.PRIVATE),
    Rule("service", "办事", "窗口和服务态度", Role.COMMUNITY_LEAD, Limit(8), Limit(7, DAYS), words=("窗口", "态度", "排队"), icon="message-circle", privacy=Privacy.PRIVATE),
    Rule("need", "办事", "想要一项服务", Role.WORKER, Limit(8), Limit(10, DAYS), words=("想要", "希望", "能不能开"), icon="hand-heart", privacy=Privacy.PRIVATE),
    Rule("care", "关心", "邻居有难处", Role.WORKER, Limit(2), Limit(3, DAYS), Limit(4), ("现在有危险吗？",), ("独居", "没吃饭", "好几天没见", "挨打", "困难"), False, Privacy.PROTECTED, True, icon="heart-handshake"),
    Rule("other", "其他", "别的事", Role.WORKER, Limit(8), Limit(7, DAYS), icon="inbox", privacy=Privacy.PRIVATE),
)  # fmt: skip
STANDARD = Catalogue(0, RULES)


# the ladder as data: working days after the due time (negative: before), level, who is told, what happens
LADDER: tuple[tuple[int, int, str, str], ...] = (
    (-1, 1, Role.WORKER, "明天到期，提醒经办人"),
    (0, 2, Role.COMMUNITY_LEAD, "到期没办好，提醒社区负责人"),
    (3, 3, Role.STREET_OFFICER, "过期三个工作日，街道督办"),
    (5, 4, Role.DISTRICT_OFFICER, "过期五个工作日，区督办"),
)
# from here on the reminder is a 督办: recorded, on the case's own page, answered for
SUPERVISED_FROM = 3
