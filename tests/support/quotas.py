"""Quotas, as tests set them and look at them."""

from typing import Any, cast

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey


def cell(key: str, target: int, **where: Any) -> Json:
    """A cell of a quota."""
    return {"key": key, "label": key.capitalize(), "target": target, **where}


def quota(key: str, *cells: Json, **fields: Any) -> Json:
    """A quota with cells."""
    return {"key": key, "name": key.capitalize(), "cells": list(cells), **fields}


def total(target: int, **fields: Any) -> Json:
    """A quota over everybody."""
    return quota("total", cell("all", target), **fields)


def at(survey: PublishedSurvey) -> str:
    """Where the quotas of a survey are."""
    return f"/v1/surveys/{survey.id}/quotas"


async def put(api: Api, survey: PublishedSurvey, *quotas: Json, status: int = 200, **fields: Any) -> Json:
    """Set quotas, in the place of those that there are."""
    etag = (await api.get(at(survey))).headers["etag"]
    answer = await api.put(at(survey), {"quotas": list(quotas), **fields}, status=status, headers={"If-Match": etag})
    return cast("Json", answer.json())


async def places(api: Api, survey: PublishedSurvey) -> dict[str, Json]:
    """How the cells stand, by quota/cell."""
    found = (await api.get(at(survey))).json()
    return {f"{each['key']}/{one['key']}": one for each in found["quotas"] for one in each["cells"]}


async def taken(api: Api, survey: PublishedSurvey) -> dict[str, int]:
    """Places taken, by quota/cell."""
    return {name: one["taken"] for name, one in (await places(api, survey)).items()}
