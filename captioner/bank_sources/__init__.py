"""Where the phrases of the shipped bank come from; `python -m captioner.bank_sources` builds it."""
