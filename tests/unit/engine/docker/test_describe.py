"""The default network of a container, from an engine's answers."""

from types import SimpleNamespace

import pytest

from runner.engine.docker.describe import describe

BRIDGE = {"Name": "bridge", "Driver": "bridge"}
NONE = {"Name": "none", "Driver": "null"}


@pytest.mark.parametrize(
    ("networks", "info", "expected"),
    [
        ([NONE], {}, False),
        ([NONE], {"IPv4Forwarding": True}, False),
        ([NONE, BRIDGE], {"IPv4Forwarding": True}, True),
        ([NONE], {"IPv4Forwarding": False}, True),
    ],
)
def test_a_default_network_counts_where_it_leads_anywhere_or_is_warned_of(networks, info, expected):
    client = SimpleNamespace(
        endpoint="unix:///x", tls=None, version=dict, info=lambda: info, networks=lambda: networks
    )
    assert describe(client).info.default_network is expected
