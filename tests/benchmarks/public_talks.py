"""Public transcripts as scripts: events for talks.py that were not made for any of its rules.

    uv run python tests/benchmarks/public_talks.py CLONE OUT
    uv run python tests/benchmarks/talks.py --from OUT

CLONE: a clone, bare or not, of github.com/bitcointranscripts/bitcointranscripts (conferences) or of
github.com/tc39/notes (days of a committee). Words and speakers are the transcript's; times, and the
applause after a talk, are made; no transcript is kept here. 2026-11-29, heard cleanly, at 52ccbbe
and d99353f: F1 .978 and .476, wrong names 3 of 230 and 3 of 212; seen, but not tuned on.
"""

import argparse
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import yaml

CONFERENCE = re.compile(
    r"((?:advancing|baltic|breaking|building|cryptoeconomic|edgedev|mit|scaling|stanford|tabconf)"
    r"[^/]*/[^/]+)/(?!_)[^/]+(?<!\.[a-z]{2})\.md"  # no translations
)
COMMITTEE = re.compile(r"meetings/(202[2-5]-\d\d/(?!README|toc|summ).*)\.md")
FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
UNSAID = re.compile(r"(?i)[#>|[!<{-]|```|http|slides|video|location|(name|topic|date):|transcript")
QUESTION = re.compile(r"([QA])\d?[:.] (.+)")
NAMED_TURN = re.compile(r"\*\*.*?\*\*:|[A-Z][\w ]{1,20}:")
ATTENDEE = re.compile(r"^\|\s*([^|]+?)\s*\|\s*([A-Z]{2,3})\s*\|", re.MULTILINE)
TURN = re.compile(r"([A-Z]{2,3}): (.+)")
SUMMARY = re.compile(r"^### .*(?:summary|conclusion)", re.IGNORECASE | re.MULTILINE)
NOTED = re.compile(r"[-#>*|`\d(]|Presenter|\s")  # a line of the notes that nobody said
FEWEST, MOST = 4, 10  # talks of an event
Turns = list[tuple[str, str]]  # a speaker's key and words
Talk = tuple[str, Turns]  # "kind: title" and what is said


def git(clone: Path, *command: str) -> str:
    """What git says of a clone; nothing where it refuses."""
    done = subprocess.run(["git", "-C", clone, *command], capture_output=True, check=False)
    return done.stdout.decode("utf-8", errors="replace")


def spoken(text: str) -> str:
    """Markdown without its links, marks and remarks in brackets."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"https?://\S+|[*_`<>#]", "", text)
    return " ".join(re.sub(r"\[[^\]]*\]", "", text).split())


def shares(turns: Turns) -> Counter[str]:
    """How many words each speaker says."""
    return Counter(key for key, words in turns for _ in words.split())


def script(talks: list[Talk], names: dict[str, str], after: str = "") -> str:
    """The script of an event; whose first name is never said is somebody nobody could name."""
    said = " ".join(words for _, turns in talks for _, words in turns)
    lines = []
    for key in dict.fromkeys(key for _, turns in talks for key, _ in turns):
        name = names.get(key, "")
        known = name and re.search(rf"\b{re.escape(name.split()[0])}\b", said)
        lines.append(f"person {key}: {name if known else ''}")
    for title, turns in talks:
        lines.append(f"== {title}")
        lines += [f"{key}: {words}" for key, words in turns if re.search(r"\w", words)]
        lines += [after] if after else []
    return "\n".join(lines) + "\n" if len(talks) >= FEWEST else ""


def lecture(text: str) -> tuple[str, Talk] | None:
    """Who gives a talk, and the talk, each question by somebody new; nothing of a conversation."""
    parts = FRONT_MATTER.match(text)
    about = yaml.safe_load(parts[1]) if parts else {}
    if parts is None or len(about.get("speakers") or []) != 1:
        return None
    turns, questions, asking = [], 0, False
    for line in filter(None, map(str.strip, parts[2].splitlines())):
        match = QUESTION.match(line)
        words = spoken(match[2] if match else line)
        if UNSAID.match(line) or not re.search(r"\w", words):
            continue
        if not match and NAMED_TURN.match(line):
            return None
        before, asking = asking, bool(match and match[1] == "Q")
        questions += asking and not before
        turns.append((f"Q{{}}N{questions}" if asking else "S{}X", words))
    talk = f"talk: {about.get('title', '')}", turns
    return (about["speakers"][0], talk) if 600 < shares(turns).total() < 9000 else None


def conference(texts: Iterable[str]) -> str:
    """The script of a conference: the first talk of each of its speakers."""
    lectures: dict[str, Talk] = {}
    for speaker, talk in filter(None, map(lecture, texts)):
        lectures.setdefault(speaker, talk)
    talks = [
        (title, [(key.format(number), words) for key, words in turns])
        for number, (title, turns) in enumerate(list(lectures.values())[:MOST])
    ]
    return script(talks, {f"S{n}X": speaker for n, speaker in enumerate(lectures)}, "[applause 4s]")


def items(text: str) -> Iterator[Talk]:
    """The items of a committee's day, without the summaries, which nobody spoke."""
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = section.partition("\n")
        turns: Turns = []
        for line in SUMMARY.split(rest)[0].splitlines():
            if match := TURN.match(line):
                turns.append((match[1] + "X", spoken(match[2])))
            elif line.strip() and turns and not NOTED.match(line):
                turns[-1] = (turns[-1][0], f"{turns[-1][1]} {spoken(line)}")
        said = shares(turns)
        if said.total() > 200:
            kind = "talk" if max(said.values()) > 0.6 * said.total() else "panel"
            yield f"{kind}: {title.strip()}", turns


def scripts(clone: Path) -> dict[str, str]:
    """Scripts by name, every second one (of days, of each fourth); none of another repository."""
    files = git(clone, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    days = {m[1]: git(clone, "show", f"HEAD:{m[0]}") for m in map(COMMITTEE.fullmatch, files) if m}
    attendees = [pair for text in days.values() for pair in ATTENDEE.findall(text)]
    names = {f"{initials}X": name for name, initials in reversed(attendees)}
    made = [(name, script(list(items(days[name])), names)) for name in list(days)[1::4]]
    talks = [m for m in map(CONFERENCE.fullmatch, files) if m]
    for name, group in groupby(talks, key=lambda m: m[1]):
        made.append((name, conference(git(clone, "show", f"HEAD:{m[0]}") for m in group)))
    return dict([(re.sub(r"\W+", "-", name), text) for name, text in made if text][::2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path, metavar="CLONE")
    parser.add_argument("out", type=Path, metavar="OUT")
    options = parser.parse_args()
    made = scripts(options.clone)
    if not made:
        parser.exit(2, f"{options.clone} is a clone of neither repository that --help names\n")
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (options.out / f"{name}.txt").write_text(text, encoding="utf-8")
    print(f"{len(made)} scripts in {options.out}")


if __name__ == "__main__":
    main()
