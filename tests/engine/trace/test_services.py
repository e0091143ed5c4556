"""Real services: traced, given a generated profile, working under it, and caught when they do something else."""

import json
import platform

import pytest

from tests.engine.trace.conftest import DATABASE_IMAGE, I386, IMAGE

pytestmark = pytest.mark.engine

REDIS = ("redis-server", "--save", "", "--dir", "/tmp")
CLIENT = 'docker run --rm --network "container:$CONTAINER"'
PING = f'{CLIENT} {IMAGE} sh -c "redis-cli set k v && redis-cli get k | grep -qx v"'
NGINX = (
    "sh", "-c",
    "mkdir -p /tmp/www && echo hello >/tmp/www/index.html && cat >/tmp/nginx.conf <<'END'\n"
    "daemon off; user root; pid /tmp/pid; error_log stderr; events {}\n"
    "http { access_log off; client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; "
    "uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e; server { listen 8080; root /tmp/www; } }\nEND\n"
    "exec nginx -e stderr -c /tmp/nginx.conf",
)  # fmt: skip
POSTGRES = (
    "bash", "-c",
    "export PATH=$PATH:$(echo /usr/lib/postgresql/*/bin); initdb -D /tmp/db --auth=trust >/dev/null && "
    "exec postgres -D /tmp/db -k /tmp -c listen_addresses=127.0.0.1",
)  # fmt: skip
SELECT = f'{CLIENT} {DATABASE_IMAGE} psql -h 127.0.0.1 -U learner -d postgres -c "select 1"'
THREADS = """
import threading, time
def work(): time.sleep(0.05)
threads = [threading.Thread(target=work) for _ in range(8)]
[each.start() for each in threads]; [each.join() for each in threads]
"""


class TestServices:
    @pytest.mark.parametrize(
        ("options", "words"),
        [
            pytest.param(["--check", PING], REDIS, id="redis"),
            pytest.param(["--http", "8080/"], NGINX, id="nginx"),
            pytest.param([], ("python3", "-c", THREADS), id="threads"),
            pytest.param([], ("sh", "-c", "seq 1000 | grep 7 | sort -r | head -3"), id="pipeline"),
            pytest.param([], ("perl", "-e", "for (1..20) { fork or exit } 1 while wait > 0"), id="forks"),
            pytest.param([], ("busybox", "ls", "/"), id="static"),
            pytest.param([], ("sh", "-c", "echo '{\"a\": [1, 2]}' | gron"), id="go"),
        ],
    )
    def test_it_works_under_a_profile_of_its_own_and_a_forbidden_act_is_named(
        self, options, words, services, workshop, generated
    ):
        file = generated(*options, services, *words)
        code, printed, said = workshop("test", "--profile", str(file), *options, services, *words)
        assert code == 0, printed + said
        forbidden = ("busybox", "chmod", "700", "/tmp")
        code, printed, _ = workshop("test", "--json", "--profile", str(file), services, *forbidden)
        assert code == 1
        assert "chmod" in {denied["call"]["name"] for denied in json.loads(printed)["denied"]}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="32 bits of x86 need that processor")
def test_a_32_bit_program_has_a_profile_of_its_own_and_its_forbidden_act_is_named(
    services, workshop, tmp_path
):
    _, _, said = workshop("trace", services, I386)
    if "never began" in said:
        pytest.skip("this kernel runs no programs of 32 bits")
    file = tmp_path / "profile.json"
    code, _, said = workshop("generate", "-o", str(file), services, I386)
    assert code == 0, said
    code, printed, said = workshop("test", "--profile", str(file), services, I386)
    assert code == 0, printed + said
    code, printed, _ = workshop("test", "--json", "--profile", str(file), services, I386, "and-chmod")
    assert code == 1
    assert [(one["call"]["name"], one["call"]["arch"]) for one in json.loads(printed)["denied"]] == [
        ("chmod", "386")
    ]


@pytest.mark.slow
def test_postgresql_as_a_user(database, workshop, generated):
    user = ("--user", "1000")
    file = generated("--check", SELECT, "--within", "60", *user, database, *POSTGRES)
    code, printed, said = workshop(
        "test", "--profile", str(file), "--check", SELECT, "--within", "60", *user, database, *POSTGRES
    )
    assert code == 0, printed + said


def test_todays_new_call_is_named_under_yesterdays_profile(services, workshop, generated):
    file = generated(services, "sh", "-c", "ls /tmp")
    code, printed, _ = workshop(
        "test", "--profile", str(file), services, "sh", "-c", "ls /tmp; mkdir /tmp/new"
    )
    assert code == 1
    assert "mkdir" in printed
    assert f"workshop profile edit {file} --allow" in printed
