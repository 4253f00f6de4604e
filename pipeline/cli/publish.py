"""`backrow publish`: finished posts into a site, with nothing else beside them."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from pipeline.cli.arguments import add_site
from pipeline.render.flavors import FLAVORS
from pipeline.render.site import find_site, flavor_of, place


def arguments(command: ArgumentParser) -> None:
    """Posts, and their site."""
    command.usage = "%(prog)s POST... --site DIR [options]"
    command.add_argument(
        "posts", nargs="+", type=Path, metavar="POST", help="its folder, as in posts/my-event"
    )
    add_site(command, required=True)


def main(args: Namespace) -> int:
    """Put each post where the site's generator finds it, and say which files lie there."""
    for folder in args.posts:
        flavor = flavor_of(folder.resolve())
        site = find_site(args.site, flavor is FLAVORS["plain"])
        placed = place(folder.resolve(), site, args.side)
        print(placed)
        for line in placed.warnings:
            print(line, file=sys.stderr)
    return 0
