"""Objects of a file: their names, and their number."""

from runner.profile.holders.tree import Tree


def name_of(tree: Tree) -> str:
    """The name that an object gives itself; "" if it gives none."""
    return (
        tree.text("metadata", "name")
        or tree.text("status", "metadata", "name")
        or tree.text("Spec", "Name")
        or (tree.text("Name").removeprefix("/") or tree.text("Id")[:12] if tree.get("HostConfig") else "")
        or (tree.text("name") if tree.get("image") or tree.get("securityContext") else "")
    )


def objects_in(root: Tree) -> int:
    """The number of objects in a document, which may be a list of them."""
    items = root.get("items")
    return len(items.value) if items is not None and isinstance(items.value, tuple) else 1


def is_schema(tree: Tree) -> bool:
    """True for a description of what objects may hold, as a CustomResourceDefinition has it; it holds none itself."""
    members = tree.get("properties")
    return tree.text("type") == "object" and members is not None and isinstance(members.value, dict)
