"""Our own drawings (posters) as pictures on the server, where a Chinese font is found.

It is no reader for drawings of others: what refers to something outside, or is larger than a poster, is an error.
"""

from jiamenkou.foundation.painting.drawing import NotOurs, paint
from jiamenkou.foundation.painting.fonts import can_paint

__all__ = ["NotOurs", "can_paint", "paint"]
