"""Write `profiles/*.json` from `profiles/src/default.toml`; with `--check` only list the files that would change."""

import argparse
import json
import sys
import tomllib
from typing import Any

from runner.content import PROFILES
from runner.profile.edit import remove
from runner.profile.model import Profile
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile

CHMOD = ("chmod", "fchmod", "fchmodat", "fchmodat2")


def built() -> dict[str, str]:
    """The content of each shipped profile by file name."""
    default = _default(tomllib.loads((PROFILES / "src" / "default.toml").read_text(encoding="utf-8")))
    profiles = {
        "default.json": default,
        "default-no-chmod.json": remove(default, CHMOD),
        "deny.json": _profile({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []}),
        "allow.json": _profile({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}),
    }
    return {name: write_profile(profile) for name, profile in profiles.items()}


def _default(source: dict[str, Any]) -> Profile:
    return _profile(
        {
            "defaultAction": source["default_action"],
            "defaultErrnoRet": source["default_errno"],
            "archMap": [
                {"architecture": native, "subArchitectures": others}
                for native, others in source["architectures"].items()
            ],
            "syscalls": [_rule(rule) for rule in source["rule"]],
        }
    )


def _rule(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "names": sorted(source["calls"].split()),
        "action": source.get("action", "SCMP_ACT_ALLOW"),
        "errnoRet": source.get("errno"),
        "args": source.get("args"),
        "comment": f"{source['purpose']}: {source['reason']}",
        "includes": source.get("includes"),
        "excludes": source.get("excludes"),
    }


def _profile(value: dict[str, Any]) -> Profile:
    return read_profile(json.dumps(value)).profile


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a profile is not up to date"
    )
    check = parser.parse_args().check
    stale = [
        name
        for name, content in built().items()
        if not (PROFILES / name).is_file() or (PROFILES / name).read_text(encoding="utf-8") != content
    ]
    for name in stale:
        if not check:
            (PROFILES / name).write_text(built()[name], encoding="utf-8")
        print(f"{name}: {'would change' if check else 'written'}", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
