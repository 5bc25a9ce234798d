"""A catalog as pages for a browser: what `milan serve` runs.

In: a catalog file. Out: a FastAPI application. Every page is whole without JavaScript and has a permanent
address (`/networks/NETWORK/layers/LAYER/units/INDEX`); every listing is also there as `.json` and `.csv`.

    uvicorn.run(make_app("units.db", embed_phrases), host="127.0.0.1", port=8000)
"""

from milan.surfaces.web.app import make_app
from milan.surfaces.web.guard import Guard

__all__ = ["Guard", "make_app"]
