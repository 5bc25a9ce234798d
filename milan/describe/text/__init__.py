"""From activations of words to phrases: what a text unit responds to, said in plain English and measured.

In: a text with whatever is known of its words, and matrices [word, unit]. Out: a `Description` a unit, as for
images. This room knows neither captioner nor networks.

    text = read_annotated(Path("train.conllu"))
    samples = Samples.of(text.sentences, has_activations, settings.n_selected, settings.n_measured)
    describer = TextDescriber(text, samples, settings)
    raised = describer.describe(matrix[samples.selected], matrix[samples.measured], units)
    lowered = describer.describe(-matrix[samples.selected], -matrix[samples.measured], units)
"""

from milan.describe.text.layer import Described, TextDescriber
from milan.describe.text.measuring import FEWEST_MEASURED, LEVEL, Measurer
from milan.describe.text.properties import Choice, Properties
from milan.describe.text.samples import Samples
from milan.describe.text.settings import TextSettings

__all__ = [
    "FEWEST_MEASURED",
    "LEVEL",
    "Choice",
    "Described",
    "Measurer",
    "Properties",
    "Samples",
    "TextDescriber",
    "TextSettings",
]
