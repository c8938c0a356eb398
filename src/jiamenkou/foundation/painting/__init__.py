"""Our own drawings (posters) as pictures on the server, where a Chinese font is found.

Only what our templates draw is understood: rectangles, circles, lines, paths, texts, groups that move and scale. It is no
reader for drawings of others: anything else is an error, not a guess.
"""

from jiamenkou.foundation.painting.drawing import NotOurs, paint
from jiamenkou.foundation.painting.fonts import can_paint

__all__ = ["NotOurs", "can_paint", "paint"]
