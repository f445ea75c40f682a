"""`python -m console` and the `helpdesk` command."""

import sys

from console import __version__


def main() -> int:
    """Answer `--version`; returns the exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"helpdesk {__version__}\n")
        return 0
    sys.stderr.write("Only `helpdesk --version` works so far.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
