"""Folders that tools of others read: a dataset for the Hugging Face Hub, an export for Neuronpedia.

Equal catalogs give equal bytes.
"""

from milan.catalog.exchange.dataset import export_dataset
from milan.catalog.exchange.neuronpedia import export_neuronpedia

__all__ = ["export_dataset", "export_neuronpedia"]
