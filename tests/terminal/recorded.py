"""The console on the differential driver, recording what Textual hands to it: what the stock driver would write."""

import os
import sys
from pathlib import Path

import console.app
from console.__main__ import main
from console.terminal.driver import DifferentialDriver

RECORD = "RECORD_TERMINAL"


class RecordingDriver(DifferentialDriver):
    """Writes what it is handed to a file, too."""

    def write(self, data: str) -> None:
        """See ``DifferentialDriver``."""
        with Path(os.environ[RECORD]).open("ab") as record:
            record.write(data.encode("utf-8", "replace"))
        super().write(data)


if __name__ == "__main__":
    vars(console.app)["DifferentialDriver"] = RecordingDriver
    sys.exit(main())
