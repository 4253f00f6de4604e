"""The README is true: its first command makes the post that it shows."""

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
POST = ROOT / "samples" / "full-steam" / "post" / "index.md"
NOWHERE = "http://127.0.0.1:9"


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.slow
def test_the_first_command_makes_the_post_beside_the_sample(tmp_path: Path) -> None:
    install, run, test = commands()
    assert (install, test) == ("pip install uv", "uv run pytest")
    words = shlex.split(run)
    assert words[:3] == ["uv", "run", "backrow"] and words[-1] == "posts"
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "OPENAI_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words[3:-1], str(tmp_path)],
        cwd=ROOT,
        env={**bare, "HF_ENDPOINT": NOWHERE, "HF_HOME": str(tmp_path / "hf")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "iron-kettle-full-steam" / "index.md").read_text(encoding="utf-8")
    kept = POST.read_text(encoding="utf-8")
    assert _headings(made) == _headings(kept)
    # sums of floats differ between processors, and a word of the transcript with them
    alike = difflib.SequenceMatcher(None, made.splitlines(), kept.splitlines()).ratio()
    assert alike > 0.9, "read the post that came out, and put it in the place of the old one"


def test_what_it_shows_is_from_the_post() -> None:
    (shown,) = re.findall(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert shown.strip(), "a piece of real output"
    assert shown.strip() in re.sub(r"\[\^\d+\]", "", POST.read_text(encoding="utf-8"))


def test_files_it_names_exist() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def _headings(post: str) -> list[str]:
    return [line for line in post.splitlines() if line.startswith("## ")]
