"""Versions that options give: of the kernel, the engine, runc and libseccomp, also as programs print them."""

import re
from typing import NamedTuple

from runner.errors import UsageError
from runner.profile.version import Version


class _Product(NamedTuple):
    """A program that an option gives the version of.

    `words` may stand before the version, as programs print it; `packages` are named for it, and have its version.
    `printed` are the places where `docker version`, `docker info`, `runc --version` and `uname -a` print it, the best
    sign first.
    """

    name: str
    example: str
    words: frozenset[str]
    packages: frozenset[str]
    printed: tuple[str, ...]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PRODUCTS = {
    "--kernel": _Product(
        "the kernel",
        "6.18",
        words=_words("linux kernel version"),
        packages=_words(
            "linux kernel kernel-core kernel-modules kernel-default kernel-ml kernel-lt kernel-rt "
            "kernel-uek linux-image linux-image-unsigned linux-image-generic linux-image-amd64 "
            "linux-image-arm64 linux-modules linux-headers linux-lts linux-virt linux-zen "
            "linux-hardened"
        ),
        printed=(r"^[ \t]*Kernel Version:[ \t]*(\S+)", r"\A[ \t]*Linux \S+ (\d\S*)"),
    ),
    "--engine-version": _Product(
        "Docker Engine",
        "28.5.2",
        words=_words("docker moby engine server version community enterprise ce ee -"),
        packages=_words("docker moby docker-ce docker-ee docker.io docker-engine moby-engine"),
        printed=(
            r"^[ \t]*Server Version:[ \t]*(\S+)",
            r"^[ \t]*Server:.*?^[ \t]*Version:[ \t]*(\S+)",
            r"\A(?!.*^[ \t]*Client:).*?^[ \t]*Version:[ \t]*(\S+)",
        ),
    ),
    "--runtime": _Product(
        "runc",
        "1.1.5",
        words=_words("runc version"),
        packages=_words("runc moby-runc"),
        printed=(r"^[ \t]*runc:\s*^[ \t]*Version:[ \t]*(\S+)", r"^[ \t]*runc version:[ \t]*(\S+)"),
    ),
    "--libseccomp": _Product(
        "libseccomp",
        "2.5.4",
        words=_words("libseccomp version"),
        packages=_words("libseccomp libseccomp2 libseccomp-dev libseccomp-devel libseccomp-static"),
        printed=(r"^[ \t]*libseccomp:[ \t]*(\S+)",),
    ),
}


def read_version(text: str | None, option: str, *, remedy: str = "") -> Version | None:
    """Read the version that an option gives, also as programs print it; None if there is no text.

    `remedy` is the next step where the version is part of another option's value.

    Raises:
        UsageError: it is no version.
    """
    try:
        return None if text is None else Version.of(_bare(text, _PRODUCTS[option]))
    except ValueError:
        raise UsageError(
            _no_version(text or "", _PRODUCTS[option]),
            remedy=remedy or f"write {option} {_PRODUCTS[option].example}",
        ) from None


def _no_version(text: str, product: _Product) -> str:
    lines = text.strip().splitlines()
    other = re.match(r"\s*(crun|youki|runsc|podman|containerd|cri-o)\b", text)
    if other:
        return f"'{lines[0]}' is not a version of {product.name}"
    if len(lines) > 1 and lines[0].startswith("Client:"):
        return "these are the versions of docker's client, and the engine's is not among them"
    return f"'{text}' is not a version" if len(lines) < 2 else f"'{lines[0]} …' has no version in it"


def _bare(text: str, product: _Product) -> str:
    """The text from its version on, where that stands behind the product's name or within a program's output."""
    flags = re.MULTILINE | re.DOTALL
    found = next(filter(None, (re.search(sign, text, flags) for sign in product.printed)), None)
    if found:
        return found[1]
    words = product.words | product.packages
    rest = text.strip().strip("\"'")
    while (word := re.match(r"([a-zA-Z][\w.-]*|-)(?:[ \t]*[=:][ \t]*|[ \t]+)", rest)) and word[
        1
    ].lower() in words:
        rest = rest[word.end() :]
    # A package's whole name: `libseccomp2_2.5.5-1_amd64.deb`, `kernel-core-5.14.0-427.el9.x86_64`.
    package = re.match(r"([a-z][a-z0-9.+-]*?)[-_](?=v?\d+(?:\.\d|:\d))", rest)
    return rest[package.end() :] if package and package[1] in product.packages else rest
