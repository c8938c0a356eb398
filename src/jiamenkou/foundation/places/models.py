"""The tree of places. Scopes use the tree's path in whole steps, never a bare prefix of a code."""

from __future__ import annotations

from typing import Any, Self, cast

from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from jiamenkou.foundation.audit.triggers import audited


class PlaceKind(models.TextChoices):
    DISTRICT = "district", "区"
    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    GRID = "grid", "网格"
    BUILDING = "building", "楼栋"
    UNIT = "unit", "单元"
    STATION = "station", "站点"
    ROOM = "room", "房间"


class PlaceQuerySet(MP_NodeQuerySet):  # type: ignore[misc]
    def of_kind(self, kind: PlaceKind) -> Self:
        found: Self = self.filter(kind=kind, closed_on__isnull=True)
        return found

    def communities(self) -> Self:
        found: Self = self.of_kind(PlaceKind.COMMUNITY).order_by("code")
        return found

    def within(self, place: Place) -> Self:
        """The place and everything below it."""
        return self.filter(path__startswith=place.path, depth__gte=place.depth)  # type: ignore[no-any-return]


class PlaceManager(MP_NodeManager.from_queryset(PlaceQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> PlaceQuerySet:
        """treebeard's own manager would answer with a queryset that has none of our methods."""
        return cast(PlaceQuerySet, PlaceQuerySet(self.model, using=self._db).order_by("path"))


class Place(MP_Node):  # type: ignore[misc]
    """One place. ``code`` is ours (``320402-01-003``); the tree's ``path`` has a fixed step and decides scope."""

    steplen = 5
    node_order_by: list[str] = []

    code = models.CharField("编码", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=12, choices=PlaceKind)
    name = models.CharField("名称", max_length=60)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    landmark = models.CharField("怎么走", max_length=120, blank=True)
    phone = models.CharField("公开电话", max_length=30, blank=True)
    phone_hours = models.CharField("接听时间", max_length=60, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="并入")

    objects = PlaceManager()

    class Meta:
        verbose_name = "地方"
        verbose_name_plural = "地方"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="place_point_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="经纬度要一起填，并且在范围内。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def plant(cls, parent: Place | None, **fields: Any) -> Place:
        """A new place under ``parent`` (None: a root). The importer plants in bulk instead: this locks the parent."""
        if parent is None:
            return cast(Place, cls.objects.add_root(create_kwargs=fields))
        return cast(Place, cls.objects.add_child(parent, create_kwargs=fields))

    @property
    def parent(self) -> Place | None:
        """One query."""
        return type(self).objects.filter(path=self.ancestor_path(self.depth - 1)).first() if self.depth > 1 else None

    def ancestor_path(self, depth: int) -> str:
        """The path of this place's ancestor at ``depth`` (1 is the root), without a query."""
        return str(self.path)[: depth * self.steplen]

    def contains(self, other: Place) -> bool:
        """Whether ``other`` is this place or lies below it."""
        return bool(other.depth >= self.depth and other.ancestor_path(self.depth) == self.path)
