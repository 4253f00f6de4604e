"""Fuzzing tells what it tried when the tests are through."""

import tally


def pytest_terminal_summary(terminalreporter: object) -> None:
    for line in tally.lines():
        terminalreporter.write_line(f"fuzz: {line}")  # type: ignore[attr-defined]
