import torch

from milan.networks.text import open_text_network
from milan.translation.batches import filled_up


def test_the_encoder_is_read_as_the_network_runs_it(translator):
    network = open_text_network("milan.translation:sentence_reader")
    assert [layer.name for layer in network.chosen()] == ["encoder.0", "encoder.1"]
    encoded = network.encode(["A", "skateboarder", "jumps."])
    assert [span is not None for span in encoded.spans] == [True] * 3
    assert list(encoded.tokens) == translator.source.tokens("A skateboarder jumps.")
    read = network.run([encoded.tokens], network.chosen())["encoder.1"]
    with torch.inference_mode():
        torch.testing.assert_close(read, translator.network.encode(filled_up([encoded.tokens])).units)
