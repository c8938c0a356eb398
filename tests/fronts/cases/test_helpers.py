"""协办 on the page of a case: asked by the holder, done by the desk that was asked, and in the way until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jiamenkou.foundation.cases.actions import handling
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.states import CaseState
from tests.foundation.cases.make import Office, make_case

ClientFor = Callable[[Any], Any]


def test_asked_and_done(office: Office, client_for: ClientFor) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason="测试")
    act, holder, grid = f"{case.href}act/", client_for(office.worker.account), client_for(office.grid.account)
    desk = f"{office.town.grids[0].pk}:grid_worker"
    assert holder.post(act, {"do": "help", "desk": desk, "what": ""}).status_code == 422
    assert holder.post(act, {"do": "help", "desk": "99999:worker", "what": "去看看"}).status_code == 422
    assert holder.post(act, {"do": "help", "desk": desk, "what": "上门扶一下梯子"}).status_code == 302
    page = holder.get(case.href).content.decode()
    assert "上门扶一下梯子" in page and "协办办完了" not in page, "whoever asked does not say that it is done"
    early = holder.post(act, {"do": "handle", "outcome": "solved", "text": "换了灯泡"})
    assert early.status_code == 409 and "协办没办完" in early.content.decode()
    [hand] = [one for one in grid.get(case.href).context["hands"] if one["step"]]
    assert holder.post(act, {"do": "helped", "helper": hand["step"]}).status_code == 409
    assert grid.post(act, {"do": "helped", "helper": hand["step"]}).status_code == 302
    assert grid.post(act, {"do": "helped", "helper": hand["step"]}).status_code == 409, "once"
    assert holder.post(act, {"do": "handle", "outcome": "solved", "text": "换了灯泡"}).status_code == 302
    assert Case.objects.get().state == CaseState.HANDLED
