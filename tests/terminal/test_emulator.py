"""What the tests' own terminal shows."""

from tests.terminal.emulator import Emulator


def test_a_terminal_made_smaller_forgets_what_stood_below() -> None:
    terminal = Emulator(80, 40)
    terminal.cells()
    terminal.feed("\x1b[35;1Hbelow\x1b[2;1Habove")
    terminal.resize(40, 10)
    seen = terminal.cells()
    assert [len(line) for line in seen] == [40] * 10
    assert "".join(cell.data for cell in seen[1]).rstrip() in ("above", "")
    terminal.feed("\x1b[3;1Hthird")
    assert "".join(cell.data for cell in terminal.cells()[2]).rstrip() == "third"
