"""Why a network answers as it does to one image, in the words of its units.

answer = explain_output(network, catalog, Path("photo.jpg"))
for reason in answer.reasons:
    print(reason.effect, reason.phrase, reason.unit)
draw_answer(answer).save("why.png")
"""

from milan.uses.why.explaining import Answered, Reason, WhyOptions, explain_output
from milan.uses.why.picture import draw_answer

__all__ = ["Answered", "Reason", "WhyOptions", "draw_answer", "explain_output"]
