"""Names of shapes, textures and backgrounds in a few languages besides English.

Emoji bring their own names; what we draw ourselves we name ourselves.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["TRANSLATIONS"]

TRANSLATIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "circle": {"de": "Kreis", "es": "círculo", "fr": "cercle"},
        "crescent": {"de": "Sichel", "es": "medialuna", "fr": "croissant"},
        "cross": {"de": "Kreuz", "es": "cruz", "fr": "croix"},
        "diamond": {"de": "Raute", "es": "rombo", "fr": "losange"},
        "heart": {"de": "Herz", "es": "corazón", "fr": "cœur"},
        "hexagon": {"de": "Sechseck", "es": "hexágono", "fr": "hexagone"},
        "oval": {"de": "Oval", "es": "óvalo", "fr": "ovale"},
        "pentagon": {"de": "Fünfeck", "es": "pentágono", "fr": "pentagone"},
        "rectangle": {"de": "Rechteck", "es": "rectángulo", "fr": "rectangle"},
        "ring": {"de": "Ring", "es": "anillo", "fr": "anneau"},
        "square": {"de": "Quadrat", "es": "cuadrado", "fr": "carré"},
        "star": {"de": "Stern", "es": "estrella", "fr": "étoile"},
        "triangle": {"de": "Dreieck", "es": "triángulo", "fr": "triangle"},
        "horizontal stripes": {
            "de": "Querstreifen",
            "es": "rayas horizontales",
            "fr": "rayures horizontales",
        },
        "vertical stripes": {"de": "Längsstreifen", "es": "rayas verticales", "fr": "rayures verticales"},
        "diagonal stripes": {"de": "Schrägstreifen", "es": "rayas diagonales", "fr": "rayures diagonales"},
        "polka dots": {"de": "Punkte", "es": "lunares", "fr": "pois"},
        "checks": {"de": "Schachbrettmuster", "es": "cuadros", "fr": "damier"},
        "zigzags": {"de": "Zickzack", "es": "zigzag", "fr": "zigzag"},
        "waves": {"de": "Wellen", "es": "ondas", "fr": "vagues"},
        "grid lines": {"de": "Gitter", "es": "cuadrícula", "fr": "quadrillage"},
        "bricks": {"de": "Ziegel", "es": "ladrillos", "fr": "briques"},
        "scales": {"de": "Schuppen", "es": "escamas", "fr": "écailles"},
        "concentric rings": {"de": "Ringe", "es": "anillos concéntricos", "fr": "anneaux concentriques"},
        "plain background": {"de": "einfarbiger Hintergrund", "es": "fondo liso", "fr": "fond uni"},
        "gradient": {"de": "Farbverlauf", "es": "degradado", "fr": "dégradé"},
        "grainy background": {"de": "körniger Hintergrund", "es": "fondo granulado", "fr": "fond granuleux"},
        "blurred background": {"de": "unscharfer Hintergrund", "es": "fondo borroso", "fr": "fond flou"},
        "sky": {"de": "Himmel", "es": "cielo", "fr": "ciel"},
        "night sky": {"de": "Nachthimmel", "es": "cielo nocturno", "fr": "ciel nocturne"},
        "grass": {"de": "Gras", "es": "hierba", "fr": "herbe"},
        "sea": {"de": "Meer", "es": "mar", "fr": "mer"},
        "buildings": {"de": "Gebäude", "es": "edificios", "fr": "bâtiments"},
    }
)
"""English name to name by language code."""
