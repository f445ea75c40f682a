"""Every benchmark, one after the other: `make bench`. Write what they print into RESULTS.md, with the command."""

import subprocess
import sys
from pathlib import Path

BUILDER = "base"
"""Makes what the others measure."""


def main() -> int:
    """Run them all; the exit code is that of the first that fails."""
    for file in sorted(Path(__file__).parent.glob("[!_]*.py")):
        if file.stem == BUILDER or '__name__ == "__main__"' not in file.read_text():
            continue  # what several benchmarks share
        print(f"## {file.stem}", flush=True)
        if code := subprocess.run([sys.executable, "-m", f"benchmarks.{file.stem}"], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
