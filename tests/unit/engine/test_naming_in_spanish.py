"""What is wrong with the name of an engine is said in the app's language."""

import hashlib
import json
from dataclasses import replace

import pytest

from runner import language
from runner.engine.discovery import EngineChoice, Suitability, judge, open_engine
from runner.engine.endpoints import AUTOMATIC, named
from runner.errors import UsageError, WorkshopError
from tests.fakes import INFO


@pytest.fixture(autouse=True)
def spanish():
    language.use("es")
    yield
    language.use("")


@pytest.mark.parametrize(
    ("engine", "environ", "said", "remedy"),
    [
        ("colma", {}, "contexto de Docker colma, que no existe (¿querías decir colima?)", "nombra otro"),
        ("zzz", {}, "--engine nombra el contexto de Docker zzz, que no existe", "default, broken, colima"),
        ("broken", {}, "no se puede usar: no nombra ningún motor", "créalo de nuevo: docker context rm broken"),
        (AUTOMATIC, {"DOCKER_HOST": "http://x:1"}, "docker no conoce http://", "escribe tcp://x:1"),
        (AUTOMATIC, {"DOCKER_HOST": "unix://~/s"}, "nada expande su ~", "escribe unix:///"),
        (AUTOMATIC, {"DOCKER_HOST": "/run/x.sock"}, "es una ruta, no una dirección", "escribe unix:///run/x.sock"),
        (AUTOMATIC, {"DOCKER_HOST": "foo://"}, "'foo://' no es una dirección", "escribe unix:///ruta"),
        (AUTOMATIC, {"DOCKER_HOST": "tcp://x:y"}, "DOCKER_HOST no se puede usar", "tcp://equipo:puerto"),
        (
            AUTOMATIC,
            {"DOCKER_HOST": "tcp://x", "DOCKER_TLS": "1", "DOCKER_CERT_PATH": "/nowhere"},
            "el entorno pide TLS, pero /nowhere/ca.pem no se puede usar: no existe",
            "quita lo que ya no vale",
        ),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_used(tmp_path, engine, environ, said, remedy):
    for name, engine_of_it in (("colima", {"Host": "tcp://x"}), ("broken", None)):
        folder = tmp_path / "contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
        folder.mkdir(parents=True)
        (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": engine_of_it}}))
    with pytest.raises(UsageError) as refused:
        named(engine, {"DOCKER_CONFIG": str(tmp_path), **environ})
    assert said in str(refused.value)
    assert remedy in refused.value.remedy


def test_an_engine_over_ssh():
    with pytest.raises(WorkshopError) as refused:
        open_engine(EngineChoice(engine="ssh://me@host"), "session", lambda _text: None)
    assert "a ssh://me@host se llega por SSH, que no está soportado" in str(refused.value)
    assert refused.value.remedy.startswith("reenvía su socket")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seccomp": False}, "ejecuta contenedores sin seccomp"),
        ({"name": "Podman", "endpoint": "unix:///p"}, "Podman solo se usa si se nombra: --engine unix:///p"),
        ({"name": "Podman", "endpoint": "tcp://p:1"}, "debe estar en esta máquina"),
    ],
)
def test_why_an_engine_is_not_used(changes, said):
    suitability, reason = judge(replace(INFO, **changes), asked_for=False)
    assert suitability is Suitability.UNUSABLE
    assert said in reason
