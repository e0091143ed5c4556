from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner.engine.private.launch_rootless import has_range
from runner.engine.private.places import Places
from runner.errors import EngineError


def test_one_variable_moves_everything() -> None:
    places = Places.default({"WORKSHOP_ENGINE_DIR": "/somewhere"}, uid=0)
    assert {places.data.parent, places.runtime.parent} == {Path("/somewhere")}


def test_root_uses_the_systems_folders_and_not_its_closed_home() -> None:
    places = Places.default({"HOME": "/home/ann", "XDG_STATE_HOME": "/home/ann/state"}, uid=0)
    assert (places.data, places.runtime) == (Path("/var/lib/seccomp-workshop"), Path("/run/seccomp-workshop"))


def test_an_ordinary_user_gets_the_xdg_folders() -> None:
    places = Places.default({"XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": "/r"}, uid=1000)
    assert (places.data, places.runtime) == (Path("/s/seccomp-workshop"), Path("/r/seccomp-workshop"))


def test_a_runtime_folder_of_another_user_is_not_used(tmp_path: Path) -> None:
    """As `su` leaves it in the environment."""
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
    mine = tmp_path.stat().st_uid
    assert Places.default({"XDG_STATE_HOME": "/s", **environ}, uid=mine + 1).runtime.parent == Path("/tmp")


def test_without_a_runtime_folder_users_do_not_share_one() -> None:
    assert Places.default({}, uid=1000).runtime != Places.default({}, uid=1001).runtime


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for sockets, however many tests run at once."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def test_a_runtime_folder_that_is_a_link_is_refused(short: Path) -> None:
    """Below /tmp anybody could make one, to a folder of the user's in which things would then be deleted."""
    (short / "precious").mkdir()
    (short / "run").symlink_to(short / "precious")
    with pytest.raises(EngineError, match="not a folder of this user"):
        Places.under(short).prepare()


def test_a_runtime_folder_is_closed_to_others(short: Path) -> None:
    short.chmod(0o711)
    (short / "run").mkdir(mode=0o777)
    Places.under(short).prepare()
    assert (short / "run").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("me:100000:65536\n", True),
        ("other:100000:65536\n", False),
        ("1000:100000:65536\n", True),
        ("me:100000:1000\n", False),
        ("garbage\n", False),
    ],
)
def test_subordinate_ranges_are_found_by_name_or_number(tmp_path: Path, text: str, enough: bool) -> None:
    (tmp_path / "subuid").write_text(text)
    assert has_range(tmp_path / "subuid", "me", 1000) is enough


def test_a_name_that_is_not_utf8_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "subuid").write_bytes(b"m\xfcller:100000:65536\nme:165536:65536\n")
    assert has_range(tmp_path / "subuid", "me", 1000)


def test_no_file_means_no_range(tmp_path: Path) -> None:
    assert not has_range(tmp_path / "none", "me", 1000)
