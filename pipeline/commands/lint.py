"""`backrow lint`: hold posts against the voice."""

from argparse import Namespace
from pathlib import Path

from pipeline.errors import InputError
from pipeline.notes.lint import lint
from pipeline.prompts import Prompts


def main(args: Namespace) -> int:
    """One line a finding; 1 when there is any."""
    found = [
        f"{post}: {finding}"
        for post in args.posts
        for finding in lint(_read(post), Prompts(args.prompts))
    ]
    print("\n".join(found) if found else "nothing to say against it")
    return 1 if found else 0


def _read(post: Path) -> str:
    file = next(post.glob("_posts/*.md"), post / "index.md") if post.is_dir() else post
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a post") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: is not UTF-8 text; name a post") from None
