"""Where people meet milan: the command line. The only floor that prints."""

__all__: list[str] = []
