"""Californian schools of R's survey package (apistrat, apiclus1) as counted rows, typed in from s04, s05 and s13."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.weighting.calc import Design

# Type, whole-school growth target met, eligible for an award, schools.
STRATIFIED = (
    ("E", True, True, 73),
    ("E", True, False, 18),
    ("E", False, False, 9),
    ("H", True, True, 16),
    ("H", True, False, 10),
    ("H", False, False, 24),
    ("M", True, True, 24),
    ("M", True, False, 11),
    ("M", False, False, 15),
)
_STRATUM = {"E": (44.2099990844727, 4421.0), "H": (15.1000003814697, 755.0), "M": (20.3600006103516, 1018.0)}

# District, schools of type E, H and M.
CLUSTERED = (
    (135, 34, 0, 0),
    (178, 2, 1, 1),
    (197, 10, 0, 3),
    (255, 13, 0, 3),
    (406, 2, 0, 0),
    (413, 1, 0, 0),
    (437, 2, 1, 1),
    (448, 9, 1, 2),
    (510, 16, 2, 3),
    (568, 4, 4, 1),
    (61, 10, 0, 3),
    (637, 8, 1, 2),
    (716, 30, 3, 4),
    (778, 1, 0, 1),
    (815, 2, 1, 1),
)


def stratified_design(*, finite: bool = True, stratified: bool = True) -> Design:
    """Design of the rows of `STRATIFIED`."""
    strata = np.array(["EHM".index(row[0]) for row in STRATIFIED])
    return Design(
        np.array([_STRATUM[row[0]][0] for row in STRATIFIED]),
        strata=strata if stratified else None,
        population=np.array([_STRATUM[row[0]][1] for row in STRATIFIED]) if finite else None,
        counts=np.array([row[3] for row in STRATIFIED]),
    )


def stratified_column(index: int) -> NDArray[np.bool_]:
    """Whether the target was met (1) or an award was possible (2), by row of `STRATIFIED`."""
    return np.array([row[index] for row in STRATIFIED], dtype=bool)


def clustered() -> tuple[NDArray[np.int64], Design]:
    """Type of the schools (0 E, 1 H, 2 M) and design of each non-empty count of `CLUSTERED`."""
    rows = [(row[0], kind, row[kind + 1]) for row in CLUSTERED for kind in range(3) if row[kind + 1]]
    district, types, counts = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    design = Design(np.full(n, 33.846996307373), clusters=district, population=np.full(n, 757.0), counts=counts)
    return types, design
