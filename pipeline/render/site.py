"""A site and what goes into it: the post's bundle, the side files asked for, and nothing else.

Of a draft only what the generator holds back with it: Zola and Hugo keep a whole bundle to
themselves while its page is a draft, Jekyll publishes every file beside an unpublished post.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cache import HOUSE
from pipeline.errors import InputError, UsageError, nearest
from pipeline.render import front_matter
from pipeline.render.clips import FOLDER
from pipeline.render.flavors import FLAVORS, Flavor, hides, written_for
from pipeline.render.folder import OutputFolder, written


@dataclass(frozen=True, slots=True)
class Site:
    """A generator's folder. `posts` is where bundles go."""

    root: Path
    config: Path
    flavor: Flavor
    posts: Path

    def lists(self) -> bool:
        """Whether posts get into lists and feeds: in Zola those of a folder with an _index.md."""
        root = self.posts == self.root / "content"
        return self.flavor.name != "zola" or root or any(self.posts.glob("_index*.md"))

    def serves(self, folder: Path) -> bool:
        """Whether what lies in a folder of it becomes public."""
        parts = folder.resolve().relative_to(self.root).parts
        if self.flavor.served:
            return bool(parts) and parts[0] in self.flavor.served
        return not any(part.startswith(("_", ".")) for part in parts)


def site_of(folder: Path) -> Site | None:
    """The site that a folder is, or lies in; None where no generator's config is above it."""
    here = folder.resolve()
    for root in (here, *here.parents):
        for config, flavor in _configs(root):
            return Site(root, config, flavor, root / flavor.posts if here == root else here)
    return None


def find_site(folder: Path, plain: bool = False) -> Site:
    """A folder's site; for plain posts any folder is one. Raises UsageError where there is none."""
    if plain and folder.is_dir():
        return Site(folder.resolve(), folder, FLAVORS["plain"], folder.resolve())
    found = site_of(folder) if folder.is_dir() else None
    if found is None:
        files = ", a ".join(each.configs[0] for each in FLAVORS.values() if each.configs)
        raise UsageError(
            f"--site {folder}: is no site; in it or above it there should be a {files}, or a "
            "config.toml beside content/; --flavor plain puts posts into any folder"
        )
    return found


def _configs(root: Path) -> Iterator[tuple[Path, Flavor]]:
    for flavor in FLAVORS.values():
        for name in flavor.configs:
            if (root / name).is_file():
                yield root / name, flavor
    for name in ("config.toml", "config.yaml", "config.yml", "config.json"):
        if (root / name).is_file() and (root / "content").is_dir():
            text = (root / name).read_text(encoding="utf-8", errors="replace")
            yield root / name, FLAVORS["zola" if "base_url" in text else "hugo"]


def exposed(out: Path) -> str | None:
    """What becomes public of an output folder that a site serves, and how not to; else None."""
    site = site_of(out)
    if site is None or not site.serves(out):
        return None
    when = "even of a draft" if not site.flavor.holds_back else "once a post is no draft"
    return (
        f"{out} lies in a site of {site.flavor.name} ({site.config}): report.json becomes public, "
        f"and {when} the transcript, notes and clips beside it; take another folder with -o, and "
        f"--site {site.root} puts there what is meant for readers"
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """What of a post lies in a site now."""

    post: Path
    files: tuple[str, ...]
    warnings: tuple[str, ...]
    edited: tuple[str, ...]  # of the files: a person's, which were left as they are

    def __str__(self) -> str:
        """The post and the files beside it, on a line; clips are counted."""
        clips = sum(name.startswith(f"{FOLDER}/") for name in self.files)
        names = [name for name in self.files if not name.startswith(f"{FOLDER}/")]
        told = [f"{n} (edited there, stays as it is)" if n in self.edited else n for n in names]
        counted = [f"{clips} {'clip' if clips == 1 else 'clips'}"] if clips else []
        return f"{self.post}: {', '.join([*told, *counted])}"


def place(folder: Path, site: Site, sides: Sequence[str] = ()) -> Placed:
    """Put the post of `folder` (`out/<slug>`, as a run left it) into a site.

    A post that a person has edited there stays as it is. Raises InputError for a folder without
    a post or with one for another generator, CacheError for a site that cannot be written.
    """
    out, slug = folder.parent, folder.name
    name = post_in(folder)
    text = (folder / name).read_text(encoding="utf-8", errors="replace")
    if (flavor := flavor_of(folder)) not in (None, site.flavor):
        raise InputError(
            f"{folder}: was written for {flavor.name}, and {site.root} is a site of "
            f"{site.flavor.name}; run it again with --flavor {site.flavor.name}"
        )
    output = OutputFolder(site.posts / slug, _record(out, slug, site), offers=folder)
    there = site.posts / slug / name
    shown = there.read_text(encoding="utf-8", errors="replace") if output.edited(name) else text
    more = _more(folder, text, sides)
    head = (front_matter.read(shown) or ("", None))[1]
    held = site.flavor.holds_back or not hides(site.flavor, head)
    files = {each: (folder / each).read_bytes() for each in (name, *(more if held else ()))}
    edited = tuple(sorted(filter(output.edited, files)))
    output.put(files)
    warnings = list(output.warnings)
    if more and not held:
        warnings.append(
            f"{there}: is a draft, and Jekyll publishes what lies beside one, so only the post "
            "was put there; publish it again when it is no draft"
        )
    if not site.lists():
        warnings.append(
            f"{site.posts}: has no _index.md, without which Zola lists its posts nowhere; put one "
            "there: two lines +++, and between them transparent = true for the front page, or "
            'sort_by = "date" where every post has one'
        )
    return Placed(there, tuple(sorted(files)), tuple(warnings), edited)


def post_in(folder: Path) -> str:
    """The name of the post in an event's folder; raises InputError where there is none."""
    posts = [path for path in folder.glob("_*s/*.md") if not path.name.startswith("_")]
    found = [*sorted(posts, key=lambda path: path.stat().st_mtime), folder / "index.md"]
    ours = written(folder.parent, folder.name)
    for path in found:
        name = path.relative_to(folder).as_posix()
        if path.is_file() and (name in ours or not ours):
            return name
    others = sorted(notes.parent.name for notes in folder.parent.glob("*/notes.json"))
    hint = nearest(folder.name, others) or "; run its event first"
    raise InputError(f"{folder}: holds no finished post{hint}")


def _more(folder: Path, post: str, sides: Sequence[str]) -> list[str]:
    """What a post shows or leads to (clips, a picture, the transcript), and what was asked for."""
    ours = written(folder.parent, folder.name)
    known = ours or [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    for side in sides:
        if not (folder / side).is_file():
            raise InputError(f"{folder / side}: is not there; run its event again")
    linked = [name for name in known if f"({name}" in post or f'"{name}"' in post]
    return sorted({*(name for name in linked if (folder / name).is_file()), *sides})


def _record(out: Path, slug: str, site: Site) -> Path:
    """Where is remembered what was written into a site: in the work folder, not in the site."""
    which = hashlib.sha256(str(site.posts).encode(errors="surrogateescape")).hexdigest()[:16]
    return out / HOUSE / "sites" / which / f"{slug}.json"


def flavor_of(folder: Path) -> Flavor | None:
    """What the finished post of a folder was written for; None for one without front matter."""
    found = front_matter.read((folder / post_in(folder)).read_text("utf-8", errors="replace"))
    return written_for(found[1], found[0]) if found else None
