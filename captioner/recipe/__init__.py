"""How the weights that ship were made, from a folder of photos, regions, cut-outs and captions.

    python -m captioner.recipe --data DIR --out data/captioner

rebuilds everything: samples, features, both heads, figures and cards. `docs/captioner.md` says on what it
was run and what came out.
"""

__all__: list[str] = []
