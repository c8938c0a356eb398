"""工作日历: how far it reaches, the days it makes an exception of, and the import of a year."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.engines.workdays import DayKind
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.actions.calendars import import_year
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.refusals import NotAllowed, Refused
from jiamenkou.foundation.sheets.uploads import kept, template_file


class YearForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("一年的放假安排"),
        help_text=gettext_lazy("Excel 或 CSV，照国务院的通知填；holiday-cn 的 JSON 也行"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.json"}),
    )


@require_safe
@for_staff(CasesPermission.VIEW)
def template(request: Visit) -> HttpResponse:
    """The blank sheet."""
    from jiamenkou.foundation.cases.yearfile import write_template

    return template_file(write_template, "放假安排模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    form = YearForm(request.POST, request.FILES) if request.method == "POST" else YearForm()
    if request.method == "POST" and form.is_valid():
        try:
            if not request.actor.may(CasesPermission.CATALOGUE):
                raise NotAllowed("导入日历要由社区负责人或街道来做。", field="file")
            with kept(form.cleaned_data["file"]) as path:
                from jiamenkou.foundation.cases.yearfile import document_of  # openpyxl is slow to load

                document = document_of(path)
            import_year(document, by=request.actor, reason="导入放假安排")
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            return HttpResponseRedirect("/desk/cases/calendar/")
    known, today = clocks.calendar(), timezone.localdate()
    near = sorted(day for day in known.days if day >= today - timedelta(days=30))
    return render(
        request,
        "desk/cases/calendar.html",
        {
            "form": form,
            "calendar": known,
            "alarm": clocks.alarm(today),
            "days": [(day, "上班" if known.days[day] is DayKind.WORK else "放假") for day in near],
            "may_import": request.actor.may(CasesPermission.CATALOGUE),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("工作日历"), "href": ""}],
        },
        status=422 if form.errors else 200,
    )
