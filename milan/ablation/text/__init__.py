"""What a translation, or a language model, loses with units switched off, in the network itself.

    units = TranslatorUnits(shipped_translator())
    task = TranslationTask(units, text)                     # BLEU, perplexity and accuracy
    task = LanguageTask.of(open_text_network("hf:language-model/"), sentences)  # perplexity and accuracy
    removal_curve(task, "encoder.1", order, [5, 25, 50])    # first, last and random units of an order

`projected_out` does the same with directions that networks share, which are no units.
"""

from milan.ablation.text.removing import DirectionSet, Removed, projected_out, removal_curve
from milan.ablation.text.task import LanguageTask, Task, TranslationTask
from milan.ablation.text.translating import TranslatorUnits

__all__ = [
    "DirectionSet",
    "LanguageTask",
    "Removed",
    "Task",
    "TranslationTask",
    "TranslatorUnits",
    "projected_out",
    "removal_curve",
]
