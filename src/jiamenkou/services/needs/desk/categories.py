"""Kinds of need: what residents can tap. Switching one off hides it; what was said stays."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.needs.catalogue import COMMON, plant_categories
from jiamenkou.services.needs.desk.gaps import trail
from jiamenkou.services.needs.forms.desk import CategoryForm
from jiamenkou.services.needs.models import Category
from jiamenkou.services.needs.permissions import NeedsPermission


@for_staff(NeedsPermission.SETUP)
def listing(request: Visit) -> HttpResponse:
    rows = list(Category.objects.all())
    missing = len({code for code, *_ in COMMON} - {one.code for one in rows})
    context = {"rows": rows, "missing": missing, "trail": trail("分类")}
    return render(request, "needs/desk/categories.html", context)


@require_POST
@for_staff(NeedsPermission.SETUP)
def plant(request: Visit) -> HttpResponse:
    plant_categories()
    return HttpResponseRedirect("/desk/needs/categories/")


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.SETUP)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    found = Category.objects.filter(pk=pk).first() if pk is not None else None
    if pk is not None and found is None:
        raise Http404
    form = CategoryForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return HttpResponseRedirect("/desk/needs/categories/")
    context = {"form": form, "category": found, "trail": trail(found.label if found else "新分类")}
    return render(request, "needs/desk/category_form.html", context, status=422 if form.errors else 200)
