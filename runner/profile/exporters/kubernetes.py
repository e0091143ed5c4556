"""Kubernetes: a pod that uses a profile, and the Security Profiles Operator's manifest."""

import json
import re
from errno import EPERM

from runner.errors import UsageError
from runner.profile.exporters.exported import Exported
from runner.profile.model import OciRule, OciSeccomp
from runner.profile.source.oci import oci_json
from runner.profile.source.writer import arg_json

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  securityContext:
    seccompProfile:
      type: Localhost
      localhostProfile: profiles/{name}.json
  containers:
    - name: {name}
      image: example.org/image
"""


_KUBERNETES = """\
# Each node that runs the pod needs the profile as a file, {path}:
#   kubectl get configmap {name} -o jsonpath='{{.data.{key}}}' >{path}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  {name}.json: |
{profile}
---
"""


def export_kubernetes(oci: OciSeccomp, name: str) -> Exported:
    """The profile as a configuration map, in the form that containerd reads, and the pod that uses it."""
    check_name(name)
    profile = "\n".join(f"    {line}" for line in json.dumps(oci_json(oci), indent=2).splitlines())
    path = f"/var/lib/kubelet/seccomp/profiles/{name}.json"
    text = _KUBERNETES.format(name=name, key=f"{name}\\.json", path=path, profile=profile)
    return Exported(text + _POD.format(name=name))


def export_pod(name: str) -> Exported:
    """The pod snippet that uses a profile; the node needs the resolved profile as a file."""
    check_name(name)
    note = (
        f"a pod cannot hold the profile: put its OCI form (--to oci) on every node, as "
        f"/var/lib/kubelet/seccomp/profiles/{name}.json"
    )
    return Exported(_POD.format(name=name), (note,))


def export_operator(oci: OciSeccomp, name: str) -> Exported:
    """A SeccompProfile manifest, with JSON syntax inside: that is also YAML, and keeps every text unambiguous."""
    check_name(name)
    lost = []
    if oci.default_errno not in (None, EPERM):
        lost.append(f"the default errno {oci.default_errno}: the operator has none, and EPERM is used")
    spec = {key: value for key, value in oci_json(oci).items() if key not in ("defaultErrnoRet", "syscalls")}
    lines = [
        "apiVersion: security-profiles-operator.x-k8s.io/v1beta1",
        "kind: SeccompProfile",
        "metadata:",
        f"  name: {name}",
        "spec:",
        *(f"  {key}: {json.dumps(value)}" for key, value in spec.items()),
    ]
    if oci.rules:
        lines.append("  syscalls:")
    for rule in oci.rules:
        lines += _rule_lines(rule)
    return Exported("\n".join(lines) + "\n", tuple(lost))


def check_name(name: str) -> None:
    """Raise UsageError for a name that Kubernetes would refuse."""
    if not _NAME.match(name):
        raise UsageError(
            f"{name[:80]!r} is not a name that Kubernetes accepts",
            remedy="write --name with lower-case letters, digits and `-`, at most 63",
        )


def _rule_lines(rule: OciRule) -> list[str]:
    lines = [f"    - action: {rule.action.value}"]
    if rule.errno is not None:
        lines.append(f'      errnoRet: "{rule.errno}"')
    lines.append("      names:" if rule.names else "      names: []")
    lines += [f"        - {json.dumps(name)}" for name in rule.names]
    if rule.args:
        lines.append("      args:")
        lines += [f"        - {json.dumps(arg_json(arg))}" for arg in rule.args]
    return lines
