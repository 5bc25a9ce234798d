"""Where the phrases of the shipped bank come from, and the command that builds it.

In: WordNet's database files, ImageNet's class lists, emoji names and our own lists (`everyday.toml`). Out:
phrases with their kinds; `python -m captioner.bank_sources --wordnet /usr/share/wordnet` writes `bank.*`.

    collect_entries(Path("/usr/share/wordnet"))[:2]   # [Entry('bright light', 'light'), ...]
"""

from captioner.bank_sources.collecting import collect_entries
from captioner.bank_sources.entry import Entry

__all__ = ["Entry", "collect_entries"]
