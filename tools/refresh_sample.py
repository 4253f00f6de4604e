"""The sample's post made anew, and the README's piece of it: read both before you commit them.

    uv run python tools/refresh_sample.py ["Oscar Field"]

Runs the program on samples/full-steam with what a bare machine has (profile offline), puts the
post where the old one lies and a piece of it into README.md: of the talk whose heading has the
name given, else of the one that the README shows now, else of the first.
"""

import re
import sys
import tempfile
from pathlib import Path

from pipeline.cli import main

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "full-steam"
README = ROOT / "README.md"
RECORDED = ROOT / "tests" / "cassettes" / "full-steam" / "post.md"
SHOWN = re.compile(r"```markdown\n(.*?)```", re.DOTALL)
SHOWN_OF_A_MODEL = re.compile(r"```md\n(.*?)```", re.DOTALL)
# what the recorded run says of its engines, and what made its transcript and its answers
ENGINES = {
    'diarize = "nothing"': 'diarize = "campplus"',
    'writer = "llm relay"': 'writer = "llm a strong model, recorded"',
    "by a program (llm relay)": "by a program (a strong model, recorded)",
    " min of recording)\n": " min of recording), voices told apart by campplus\n",
}
MOST = 4  # paragraphs that the README shows, the heading among them


def post() -> str:
    """What the program makes of the sample now."""
    with tempfile.TemporaryDirectory(prefix="backrow-") as name:
        if main(["run", str(SAMPLE), "-o", name, "--profile", "offline", "--model", "base"]):
            raise SystemExit("the sample's run failed")
        (file,) = Path(name).glob("*/index.md")
        return file.read_text(encoding="utf-8")


def recorded() -> str:
    """The post of the recorded run in tests/cassettes."""
    text = RECORDED.read_text(encoding="utf-8")
    for told, is_so in ENGINES.items():
        assert told in text, f"{RECORDED} says {told}"
        text = text.replace(told, is_so)
    return text


def piece(of: str, name: str, most: int | None = MOST) -> str:
    """The first paragraphs of the talk whose heading has the name, without marks of footnotes."""
    bare = re.sub(r"\[\^\d+\]", "", of.partition("\n---\n")[0])
    talks = [f"## {talk}" for talk in bare.split("\n## ")[1:]]
    chosen = next((talk for talk in talks if name in talk.partition("\n")[0]), talks[0])
    return "\n\n".join(chosen.strip().split("\n\n")[:most])


def shown_now(readme: str) -> str:
    """The heading of the talk that the README shows."""
    found = SHOWN.search(readme)
    assert found, "README.md has a piece of the post"
    return found[1].partition("\n")[0].removeprefix("## ").partition(",")[0]


def refresh() -> None:
    readme, new, told = README.read_text(encoding="utf-8"), post(), recorded()
    name = sys.argv[1] if len(sys.argv) > 1 else shown_now(readme)
    block = f"```markdown\n{piece(new, name)}\n```"
    (SAMPLE / "post" / "index.md").write_text(new, encoding="utf-8")
    (SAMPLE / "post-by-a-model" / "index.md").write_text(told, encoding="utf-8")
    other = f"```md\n{piece(told, name, None)}\n```"
    readme = SHOWN_OF_A_MODEL.sub(lambda _: other, readme, count=1)
    README.write_text(SHOWN.sub(lambda _: block, readme, count=1), encoding="utf-8")


if __name__ == "__main__":
    refresh()
