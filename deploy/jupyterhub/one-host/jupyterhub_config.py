"""JupyterHub on one host: each learner has a box, which the starter of boxes (seccomp-workshop-boxes.service) starts.

docs/hub.md says what to fill in, and what this is good for.
"""

import os
import sys

c = get_config()  # noqa: F821 - JupyterHub's

# What people type. Requests from any other page are refused by it, so it must be exact.
c.JupyterHub.public_url = os.environ["WORKSHOP_PUBLIC_URL"]
# The proxy ends TLS: give it your certificate.
c.JupyterHub.bind_url = "https://:443/"
c.JupyterHub.ssl_cert = "/etc/seccomp-workshop/certificate.pem"
c.JupyterHub.ssl_key = "/etc/seccomp-workshop/key.pem"
c.JupyterHub.db_url = "sqlite:////var/lib/seccomp-workshop-hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/var/lib/seccomp-workshop-hub/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "/var/lib/seccomp-workshop-hub/proxy.pid"

# Who may come in: put your organisation's authenticator here. This one lets in anyone who knows the word.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["WORKSHOP_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "runner.hub.spawner.BoxSpawner"
c.Spawner.start_timeout = 120
c.JupyterHub.active_server_limit = int(os.environ.get("WORKSHOP_SEATS", "30"))
# A file for one host; an address such as postgresql://workshop@/workshop for a database.
class_ = {
    "WORKSHOP_RECORD": os.environ.get("WORKSHOP_RECORD", "/var/lib/seccomp-workshop-hub/class.sqlite3"),
    "WORKSHOP_TITLE": os.environ.get("WORKSHOP_TITLE", "Workshop"),
    "WORKSHOP_INSTRUCTOR": os.environ.get("WORKSHOP_INSTRUCTOR", ""),
    "WORKSHOP_LANGUAGE": os.environ.get("WORKSHOP_LANGUAGE", ""),
}
c.Spawner.environment = class_

# Anyone who teaches sees the dashboard, at /services/dashboard/.
c.JupyterHub.load_groups = {"instructors": {"users": os.environ.get("WORKSHOP_INSTRUCTORS", "").split()}}
c.JupyterHub.load_roles = [
    {"name": "teach", "scopes": ["access:services!service=dashboard"], "groups": ["instructors"]},
    {
        "name": "idle",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle"],
    },
]
c.JupyterHub.services = [
    {
        "name": "dashboard",
        "url": "http://127.0.0.1:8082",
        "command": [sys.executable, "-m", "runner.hub.dashboard"],
        "environment": {**class_, "HOME": "/var/lib/seccomp-workshop-hub"},
        "oauth_no_confirm": True,
    },
    # Needs the package jupyterhub-idle-culler. Learners' servers say when anything was typed.
    {"name": "idle", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200"]},
]
