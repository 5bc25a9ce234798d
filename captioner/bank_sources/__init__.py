"""The sources of the phrase bank that ships, and the command that builds it: `python -m captioner.bank_sources`."""
