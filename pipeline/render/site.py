"""A site and what goes into it: the post's bundle, the side files asked for, and nothing else.

Of a draft only what the generator holds back with it: Zola and Hugo keep a whole bundle to
themselves while its page is a draft, Jekyll publishes every file beside an unpublished post.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.config import Flavor
from pipeline.errors import InputError, UsageError
from pipeline.render.shelf import Shelf, written

HOLDS_BACK = frozenset({"zola", "hugo"})  # a draft's whole bundle
_POSTS: dict[Flavor, str] = {"zola": "content/posts", "hugo": "content/posts", "jekyll": "posts"}
_SERVED = {"zola": ("content", "static"), "hugo": ("content", "static", "assets")}
_OWN: tuple[tuple[str, Flavor], ...] = (
    *((f"_config.{ending}", "jekyll") for ending in ("yml", "yaml", "toml")),
    *((f"hugo.{ending}", "hugo") for ending in ("toml", "yaml", "yml", "json")),
    *((f"config/_default/hugo.{ending}", "hugo") for ending in ("toml", "yaml", "json")),
    ("zola.toml", "zola"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A generator's folder. `posts` is where bundles go."""

    root: Path
    config: Path
    flavor: Flavor
    posts: Path

    def serves(self, folder: Path) -> bool:
        """Whether what lies in a folder of it becomes public."""
        parts = folder.resolve().relative_to(self.root).parts
        if self.flavor == "jekyll":
            return not any(part.startswith(("_", ".")) for part in parts)
        return bool(parts) and parts[0] in _SERVED[self.flavor]


def site_of(folder: Path) -> Site | None:
    """The site that a folder is, or lies in; None where no generator's config is above it."""
    here = folder.resolve()
    for root in (here, *here.parents):
        for config, flavor in _configs(root):
            posts = root / _POSTS[flavor] if here == root else here
            return Site(root, config, flavor, posts)
    return None


def find_site(folder: Path) -> Site:
    """The same; raises UsageError where there is none."""
    found = site_of(folder) if folder.is_dir() else None
    if found is None:
        raise UsageError(
            f"--site {folder}: is no site; there should be a hugo.toml, a Zola config.toml or a "
            "_config.yml in it or above it"
        )
    return found


def _configs(root: Path) -> Iterator[tuple[Path, Flavor]]:
    for name, flavor in _OWN:
        if (root / name).is_file():
            yield root / name, flavor
    for name in ("config.toml", "config.yaml", "config.yml", "config.json"):
        if (root / name).is_file() and (root / "content").is_dir():
            text = (root / name).read_text(encoding="utf-8", errors="replace")
            yield root / name, "zola" if "base_url" in text else "hugo"


def exposed(out: Path) -> str | None:
    """What becomes public of an output folder that a site serves, and how not to; else None."""
    site = site_of(out)
    if site is None or not site.serves(out):
        return None
    when = "even of a draft" if site.flavor not in HOLDS_BACK else "once a post is no draft"
    return (
        f"{out} lies in a {site.flavor} site ({site.config}): report.json becomes public, and "
        f"{when} the transcript, notes and clips beside it; take another folder with -o, and "
        f"--site {site.root} puts there what is meant for readers"
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """What of a post lies in a site now."""

    post: Path
    files: tuple[str, ...]
    warnings: tuple[str, ...]


def place(folder: Path, site: Site, sides: Sequence[str] = ()) -> Placed:
    """Put the post of `folder` (`out/<slug>`, as a run left it) into a site.

    A post that a person has edited there stays as it is. Raises InputError for a folder without
    a post or with one for another generator, StoreError for a site that cannot be written.
    """
    out, slug = folder.parent, folder.name
    name = _post_in(folder)
    text = (folder / name).read_text(encoding="utf-8", errors="replace")
    _check_flavor(folder / name, text, site)
    shelf = Shelf(site.posts / slug, _record(out, slug, site), offers=folder)
    there = site.posts / slug / name
    shown = there.read_text(encoding="utf-8", errors="replace") if shelf.edited(name) else text
    more = _more(folder, sides)
    held = site.flavor in HOLDS_BACK or not is_draft(shown, site.flavor)
    files = {name: (folder / name).read_bytes()} | (_read(folder, more) if held else {})
    shelf.put(files)
    warnings = list(shelf.warnings)
    if more and not held:
        warnings.append(
            f"{there}: is a draft, and Jekyll publishes what lies beside one, so only the post "
            "was put there; publish it again when it is no draft"
        )
    return Placed(there, tuple(sorted(files)), tuple(warnings))


def _post_in(folder: Path) -> str:
    posts = [path for path in folder.glob("_posts/*.md") if not path.name.startswith("_")]
    found = [*sorted(posts, key=lambda path: path.stat().st_mtime), folder / "index.md"]
    ours = written(folder.parent, folder.name)
    for path in found:
        name = path.relative_to(folder).as_posix()
        if path.is_file() and (name in ours or not ours):
            return name
    raise InputError(f"{folder}: holds no finished post; run its event first")


def _more(folder: Path, sides: Sequence[str]) -> list[str]:
    """The clips that the post's receipts link to, and the side files asked for."""
    clips = sorted(path.relative_to(folder).as_posix() for path in folder.glob("clips/*.mp3"))
    ours = written(folder.parent, folder.name)
    for side in sides:
        if not (folder / side).is_file():
            raise InputError(f"{folder / side}: is not there; run its event again")
    return [*(clip for clip in clips if clip in ours or not ours), *sides]


def _read(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


def _record(out: Path, slug: str, site: Site) -> Path:
    """Where is remembered what was written into a site: in the work folder, not in the site."""
    which = hashlib.sha256(str(site.posts).encode(errors="surrogateescape")).hexdigest()[:16]
    return out / ".backrow" / "sites" / which / f"{slug}.json"


def _check_flavor(post: Path, text: str, site: Site) -> None:
    """Raises InputError for front matter of another generator."""
    written_for = _flavor(text)
    if written_for not in (None, site.flavor):
        raise InputError(
            f"{post}: was written for {written_for}, and {site.root} is a {site.flavor} site; "
            f"run it again with --flavor {site.flavor}"
        )


def _flavor(text: str) -> Flavor | None:
    if text.startswith("---"):
        return "jekyll"
    head = front_matter_of(text) or {}
    return "zola" if "extra" in head else "hugo" if "params" in head else None


def is_draft(text: str, flavor: Flavor) -> bool:
    """Whether a generator holds a post back; one whose head cannot be read counts as a draft."""
    head = front_matter_of(text)
    if head is None:
        return True
    return head.get("published", True) is False if flavor == "jekyll" else head.get("draft") is True


def front_matter_of(text: str) -> Mapping[str, Any] | None:
    """A post's head, None where there is none that can be read."""
    for fence, read in (("+++", tomllib.loads), ("---", yaml.safe_load)):
        if text.startswith(f"{fence}\n"):
            try:
                head = read(text[4:].partition(f"\n{fence}")[0])
            except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError):
                return None
            return head if isinstance(head, Mapping) else None
    return None
