"""Which units matter: accuracy against units switched off, in orders that words or measurements give.

In: a catalog, the network that it describes, labelled images. Out: an `Analysis`: a curve an order with
intervals, beside random orders and random orders of the same layers; and every unit with its figures.

    with Catalog.open("units.db") as catalog:
        analysis = analyze_network(catalog, network, AnalyzeOptions(images=Path("val")))
    write_analysis(analysis, Path("analysis"))
"""

from milan.uses.analyze.analyze import analyze_network
from milan.uses.analyze.comparing import Comparison, Verdict
from milan.uses.analyze.options import ORDERS, AnalyzeOptions
from milan.uses.analyze.preparing import AnalysisPlan, plan_analysis
from milan.uses.analyze.report import Analysis, AnalyzedUnit, OrderResult, write_analysis

__all__ = [
    "ORDERS",
    "Analysis",
    "AnalysisPlan",
    "AnalyzeOptions",
    "AnalyzedUnit",
    "Comparison",
    "OrderResult",
    "Verdict",
    "analyze_network",
    "plan_analysis",
    "write_analysis",
]
