"""Finds profiles embedded in other files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from runner.profile.errors import ProfileError
from runner.profile.holders.compose.merging import Said, merged
from runner.profile.holders.compose.references import external_settings, included, with_bases
from runner.profile.holders.dialects import template_error, trees_of
from runner.profile.holders.distinct import at_hand, distinct
from runner.profile.holders.encoded import amid_text
from runner.profile.holders.finder import Finder
from runner.profile.holders.found import Holding, Place, Stated
from runner.profile.holders.fragment import completed, is_fragment
from runner.profile.holders.objects import objects_in
from runner.profile.holders.settings import begins_with_section, has_settings, privileged_commands, settings
from runner.profile.holders.tree import Tree, first_sign

_SIGNS = re.compile(
    r"""(?mx)(?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)
    ["']?(?:kind|security_opts?|securityContext|seccompProfile|localhostProfile
    |seccomp-profile|defaultAction|runArgs|HostConfig)["']?[ \t]*:"""
)
_ARRAY = re.compile(r"\ufeff?\s*\[\s*[\[{\"\]]")


class File(NamedTuple):
    """A file with its name, "" if that is not known, and its text."""

    name: str
    text: str


class _Document(NamedTuple):
    tree: Tree
    file: str
    place: str
    """The document's path in its file, "" for the only one, and for those that Compose lays over each other."""


def may_hold(text: str) -> bool:
    """True if a text that is not a profile may contain some: a cheap guess."""
    return _is_tree(text) or has_settings(text)


def _is_tree(text: str) -> bool:
    """True if a text may be JSON or YAML."""
    if begins_with_section(text):
        return False
    if is_fragment(text):
        return True
    return first_sign(text) == "{" or _SIGNS.search(text) is not None or _ARRAY.match(text) is not None


def find_profiles(text: str, file: str = "") -> Holding:
    """Find all profiles in the documents of a JSON or YAML text, or those that the lines of another text name.

    `file` is the name of the text's file, if it is known.

    Raises:
        ProfileError: it is neither, or a template of one.
    """
    if not _is_tree(text) and has_settings(text):
        return _in_lines(text)
    # As YAML the commas of a part would belong to its values.
    part = completed(text) if is_fragment(text) else None
    try:
        trees = part.trees if part else trees_of(text)
    except ProfileError:
        if part := completed(text):
            trees = part.trees
        elif amid := distinct(amid_text(text)):
            return Holding(amid)
        else:
            raise
    if not any(isinstance(tree.value, dict | tuple) for tree in trees) and (
        amid := distinct(amid_text(text))
    ):
        return Holding(amid)
    return replace(_in_documents(tuple(_documents(trees, file)), text), missing=part.missing if part else "")


def find_in_compose(files: Sequence[File]) -> Holding:
    """Find the profiles of several compose files, of which each is laid over those before it.

    Raises:
        ProfileError: one of them is no compose file; the error names it.
    """
    documents: list[_Document] = []
    for file in files:
        try:
            trees = trees_of(file.text)
        except ProfileError as error:
            raise error.in_file(file.name) from None
        if not trees or not all(map(_is_compose, trees)):
            raise ProfileError(
                "is no compose file, and only those are laid over each other",
                file=file.name,
                remedy="name each file by itself",
            )
        documents += _documents(trees, file.name)
    return _in_documents(documents, several=True)


def _in_lines(text: str) -> Holding:
    finder = Finder()
    for value, line, column, cri in settings(text):
        finder.found += finder.value(Tree(value, line, column), value, f"line {line}", "", cri=cri)
    finder.off += privileged_commands(text)
    return Holding(distinct(finder.found), tuple(finder.off), tuple(finder.default))


def _documents(trees: Sequence[Tree], file: str) -> Iterator[_Document]:
    for index, tree in enumerate(trees, 1):
        yield _Document(tree, file, "" if len(trees) == 1 or _is_compose(tree) else f"document {index}")


def _is_compose(tree: Tree) -> bool:
    services = tree.get("services")
    return services is not None and isinstance(services.value, dict)


def _in_documents(documents: Sequence[_Document], text: str = "", *, several: bool = False) -> Holding:
    """What documents hold; `several` if they are of several files, so that each place says of which."""
    others = Finder()
    others.several = sum(objects_in(document.tree) for document in documents) > 1
    finders, composed = [others], []
    files: list[str] = []
    for document in documents:
        finder = Finder(document.file, compose=True) if _is_compose(document.tree) else others
        finder.document(document.tree, document.place)
        files += included(document.tree)
        if finder is not others:
            finders.append(finder)
            composed.append(_said(finder, document.file if several else ""))
    composed.append(_said(others, ""))
    said = merged(composed)
    found = distinct(at_hand(said.found))
    unread = next((finder.unread for finder in finders if finder.unread), "")
    if not found and unread and (template := template_error(text, unread)):
        raise template
    containers = {each.where: each for finder in finders for each in finder.containers}
    return Holding(
        found,
        off=said.off,
        default=said.default,
        kinds=tuple(dict.fromkeys(kind[:40] for each in documents if (kind := each.tree.text("kind")))),
        containers=tuple(containers.values()),
        external_settings=external_settings([each for finder in finders for each in finder.extends], files),
        annotated=said.annotated,
        named=tuple(Place(held.name, held.where, held.file or held.node_file, 0, 0) for held in said.found),
        aliases={alias: service for finder in finders for alias, service in finder.aliases.items()},
    )


def _said(finder: Finder, holder: str) -> Said:
    """What the document of a finder says, with its places in the file `holder`, if that is to be told."""
    stated = Stated(tuple(finder.found), tuple(finder.off), tuple(finder.default), tuple(finder.annotated))
    stated = with_bases(stated, finder.extends, finder.cleared)
    if holder:
        found = tuple(replace(held, holder=holder) for held in stated.found)
        places = (tuple(replace(place, holder=holder) for place in kind) for kind in stated[1:])
        stated = Stated(found, *places)
    return Said(stated, frozenset(finder.services), frozenset(finder.privileged), tuple(finder.cleared))
