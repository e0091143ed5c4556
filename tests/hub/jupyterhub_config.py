"""The Hub of the tests; each test's settings come in the environment."""

import json
import os
import sys

given = json.loads(os.environ["WORKSHOP_TEST_HUB"])
c = get_config()  # type: ignore[name-defined] # noqa: F821 - the Hub's

c.JupyterHub.bind_url = c.JupyterHub.public_url = given["public"]
c.JupyterHub.hub_port = given["hub_port"]
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = os.urandom(32)
c.ConfigurableHTTPProxy.command = given["proxy"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{given['proxy_port']}"
c.ConfigurableHTTPProxy.pid_file = given["pid_file"]
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = given["password"]
c.SharedPasswordAuthenticator.admin_password = given["admin_password"]
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"root"}
c.JupyterHub.spawner_class = "runner.hub.spawner.BoxSpawner"
c.BoxSpawner.starter = given["starter"]
c.Spawner.environment = {"WORKSHOP_RECORD": given["record"], "WORKSHOP_TITLE": "A class"}
c.JupyterHub.load_groups = {"instructors": {"users": ["grace"]}}
c.JupyterHub.load_roles = [
    {"name": "teach", "scopes": ["access:services!service=dashboard"], "groups": ["instructors"]}
]
c.JupyterHub.services = [
    {
        "name": "dashboard",
        "url": given["dashboard"],
        "command": [sys.executable, "-m", "runner.hub.dashboard"],
        "environment": {
            **c.Spawner.environment,
            "PYTHONPATH": os.environ["PYTHONPATH"],
            "HOME": os.environ["HOME"],
        },
        "oauth_no_confirm": True,
    }
]
