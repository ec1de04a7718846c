"""Rules about the layers that import-linter cannot see: relations between tables, and apps that nobody placed."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from django.apps import apps
from django.db.models import Field, ForeignObjectRel, Model

from scripts.house.files import ROOT, Finding

if TYPE_CHECKING:
    from django.contrib.contenttypes.fields import GenericForeignKey

PROJECT = ROOT / "pyproject.toml"
# A generic foreign key points to no table; its module must not be imported before the apps are loaded.
Relation: TypeAlias = "Field[object, object] | ForeignObjectRel | GenericForeignKey"


@cache
def heights() -> dict[str, int]:
    """Each package and the height of its layer, as import-linter's first contract has them."""
    contracts = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for name in layer.split("|")}


@cache
def ours() -> dict[str, str]:
    """Label → package of the installed apps that lie in this repository."""
    return {config.label: config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}


def unplaced_apps() -> Iterator[Finding]:
    height = heights()
    for package in ours().values():
        if package not in height:
            yield Finding(PROJECT, 1, f"{package} stands in no layer of [[tool.importlinter.contracts]]")


def relations() -> Iterator[Finding]:
    """A table may point at its own app's tables and at those of lower layers, string references included."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            yield from upward(model, field)


def upward(model: type[Model], field: Relation) -> Iterator[Finding]:
    """The finding, if `field` of `model` points to a layer above its own or beside it."""
    height, packages = heights(), ours()
    target = field.related_model
    if field.auto_created or not isinstance(target, type) or not issubclass(target, Model):
        return
    mine, other = packages.get(model._meta.app_label), packages.get(target._meta.app_label)
    if mine and other and mine != other and height.get(other, 0) >= height.get(mine, 0):
        message = f"{model.__name__}.{field.name} points from {mine} up or across to {other}"
        yield Finding(ROOT / mine / "models.py", 1, message)
