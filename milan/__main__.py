"""`python -m milan` and the `milan` command."""

from milan.surfaces.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
