"""Photos come in from any phone and are kept as we draw them again: no metadata, no place, a size a page can bear."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from jiamenkou.foundation.refusals import Refused

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def redraw(data: bytes, *, field: str = "photo", longest: int = LONGEST_SIDE) -> tuple[bytes, int, int]:
    """JPEG bytes of at most ``longest`` pixels a side, upright, with their width and height.

    The header is read before a pixel is decoded, so a small file that unfolds into a huge picture costs nothing.
    Raises :class:`Refused` at ``field``.
    """
    if len(data) > MOST_BYTES:
        raise Refused(
            f"照片太大，最多 {MOST_BYTES // 1024 // 1024} MB，请重拍一张小一点的。", field=field, code="too_large"
        )
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as raw:
            if raw.width * raw.height > MOST_PIXELS:
                millions = raw.width * raw.height // 10_000
                raise Refused(
                    f"照片有 {millions} 万像素，太大了，请用手机普通模式重拍。", field=field, code="too_large"
                )
            raw.draft("RGB", (longest, longest))  # JPEG: decoded at a fraction of its size
            upright = ImageOps.exif_transpose(raw)
            upright.thumbnail((longest, longest))
            plain = _on_white(upright)
    except Image.DecompressionBombError as error:
        raise Refused("照片大得打不开，请用手机普通模式重拍。", field=field, code="too_large") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("打不开这张照片，请换一张 JPG 或 PNG。", field=field, code="not_an_image") from error
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), plain.width, plain.height


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and picture.mode != "P":
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    ground = Image.new("RGB", rgba.size, "white")
    ground.paste(rgba, mask=rgba.getchannel("A"))
    return ground
