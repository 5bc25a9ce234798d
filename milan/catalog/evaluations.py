"""The table of how good a version's descriptions are: kept beside them, gone when they change."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from milan.catalog.tables import EvaluationRow
from milan.records import Figure, LayerEvaluation, Predictor, SilenceLevel, WordsOf

__all__ = ["forget_evaluation", "read_evaluation", "store_evaluation"]


def store_evaluation(connection: Connection, version: int, evaluation: LayerEvaluation) -> None:
    """Keep a version's evaluation, instead of an earlier one."""
    forget_evaluation(connection, version)
    connection.execute(insert(EvaluationRow).values(version_id=version, figures=asdict(evaluation)))


def forget_evaluation(connection: Connection, version: int) -> None:
    """Drop what is known of a version, because its words are no longer those that were evaluated."""
    connection.execute(delete(EvaluationRow).where(EvaluationRow.version_id == version))


def read_evaluation(connection: Connection, version: int) -> LayerEvaluation | None:
    """A version's evaluation exactly as it was stored, or None."""
    stored = connection.scalar(select(EvaluationRow.figures).where(EvaluationRow.version_id == version))
    return None if stored is None else _evaluation(stored)


def _evaluation(stored: Mapping[str, Any]) -> LayerEvaluation:
    return LayerEvaluation(
        **{
            **stored,
            "abstained": Figure(*stored["abstained"]),
            "predictors": tuple(_predictor(row) for row in stored["predictors"]),
            "auroc": _figure(stored["auroc"]),
            "retrieved": _figure(stored["retrieved"]),
            "levels": tuple(SilenceLevel(**level) for level in stored["levels"]),
        }
    )


def _predictor(row: Mapping[str, Any]) -> Predictor:
    figures = {name: Figure(*row[name]) for name in ("mean", "peak")}
    return Predictor(**{**row, **figures, "words": WordsOf(row["words"])})


def _figure(value: list[float] | None) -> Figure | None:
    return None if value is None else Figure(*value)
