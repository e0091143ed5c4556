from pathlib import Path

from runner.engine.private.leftovers import forget_containers

LAYER = "0123456789abcdef" * 4
SHORT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_containers_go_with_their_layers_and_images_stay(tmp_path: Path) -> None:
    data = tmp_path / "100000.100000"
    put(data / "containers/c1/config.v2.json", "half writ")
    for name, layer in (("mount-id", LAYER), ("init-id", f"{LAYER}-init")):
        put(data / "image/overlay2/layerdb/mounts/c1" / name, layer)
        put(data / "overlay2" / layer / "diff/file")
    put(data / "overlay2" / LAYER / "link", SHORT)
    (data / "overlay2/l").mkdir()
    (data / "overlay2/l" / SHORT).symlink_to(f"../{LAYER}/diff")
    put(data / "network/files/local-kv.db")
    image = put(data / "overlay2/fedcba9876543210/diff/file")
    forget_containers(tmp_path)
    left = {path for path in data.rglob("*") if not path.is_dir()}
    assert left == {image}


def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    precious = put(tmp_path / "precious/file")
    put(tmp_path / "data/image/overlay2/layerdb/mounts/c1/mount-id", "../../precious")
    (tmp_path / "data/overlay2").mkdir()
    forget_containers(tmp_path / "data")
    assert precious.exists()


def test_files_that_a_loss_of_power_has_left_with_anything_keep_no_engine_from_starting(
    tmp_path: Path,
) -> None:
    mounts = tmp_path / "image/overlay2/layerdb/mounts"
    for name in ("mount-id", "init-id"):
        put(mounts / "c1" / name).write_bytes(b"\xff\xfe")
    put(mounts / "c2/mount-id", LAYER)
    put(tmp_path / "overlay2" / LAYER / "link").write_bytes(b"\xff")
    forget_containers(tmp_path)
    assert not list(mounts.iterdir())
    assert not (tmp_path / "overlay2" / LAYER).exists()
