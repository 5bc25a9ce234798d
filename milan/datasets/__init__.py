"""Images on disk: which there are, which side each serves, and fixed batches of them.

In goes a folder. Out come a `Manifest` (paths, content hashes, sides), pictures as a screen would show
them (`open_picture`), and batches cut from the manifest alone (`Batches`), so that whoever computes a
batch computes the same one.

    manifest = Manifest.scan(Path("photos"))
    for batch in Batches(manifest, batch_size=32, prepare=prepare, workers=2):
        network.forward(torch.from_numpy(batch.inputs))

`LabelledImages` are images in a folder for each class, with the output of a network that each class is.

`prepare` turns one picture (and its path) into what is seen of it (8 bits) and the network's input (float32);
this room knows no networks.
"""

from milan.datasets.labelled import LabelledImages, read_classes
from milan.datasets.loader import Batch, Batches, View, n_batches
from milan.datasets.manifest import Manifest, Side, Skipped, side_of
from milan.datasets.pictures import UnreadableImage, open_picture, open_sent_picture

__all__ = [
    "Batch",
    "Batches",
    "LabelledImages",
    "Manifest",
    "Side",
    "Skipped",
    "UnreadableImage",
    "View",
    "n_batches",
    "open_picture",
    "open_sent_picture",
    "read_classes",
    "side_of",
]
