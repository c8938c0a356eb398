"""The icons we draw with, by their Lucide names.

This list is the one place that names them: ``tools/icons.py`` builds ``static/icons.svg`` from it, the ``icon`` tag
refuses any other name. Adding one: write it here, run the tool, commit the sprite.
"""

from __future__ import annotations

from typing import Final

_LIST = """
a-large-small accessibility alarm-clock arrow-down arrow-down-narrow-wide arrow-right arrow-up arrow-up-down award
baby badge-check ban banknote bell bell-ring book-open bookmark-plus briefcase building-2 bus
cake calendar-check calendar-clock calendar-days calendar-plus camera chart-column check
chevron-down chevron-left chevron-right chevrons-up-down
circle-alert circle-check circle-dashed circle-help circle-minus circle-x
clipboard-list clipboard-paste clipboard-pen clock cloud-off columns-3 copy corner-down-left corner-down-right
credit-card database door-open download drill droplets ellipsis external-link eye eye-off
file-down file-spreadsheet file-text file-up footprints funnel gift git-merge graduation-cap grip-vertical
hand hand-coins hand-helping handshake heart-handshake heart-pulse history hourglass house house-heart house-wifi
id-card image inbox info key-round keyboard landmark languages layout-grid leaf lightbulb lightbulb-off list lock
log-out map map-pin megaphone menu message-circle message-circle-reply messages-square mic minus moon
package palette paperclip pencil phone phone-call plus printer qr-code
receipt-text refresh-cw rotate-ccw route scale scissors scroll-text search send settings share-2
shield-check shopping-basket siren sliders-horizontal smartphone sofa sparkles spray-can sprout square-pen star
stethoscope store sun tag target tent trash-2 trees triangle-alert truck umbrella undo-2
user-round user-round-check user-round-plus users-round utensils volume-2 wallet wifi-off wrench x
"""
NAMES: Final[frozenset[str]] = frozenset(_LIST.split())
