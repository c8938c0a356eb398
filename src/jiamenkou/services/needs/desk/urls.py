"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.needs.desk import categories, gaps, needs, projects, sheets

urlpatterns: list[URLPattern] = [
    path("needs/", needs.listing, name="needs"),
    path("needs/export/", sheets.export_needs, name="needs-export"),
    path("needs/<int:pk>/", needs.detail, name="need"),
    path("needs/<int:pk>/move/", needs.move, name="need-move"),
    path("needs/for/<int:resident>/", needs.file, name="need-file"),
    path("needs/gaps/", gaps.listing, name="gaps"),
    path("needs/gaps/export/", sheets.export_gaps, name="gaps-export"),
    path("needs/gaps/<int:category>/project/", gaps.project, name="project-new"),
    path("needs/supply/", gaps.supply, name="supply"),
    path("needs/supply/<int:pk>/drop/", gaps.drop, name="supply-drop"),
    path("needs/projects/", projects.listing, name="projects"),
    path("needs/projects/export/", sheets.export_projects, name="projects-export"),
    path("needs/projects/<int:pk>/", projects.detail, name="project"),
    path("needs/projects/<int:pk>/move/", projects.move, name="project-move"),
    path("needs/categories/", categories.listing, name="categories"),
    path("needs/categories/plant/", categories.plant, name="categories-plant"),
    path("needs/categories/new/", categories.edit, name="category-new"),
    path("needs/categories/<int:pk>/", categories.edit, name="category"),
]
