"""Common kinds of need, planted where a house has none yet; the community changes them as it likes."""

from __future__ import annotations

from jiamenkou.services.needs.models import Category
from jiamenkou.services.needs.states import Group

# code, label, group, the key of supply
COMMON: tuple[tuple[str, str, Group, str], ...] = (
    ("learn_cook", "学做饭、面点", Group.LEARN, ""),
    ("learn_care", "学护理、育婴", Group.LEARN, ""),
    ("learn_hair", "学剪发、美容", Group.LEARN, ""),
    ("learn_sew", "学缝纫、手工", Group.LEARN, ""),
    ("learn_computer", "学电脑、直播", Group.LEARN, ""),
    ("learn_phone", "学用手机", Group.LEARN, ""),
    ("work", "想找活干", Group.WORK, "work"),
    ("work_near", "离家近的半天活", Group.WORK, ""),
    ("work_home", "在家能做的活", Group.WORK, ""),
    ("repair", "水电维修", Group.SERVICE, "repair"),
    ("clean", "打扫、擦玻璃", Group.SERVICE, "clean"),
    ("appliance", "修家电", Group.SERVICE, "appliance"),
    ("elder_meal", "老人吃饭", Group.ELDER, "elder_meal"),
    ("elder_hair", "上门剪发", Group.ELDER, "elder_hair"),
    ("elder_company", "陪老人看病、聊天", Group.ELDER, "elder_company"),
    ("elder_care", "上门照护", Group.ELDER, "elder_care"),
    ("elder_home", "家里装扶手", Group.ELDER, "elder_home"),
    ("child_after", "放学后看孩子", Group.CHILD, "child_after"),
    ("child_holiday", "寒暑假看孩子", Group.CHILD, "child_holiday"),
    ("child_homework", "有人辅导作业", Group.CHILD, ""),
    ("space_meet", "聚一聚的地方", Group.SPACE, "space"),
    ("space_dance", "跳舞、锻炼的地方", Group.SPACE, "space"),
    ("health_check", "量血压、测血糖", Group.HEALTH, "health_check"),
    ("health_talk", "健康讲座", Group.HEALTH, ""),
    ("errand", "代办证件、医保", Group.ERRAND, ""),
    ("aid", "生活上有难处", Group.ERRAND, ""),
    ("other", "别的", Group.ERRAND, ""),
)


def plant_categories() -> int:
    """Adds those that are missing, by code; what the community has renamed or switched off stays. Returns how many."""
    known = set(Category.objects.values_list("code", flat=True))
    fresh = [
        Category(code=code, label=label, group=group, supply=supply, order=order * 10)
        for order, (code, label, group, supply) in enumerate(COMMON, start=1)
        if code not in known
    ]
    for category in fresh:
        category.save()
    return len(fresh)
