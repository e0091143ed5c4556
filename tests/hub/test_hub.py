"""A class behind JupyterHub: who comes where, what they see, and what becomes of what they do."""

import os

import pytest

from tests.hub.proxied import PROXY
from tests.unit.record.database import needs_server

pytestmark = [
    pytest.mark.engine,
    needs_server,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="a box has an engine of its own"),
    pytest.mark.skipif(PROXY is None, reason="no proxy: `npm install configurable-http-proxy` brings it"),
]
