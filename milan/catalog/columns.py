"""Columns of tables that are made of records, by kind."""

__all__ = ["COLUMNS", "FIGURES", "NUMBERS", "OF_UNIT", "TRUST"]

OF_UNIT = ("unit", "network", "layer", "index", "status", "description")
NUMBERS = ("score", "log_p_given", "log_p_prior", "lambda", "threshold")
FIGURES = ("faithfulness", "faithfulness_low", "faithfulness_high", "faithfulness_peak", "auprc", "f1")
TRUST = (*FIGURES, "n_measured", "explanation_text", "explanation_faithfulness", "language")
COLUMNS = (*OF_UNIT, *NUMBERS, "candidates", "images", *TRUST)
"""Of a table with a row a unit."""
