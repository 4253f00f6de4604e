"""`backrow publish`: finished posts into a site, with nothing else beside them."""

import sys
from argparse import Namespace

from pipeline.render.site import find_site, place


def main(args: Namespace) -> int:
    """Put each post where the site's generator finds it, and say which files lie there."""
    site = find_site(args.site)
    for folder in args.posts:
        placed = place(folder.resolve(), site, args.side)
        print(f"{placed.post}: {', '.join(placed.files)}")
        for warning in placed.warnings:
            print(warning, file=sys.stderr)
    return 0
