"""What the command line says for itself, before a recording is opened."""

from pathlib import Path

import pytest

from pipeline.cli import main

COMMANDS = (
    "run",
    "plan",
    "speakers",
    *("voices", "voices add", "voices list", "voices remove"),
    *("ledger", "ledger add", "ledger search", "ledger show", "ledger remove"),
    *("prompts", "prompts list", "prompts show", "prompts copy", "prompts check"),
    "lint",
    "doctor",
)


def said(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    try:
        code = main(line.split())
    except SystemExit as ended:  # argparse's own way out
        code = int(ended.code or 0)
    out = capsys.readouterr()
    return code, out.out + out.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, f"{command} --help")
    usage, _, about = text.partition("\n\n")
    assert code == 0 and usage.startswith(f"usage: backrow {command}")
    assert about.splitlines()[0].endswith(".")
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("line", "wanted", "says"),
    [
        (
            "run talk.wav --modle base",
            2,
            "'--modle' is no part of this command; did you mean --model?",
        ),
        ("doctor --all", 2, "'--all' is no part of this command; see backrow doctor --help"),
        ("run talk.wav --workers 0", 2, "run.workers should be greater than or equal to 1"),
        ("voices list --voices none.json", 2, "none.json: does not exist"),
        ("voices add talk.wav --name A=B", 2, "voices add needs --voices FILE"),
        ("ledger show --ledger none.db", 2, "none.db: does not exist"),
        ("plan talk.wav --ledger none.db", 2, "leave --ledger out the first time"),
        (
            "prompts show voice --talk 1 talk.wav",
            2,
            "voice is not sent; outline, write, judge, close",
        ),
        ("prompts show write --talk talk.wav 1", 2, "write --talk N EVENT"),
        ("ledger add post --ledger claims.db", 1, "post/notes.json: is no post's"),
        ("lint post", 1, "post: cannot be read"),
        (
            "voices add none.wav --name SPEAKER_00=Ada --voices book.json",
            1,
            "none.wav: is not there",
        ),
        ("prompts show write --talk 1 none.wav", 1, "none.wav: is not there"),
    ],
)
def test_what_is_wrong_is_a_sentence(
    line: str,
    wanted: int,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text = said(capsys, line)
    assert code == wanted and says in text


def test_an_empty_ledger_and_book_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "book.json").write_text('{"format": "backrow-voices-1", "voices": []}')
    assert said(capsys, f"voices list --voices {tmp_path / 'book.json'}") == (
        0,
        "nobody is in it\n",
    )
    code, text = said(capsys, f"voices remove Ada Park --voices {tmp_path / 'book.json'}")
    assert code == 2 and "knows no Ada Park" in text
