import torch

from milan.translation.batches import filled_up
from milan.translation.vocabulary import BEGIN


def logits_of(network, memory):
    return network.decode(torch.full((len(memory.units), 1), BEGIN), memory, network.start(memory))[0]


def test_what_fills_up_a_sentence_changes_nothing(translator):
    network = translator.network
    short, long = ([translator.source.tokens(text)] for text in ("A dog runs.", "A dog runs on the beach."))
    with torch.inference_mode():
        alone = network.encode(filled_up(short))
        beside = network.encode(filled_up([*short, *long]))
        torch.testing.assert_close(alone.units[0], beside.units[0, : alone.units.shape[1]])
        torch.testing.assert_close(
            logits_of(network, alone)[0], logits_of(network, beside)[0], atol=1e-4, rtol=1e-4
        )


def test_all_that_the_decoder_knows_passes_through_the_units_of_the_upper_layer(translator):
    network = translator.network
    with torch.inference_mode():
        first, second = (
            network.encode(filled_up([translator.source.tokens(text)]))
            for text in ("Two women cook.", "A man sleeps.")
        )
        swapped = second._replace(units=first.units, keys=network.keys(first.units), there=first.there)
        assert torch.equal(logits_of(network, swapped), logits_of(network, first))


def test_attention_sums_to_one_over_the_tokens_that_are_there(translator):
    sentences = ["Two dogs play.", "A young woman in a red dress is singing on a stage."]
    for one, sentence in zip(translator.translate(sentences), sentences, strict=True):
        n_read = len(translator.source.tokens(sentence)) + 1
        assert one.attention.shape == (len(one.tokens), n_read)
        torch.testing.assert_close(torch.from_numpy(one.attention.sum(1)), torch.ones(len(one.tokens)))
