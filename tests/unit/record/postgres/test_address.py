"""Addresses of databases, which may hold a password."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from runner.errors import UsageError
from runner.record.postgres.address import read_address


@pytest.mark.parametrize("url", ["nonsense", "postgresql://h/d?colour=blue", "class.sqlite3"])
def test_an_invalid_address_is_refused(url):
    with pytest.raises(UsageError, match="not a database address") as caught:
        read_address(url)
    assert "postgresql://" in caught.value.remedy


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:S3%zzCRET@h/d",
        'postgresql://u:S3%zz"CRET@h/d',
        "postgresql://u:S3CRET@[h/d",
        "postgresql://u:S3 CRET@h/d",
        "postgresql://u:S3%00CRET@h/d",
        "postgresql://u:S3/CRET@h/d",
        "postgresql://u:12/CRET@h/d",
        "postgresql://u:S3@CRET@h/d",
        "postgresql://u:S3CRET@@h/d",
        "postgresql://u:S3?host=@@CRET/d",
        "postgresql://u:12/CRET@h/d?host=@socket",
        "postgresql://u:S3CRET",
        "postgresql://h/d?password=S3%zzCRET",
    ],
)
def test_no_part_of_a_password_is_shown(url):
    with pytest.raises(UsageError) as caught:
        read_address(url)
    said = caught.value.in_full()
    assert "S3" not in said
    assert "CRET" not in said
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("postgresql://u:S3%40%2FCRET@h:5432/d", "S3@/CRET"),
        ("postgresql://u@h,g:5432,5433/d", ""),
        ("postgresql://u@/d?host=/run/postgresql", ""),
        ("host=h dbname=d password=x", "x"),
    ],
)
def test_an_address_keeps_its_options_and_gets_timeouts(url, password):
    address, found = read_address(url)
    assert found == password
    assert conninfo_to_dict(address)["connect_timeout"] == "3"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://u@/d?host=@workshop", "@workshop"),
        ("postgresql://u:S3%40@/d?host=%40workshop", "@workshop"),
        ("postgresql://u@%40workshop/d", "@workshop"),
        ("postgresql:///d?host=@one,@two", "@one,@two"),
        ("host=@workshop dbname=a@b password='x@y'", "@workshop"),
    ],
)
def test_an_abstract_socket_may_be_the_host(url, host):
    assert conninfo_to_dict(read_address(url)[0])["host"] == host
