"""Every package of uv.lock can be installed without a compiler, on each Python and system named."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from packaging.markers import Marker
from packaging.tags import Tag
from packaging.utils import parse_wheel_filename

LOCK = tomllib.loads((Path(__file__).parent.parent / "uv.lock").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {  # sys_platform, platform_machine, platform_system
    "Linux x86-64": ("linux", "x86_64", "Linux"),
    "Linux arm64": ("linux", "aarch64", "Linux"),
    "macOS arm64": ("darwin", "arm64", "Darwin"),
    "Windows x86-64": ("win32", "AMD64", "Windows"),
}
EXCEPTIONS = {  # package: why it may lack a wheel, and what it is needed for
    "srt": "one Python file, which needs no compiler; reads SubRip captions with all their faults",
}

Package = dict[str, Any]
BY_NAME: dict[str, list[Package]] = {}
for each in LOCK["package"]:
    BY_NAME.setdefault(each["name"], []).append(each)


def environment(python: str, system: str) -> dict[str, str]:
    """What markers are held against: a late patch version of CPython."""
    platform, machine, name = SYSTEMS[system]
    return {
        "python_version": python,
        "python_full_version": f"{python}.5",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.5",
        "platform_python_implementation": "CPython",
        "os_name": "nt" if platform == "win32" else "posix",
        "sys_platform": platform,
        "platform_machine": machine,
        "platform_system": name,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


def locked(python: str, system: str) -> dict[tuple[str, str], Package]:
    """All that the program, its extras and its groups install there."""
    here = environment(python, system)
    (root,) = BY_NAME["backrow"]
    more = (*root["optional-dependencies"].values(), *root["dev-dependencies"].values())
    wanted = [*root["dependencies"], *(each for group in more for each in group)]
    found: dict[tuple[str, str], Package] = {}
    while wanted:
        one = wanted.pop()
        if "marker" in one and not Marker(one["marker"]).evaluate(here):
            continue
        for package in chosen(one, here):
            extras = package.get("optional-dependencies", {})
            wanted += [each for name in one.get("extra", ()) for each in extras.get(name, ())]
            if (package["name"], package["version"]) not in found:
                found[package["name"], package["version"]] = package
                wanted += package.get("dependencies", ())
    return found


def chosen(wanted: dict[str, Any], here: dict[str, str]) -> Iterator[Package]:
    """The locked versions of a package that are for this environment."""
    for package in BY_NAME[wanted["name"]]:
        markers = package.get("resolution-markers", ())
        if wanted.get("version", package["version"]) == package["version"] and (
            not markers or any(Marker(marker).evaluate(here) for marker in markers)
        ):
            yield package


def has_wheel(package: Package, python: str, system: str) -> bool:
    names = (unquote(wheel["url"].rpartition("/")[2]) for wheel in package.get("wheels", ()))
    return any(fits(tag, python, system) for name in names for tag in parse_wheel_filename(name)[3])


def fits(tag: Tag, python: str, system: str) -> bool:
    """Whether a wheel with this tag is installed by that Python on that system."""
    minor = int(python.partition(".")[2])
    if tag.interpreter in ("py3", f"py3{minor}"):
        speaks = tag.abi == "none"
    elif tag.abi == "abi3":
        speaks = tag.interpreter.startswith("cp3") and int(tag.interpreter[3:]) <= minor
    else:
        speaks = tag.interpreter == f"cp3{minor}" and tag.abi in (tag.interpreter, "none")
    platform, machine, _ = SYSTEMS[system]
    runs = {
        "linux": tag.platform.startswith(("manylinux", "linux")) and tag.platform.endswith(machine),
        "darwin": tag.platform.startswith("macosx")
        and tag.platform.endswith(("arm64", "universal2")),
        "win32": tag.platform == "win_amd64",
    }
    return speaks and (tag.platform == "any" or runs[platform])


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_no_package_needs_a_compiler(python: str, system: str) -> None:
    packages = locked(python, system)
    assert {"faster-whisper", "pyannote-audio", "torch", "ruff"} <= {name for name, _ in packages}
    bare = {name for (name, _), it in packages.items() if not has_wheel(it, python, system)}
    assert bare <= set(EXCEPTIONS), "no wheel: take another version, or say why it may be so"


def test_every_exception_is_still_one() -> None:
    bare = {
        name
        for python in PYTHONS
        for system in SYSTEMS
        for (name, _), package in locked(python, system).items()
        if not has_wheel(package, python, system)
    }
    assert bare == set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("name", "python", "system", "taken"),
    [
        ("a-1-py3-none-any.whl", "3.13", "macOS arm64", True),
        ("a-1-py2.py3-none-any.whl", "3.11", "Windows x86-64", True),
        ("a-1-cp39-abi3-manylinux_2_17_x86_64.whl", "3.13", "Linux x86-64", True),
        ("a-1-cp313-cp313t-manylinux_2_17_x86_64.whl", "3.13", "Linux x86-64", False),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", "3.11", "Linux x86-64", False),
        ("a-1-cp312-cp312-musllinux_1_2_x86_64.whl", "3.12", "Linux x86-64", False),
        ("a-1-cp312-cp312-macosx_11_0_universal2.whl", "3.12", "macOS arm64", True),
        ("a-1-cp312-cp312-win32.whl", "3.12", "Windows x86-64", False),
    ],
)
def test_what_fits(name: str, python: str, system: str, taken: bool) -> None:
    assert has_wheel({"wheels": [{"url": f"https://h/{name}"}]}, python, system) == taken
