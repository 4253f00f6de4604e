"""The README is true: its first command makes the post that it shows."""

import difflib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
POST = ROOT / "samples" / "full-steam" / "post" / "index.md"


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.slow
def test_the_first_command_works_on_a_python_that_a_distribution_manages(tmp_path: Path) -> None:
    """Where pip alone is refused ("externally managed"), and nothing is installed for all."""
    system = next((p for p in Path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED")), None)
    if system is None or not (managed := Path("/usr/bin") / system.parent.name).exists():
        pytest.skip("no Python of a distribution here")
    install = commands()[0].replace("python3", str(managed), 1)
    try:
        subprocess.run(install, shell=True, cwd=tmp_path, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        if b"ensurepip" in error.stdout:
            pytest.skip("this distribution keeps venv in a package of its own")
        raise
    said = subprocess.run([tmp_path / ".uv" / "bin" / "uv", "--version"], capture_output=True)
    assert said.stdout.startswith(b"uv ")


@pytest.mark.slow
def test_the_second_command_makes_the_post_beside_the_sample(evening_posts: Path) -> None:
    _, run, test = commands()
    assert test == "uv run --group dev pytest"
    assert run == ".uv/bin/uv run backrow run samples/full-steam -o posts", "as evening_posts does"
    made = (evening_posts / "iron-kettle-full-steam" / "index.md").read_text(encoding="utf-8")
    kept = POST.read_text(encoding="utf-8")
    again = "read what tools/refresh_sample.py makes of it, and commit that"
    assert _headings(made) == _headings(kept), again
    # sums of floats differ between processors, and a word of the transcript with them
    lines = [re.sub(r"\[\^\d+\]:?", "", text).splitlines() for text in (made, kept)]
    assert difflib.SequenceMatcher(None, *lines).ratio() > 0.85, again


def test_what_it_shows_is_from_the_post() -> None:
    (shown,) = re.findall(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert shown.strip(), "a piece of real output"
    assert shown.strip() in re.sub(r"\[\^\d+\]", "", POST.read_text(encoding="utf-8"))


def test_what_a_model_wrote_is_what_the_recorded_run_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import refresh_sample

    kept = (POST.parents[1] / "post-by-a-model" / "index.md").read_text(encoding="utf-8")
    assert kept == refresh_sample.recorded(), (
        "run tools/refresh_sample.py and commit what it writes"
    )


def test_the_piece_that_a_model_wrote_is_from_its_post() -> None:
    (shown,) = re.findall(r"```md\n(.*?)```", README, re.DOTALL)
    post = POST.parents[1] / "post-by-a-model" / "index.md"
    assert shown.strip() in re.sub(r"\[\^\d+\]", "", post.read_text(encoding="utf-8"))


def test_files_it_names_exist() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def _headings(post: str) -> list[str]:
    return [line for line in post.splitlines() if line.startswith("## ")]
