"""What can go wrong in the captioner, as one tree.

CaptionerError                a ValueError: one clear line
├── UnknownLanguage           no translations into that language
├── UnknownCaptioner          no captioner of that name
├── NoOtherHead               every head reads with the network that is being described
├── SampleError               a line of a training file cannot be used; names file and line
└── WeightsError              a folder does not hold what `save_pretrained` writes
"""

__all__ = [
    "CaptionerError",
    "NoOtherHead",
    "SampleError",
    "UnknownCaptioner",
    "UnknownLanguage",
    "WeightsError",
]


class CaptionerError(ValueError):
    """Anything that a user of the captioner can mend."""


class UnknownCaptioner(CaptionerError):
    """No captioner has that name."""


class NoOtherHead(CaptionerError):
    """Every head reads with the network that is being described."""


class SampleError(CaptionerError):
    """A training sample cannot be used."""


class UnknownLanguage(CaptionerError):
    """No translations into that language ship."""


class WeightsError(CaptionerError):
    """A folder does not hold what `save_pretrained` writes."""
