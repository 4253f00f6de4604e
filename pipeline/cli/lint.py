"""`backrow lint`: hold posts against the voice."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import InputError
from pipeline.notes.lint import Finding, lint
from pipeline.prompts import Prompts
from pipeline.render import front_matter
from pipeline.render.site import post_in


def arguments(command: ArgumentParser) -> None:
    """Posts, and the voice."""
    command.add_argument(
        "posts",
        nargs="+",
        type=Path,
        metavar="POST",
        help="a post, its folder, or a folder of these",
    )
    command.add_argument("--prompts", type=Path, metavar="DIR", help="where your lint.toml lies")


def main(args: Namespace) -> int:
    """One line a finding; 1 when there is any."""
    found = [
        f"{post}: {finding}"
        for place in args.posts
        for post in posts_in(place)
        for finding in _findings(_read(post), Prompts(args.prompts))
    ]
    print("\n".join(found) if found else "nothing to say against it")
    return 1 if found else 0


def _findings(post: str, prompts: Prompts) -> tuple[Finding, ...]:
    """What is found; nothing in a post of ours for which there was nothing to note, or of which
    no receipts were wanted."""
    _, head = front_matter.read(post) or ("", {})
    tables = (head, head.get("extra"), head.get("params"))
    ours = any("engines" in table for table in tables if isinstance(table, Mapping))
    return () if ours and "\n## " not in post else lint(post, prompts, bare=ours)


def posts_in(place: Path) -> list[Path]:
    """A post by itself, that of its folder, or those of all folders in a folder."""
    if not place.is_dir():
        return [place]
    with suppress(InputError):
        return [place / post_in(place)]
    found = []
    for folder in sorted(child for child in place.iterdir() if child.is_dir()):
        with suppress(InputError):
            found.append(folder / post_in(folder))
    if not found:
        raise InputError(f"{place}: holds no post, and no folder of one; run its event first")
    return found


def _read(post: Path) -> str:
    try:
        return post.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{post}: cannot be read ({error.strerror}); name a post") from None
    except UnicodeDecodeError:
        raise InputError(f"{post}: is not UTF-8 text; name a post") from None
