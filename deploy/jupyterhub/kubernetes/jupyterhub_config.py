"""JupyterHub on Kubernetes: each learner has a pod of two containers, the trusted `web` and the learner's `box`.

What both have is one folder with two sockets, which the box cannot write to. The box is in a user namespace, leaves
the pod's network before anything of the learner's runs, and has neither the Hub's token nor the database's address.
docs/hub.md says what a cluster must have for it.
"""

import os

c = get_config()  # noqa: F821 - JupyterHub's

NAMESPACE = os.environ.get("POD_NAMESPACE", "seccomp-workshop")
IMAGE = os.environ.get("WORKSHOP_IMAGE", "registry.example/seccomp-workshop:latest")
BETWEEN, PROGRAM = "/run/between", "/opt/seccomp-workshop/.venv/bin/python"
LANGUAGE = os.environ.get("WORKSHOP_LANGUAGE", "")

c.JupyterHub.public_url = os.environ.get("WORKSHOP_PUBLIC_URL", "https://workshop.example/")
c.JupyterHub.bind_url = "http://:8000/"
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.hub_connect_url = f"http://hub.{NAMESPACE}:8081"
c.JupyterHub.db_url = os.environ.get("JUPYTERHUB_DB_URL", "sqlite:////srv/jupyterhub/jupyterhub.sqlite")
c.JupyterHub.cookie_secret_file = "/srv/jupyterhub/cookie_secret"
c.JupyterHub.cleanup_servers = False  # learners go on while the Hub is started again
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://proxy.{NAMESPACE}:8001"

# Who may come in: put your organisation's authenticator here. This one lets in anyone who knows the word.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ.get("WORKSHOP_PASSWORD", "")
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
c.JupyterHub.active_server_limit = int(os.environ.get("WORKSHOP_SEATS", "300"))
c.JupyterHub.concurrent_spawn_limit = 20
c.KubeSpawner.namespace = NAMESPACE
c.KubeSpawner.image = IMAGE
c.KubeSpawner.start_timeout = 300
c.KubeSpawner.ip = "0.0.0.0"  # noqa: S104 - of the pod, which the network's policies let the proxy reach alone
c.KubeSpawner.port = 8888
c.KubeSpawner.extra_labels = {"app": "seccomp-workshop", "part": "learner"}

# The `web` container: the page and the events of one learner, without privileges.
c.KubeSpawner.cmd = [PROGRAM, "-m", "runner.hub.user_server"]
c.KubeSpawner.uid, c.KubeSpawner.gid = 1000, 1000
c.KubeSpawner.container_security_context = {
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
c.KubeSpawner.mem_guarantee, c.KubeSpawner.mem_limit = "96M", "192M"
c.KubeSpawner.cpu_guarantee = 0.02
c.KubeSpawner.environment = {
    "WORKSHOP_BOX_FOLDER": BETWEEN,
    "WORKSHOP_TITLE": os.environ.get("WORKSHOP_TITLE", "Workshop"),
    "WORKSHOP_INSTRUCTOR": os.environ.get("WORKSHOP_INSTRUCTOR", ""),
    "WORKSHOP_LANGUAGE": LANGUAGE,
    "WORKSHOP_RECORD": {"valueFrom": {"secretKeyRef": {"name": "record", "key": "url"}}},
}

# The learner's session; without a command it is one in the language in which the labs were written.
SESSION = [PROGRAM, "-m", "runner", "run", "--lang", LANGUAGE, "--resume"] if LANGUAGE else []

# The `box` container: root of the pod's user namespace, and nothing outside it.
BOX = {
    "name": "box",
    "image": IMAGE,
    "command": ["start-workshop", "box", BETWEEN, *SESSION],
    "stdin": False,
    "securityContext": {
        "runAsUser": 0,
        "runAsGroup": 0,
        "allowPrivilegeEscalation": True,
        "capabilities": {"add": ["ALL"]},
        "procMount": "Unmasked",
        # A lab reads that no filter lies on an unconfined container, and would see one that lies on the box.
        "seccompProfile": {"type": "Unconfined"},
        "appArmorProfile": {"type": "Unconfined"},
    },
    "resources": {
        "requests": {"cpu": "50m", "memory": "256M", "ephemeral-storage": "1Gi"},
        "limits": {"memory": "768M", "ephemeral-storage": "2Gi"},
    },
    "volumeMounts": [
        {"name": "between", "mountPath": BETWEEN, "readOnly": True},
        {"name": "learner", "mountPath": "/root/.local/state", "subPath": "state"},
        {"name": "learner", "mountPath": "/var/lib/seccomp-workshop", "subPath": "engine"},
    ],
}
c.KubeSpawner.extra_containers = [BOX]
c.KubeSpawner.volumes = [
    {"name": "between", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
    {"name": "learner", "emptyDir": {"sizeLimit": "1Gi"}},
]
c.KubeSpawner.volume_mounts = [{"name": "between", "mountPath": BETWEEN}]
c.KubeSpawner.fs_gid = 1000
c.KubeSpawner.service_account = None
c.KubeSpawner.automount_service_account_token = False
c.KubeSpawner.extra_pod_config = {
    "hostUsers": False,
    "enableServiceLinks": False,
    "shareProcessNamespace": False,
    "runtimeClassName": "workshop-box",
    "terminationGracePeriodSeconds": 30,
}

# Anyone who teaches sees the dashboard, at /services/dashboard/, which runs beside the Hub.
c.JupyterHub.load_groups = {"instructors": {"users": os.environ.get("WORKSHOP_INSTRUCTORS", "").split()}}
c.JupyterHub.load_roles = [
    {"name": "teach", "scopes": ["access:services!service=dashboard"], "groups": ["instructors"]},
]
c.JupyterHub.services = [
    {
        "name": "dashboard",
        "url": f"http://dashboard.{NAMESPACE}:8082",
        "api_token": os.environ.get("DASHBOARD_TOKEN", ""),
        "oauth_client_id": "service-dashboard",
        "oauth_no_confirm": True,
    },
]
