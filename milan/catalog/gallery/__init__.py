"""A catalog as a folder of pages that opens from disk and can be searched there.

>>> from milan.catalog.gallery import export_gallery
"""

from milan.catalog.gallery.pages import export_gallery

__all__ = ["export_gallery"]
