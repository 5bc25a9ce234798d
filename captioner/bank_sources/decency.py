"""What a bank must never say: rude, sexual and cruel words, and insults to kinds of persons."""

import re
from collections.abc import Mapping

from captioner.bank_sources.wordnet import Synset

__all__ = ["is_decent", "is_insult"]

_MARKS = frozenset({"obscenity", "ethnic slur", "disparagement"})

# Words that are rude in some meaning, even where they have a harmless one too: one phrase more is not worth
# one insult. `*` stands for any ending, `~` for a space.
_WORDS = """
    abo abortion* anal anus arse ass asses asshole bastard bawdy beheading bimbo bitch blackface boche
    bollock bondage boob boobies boobs booby bordello bra~burner breast breasts brothel bugger bum bunghole
    butt buttocks butts cadaver* cannibal carnal cathouse chinaman chink clitor* cock cocks cocotte codpiece
    coitus colored concentration~camp condom coolie cooly coon corpse corpses crap crematorium crematory
    crotch cum cunt cuss cyprian dago damn darky dick dike dildo dink douche dwarf dyke effeminate ejaculat*
    electric~chair enema erection erotic* eskimo excrement fag faggot fagot fanny fart fecal feces fellatio
    foreskin fornicat* frig fuck* g-string gallows gas~chamber genital* ginzo golliwog* gook gore gory
    greaseball greaser gringo groin guillotine gypsy half-caste halfbreed harem harlot heathen hell hickey
    homo honkey honkie honky hooker hooter hooters horny hottentot hussy hymie idiot incest injun
    intercourse jap japs jew jewish jews jigaboo jism jock jockstrap* jugs kaffir kafir kike knockers kraut*
    labia* lesbian lolita lynch* massage masturbat* menstrua* merkin middle~finger midget molest* mongol
    mongoloid monorchid moron muff mulatto naked nancy nazi negro* nigg* nigra nipple nipples noose nude
    nudes nudity nymphet orgasm orgy oriental ovary paki paleface pansy panty papist papoose pasties pecker
    pee penis* perver* phall* picanin* piccanin* pickaninny piss* poo poon poop porn* prick privy prostitut*
    pube* pubic pussy queer rape rectum redskin retard* sambo savage scrot* semen severed sex sexual* sexy
    shag sheeny shiks* shit* skank slant slave slaves slut snatch sodom* spastic sperm* spic spick spik
    squaw striptease strip~club strumpet suicide swastika testic* testis thong tit tits titty toilet~bowl
    topless tramp tranny turd twat urethra urin* uterus vagina* vibrator vulva wank* wetback whitey
    white~trash whore* whorehouse willy wog wop yid
"""
_PATTERNS = (word.replace("*", "[a-z]*").replace("~", " ") for word in _WORDS.split())
_RUDE = re.compile(f"(?<![a-z])(?:{'|'.join(_PATTERNS)})(?![a-z])")


def is_decent(phrase: str) -> bool:
    """Whether a phrase may be shown.

    >>> is_decent("the wheel of a car"), is_decent("a grass plot"), is_decent("an ass")
    (True, True, False)
    """
    return not _RUDE.search(phrase.lower())


def is_insult(synset: Synset, nouns: Mapping[int, Synset]) -> bool:
    """Whether WordNet marks a meaning as obscene, disparaging or an ethnic slur.

    >>> mark = Synset(1, "communication", ("ethnic slur",), (0,), (), (), ())
    >>> is_insult(Synset(2, "person", ("spade",), (0,), (), (), usages=(1,)), {1: mark})
    True
    """
    return any(not _MARKS.isdisjoint(nouns[usage].words) for usage in synset.usages)
