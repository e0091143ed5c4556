"""`workshop bundle`: one file with everything that a classroom without a network needs."""

import argparse
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.author.installing import found_in
from runner.cli.output import check_target, say
from runner.errors import ExitCode

if TYPE_CHECKING:
    from runner.bundle.manifest import Manifest
    from runner.engine.image.recipe import Recipe

_PARTS = ("wheels", "packages", "image")


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `bundle`."""
    parser = commands.add_parser(
        "bundle",
        description="Write one file with all that machines like this one need to do the labs without a network: "
        "the program, the engine's packages, the image of the labs, and workshops. The same content gives the same "
        "file.",
    )
    parser.add_argument(
        "workshops",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="workshops to take along, beside those that come with the program",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file to write (default: named after its content)"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=_PARTS,
        help="leave this out (may be repeated)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Collect the parts, and write the bundle."""
    from runner.bundle.pack import write_bundle
    from runner.engine.image.recipe import Recipe
    from runner.stage.scratch import scratch

    made = Recipe.of_this_machine()
    release = version("seccomp-workshop")
    target = Path(arguments.output or f"seccomp-workshop-{release}-{made.suite}-{made.arch}.bundle")
    check_target(str(target))
    with scratch() as folder:
        parts = _parts(arguments, folder, made)
        say("Writing the bundle")
        manifest = write_bundle(
            target,
            parts,
            program=release,
            suite=made.suite,
            arch=made.arch,
            python=platform.python_version(),
        )
    _report(manifest, target)
    return ExitCode.OK


def _parts(arguments: argparse.Namespace, folder: Path, made: "Recipe") -> dict[str, Path]:
    """The files of the bundle, by their names in it."""
    import runner.bundle
    import runner.engine.doctor

    scripts = Path(runner.bundle.__file__).parent
    parts = {"setup.sh": scripts / "setup.sh"}
    # First, since the others take minutes, and each of these may have a fault.
    for path in arguments.workshops:
        parts |= _workshop(path, folder)
    wanted = [part for part in _PARTS if part not in arguments.without]
    (folder / "wheels").mkdir()
    if "wheels" in wanted:
        from runner.bundle.wheels import collect as wheels

        parts |= {f"wheels/{path.name}": path for path in wheels(folder / "wheels", say)}
    if "packages" in wanted:
        from runner.bundle.engine_packages import collect as packages
        from runner.bundle.engine_packages import names

        found, index = packages(folder / "apt", say)
        parts |= {f"packages/{path.name}": path for path in found}
        parts["packages/Packages"] = _written(folder / "Packages", index)
        parts["packages/wanted"] = _written(folder / "wanted", f"{' '.join(names())}\n".encode())
        parts["packages/install.sh"] = scripts / "install_from_bundle.sh"
        own = Path(runner.engine.doctor.__file__).parent / "install_packages.sh"
        parts["packages/install_packages.sh"] = own
    if "image" in wanted:
        parts |= _image(folder, made)
    sums = _sums(parts)
    return {**parts, "SHA256SUMS": _written(folder / "SHA256SUMS", sums)}


def _image(folder: Path, made: "Recipe") -> dict[str, Path]:
    from runner.bundle.pack import compressed
    from runner.engine.image.provide import built
    from runner.folders import cache_folder

    archive = built(made, cache_folder(), say)
    say("Compressing the image")
    target = compressed(archive, folder / f"{archive.name}.gz")
    return {f"image/{target.name}": target}


def _workshop(path: Path, folder: Path) -> dict[str, Path]:
    """The files of a workshop that lints clean, by their names in the bundle, without ignored files."""
    from runner.bundle.source import fetch

    place = folder / "workshops" / str(len(list(folder.glob("workshops/*"))))
    place.mkdir(parents=True)
    fetch(str(path), place, folder)
    parts = {}
    for found, workshop in found_in(place, str(path)):
        for file in sorted(found.rglob("*")):
            if file.is_file():
                parts[f"workshops/{workshop.id}/{file.relative_to(found)}"] = file
    return parts


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _sums(parts: dict[str, Path]) -> bytes:
    from runner.bundle.manifest import part_of

    described = (part_of(path, name) for name, path in sorted(parts.items()))
    return "".join(f"{part.sha256}  {part.name}\n" for part in described).encode()


def _report(manifest: "Manifest", target: Path) -> None:
    from runner.bundle.content import content_lines
    from runner.bundle.manifest import part_of
    from runner.bundle.staging import megabytes

    for line in content_lines(manifest):
        say(line)
    whole = part_of(target, target.name)
    say(f"wrote {target}: {megabytes(whole.bytes)}, sha256 {whole.sha256}")
    say(f"next, on each machine: mkdir room && tar -xf {target.name} -C room && sh room/setup.sh")
    say(f"or, where the program is: workshop install {target.name}")
