"""A captioner for regions of pictures: tensors in, text out.

In go pictures (8-bit RGB) and masks (weights on a grid of any size); a reader turns each region into
features, each picture once. In goes a unit's evidence, the features of its regions; out come phrases and
their likelihoods, with the evidence and without:

    from captioner.pretrained import open_captioner, open_encoder

    captioner = open_captioner()                              # or "hf:ID", or a folder of your own
    regions = captioner.reader.read([picture], [masks])[0]    # (region, feature)
    phrases = captioner.propose([regions], n=10)[0]
    given = captioner.log_p_given([regions], [phrases])[0]    # log p(d|E), in nats, and token counts
    prior = captioner.log_p_prior(phrases)                    # log p(d)
    best = phrases[(given.total - 0.2 * prior.total).argmax()]

    encoder = open_encoder()                                  # regions and phrases in one space
    likeness = encoder.embed_regions(regions) @ encoder.embed_phrases(["a red bus"]).T

Our own captioner is `captioner.Captioner`: `Captioner.from_pretrained()` opens what ships, and
`captioner.save_pretrained("mine")` writes a folder that `from_pretrained("mine")` reads.

`captioner.protocols` says what a captioner and an encoder must answer; `captioner.train` teaches the
shipped ones a domain of your own; `captioner.recipe` rebuilds what ships. Nothing is loaded before it is
asked for, and nothing of `milan` is imported.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from captioner.own import OwnCaptioner as Captioner

__all__ = ["Captioner"]


def __getattr__(name: str) -> Any:
    if name == "Captioner":
        from captioner.own import OwnCaptioner

        return OwnCaptioner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
