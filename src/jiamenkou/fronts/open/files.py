"""``/files/<uid>/``: a stored file, for those who may have it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.files.keepers import may_have
from jiamenkou.foundation.files.models import FileKind, StoredFile
from jiamenkou.foundation.files.storing import read

INLINE = frozenset({FileKind.IMAGE, FileKind.VOICE})


@for_everyone
@require_safe
def file(request: Visit, uid: UUID) -> HttpResponse:
    """Images and voice notes in place, everything else only as a download. 404 for whoever may not have it."""
    found = StoredFile.objects.filter(uid=uid).first()
    if found is None or not may_have(request.actor, found):
        raise Http404
    try:
        data = read(found)
    except FileNotFoundError as gone:
        raise Http404 from gone
    answer = HttpResponse(data, content_type=found.media_type)
    if found.kind not in INLINE:
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    if found.is_public:
        answer["Cache-Control"] = "public, max-age=86400, immutable"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
