"""Texts that are nearly JSON or YAML."""

import pytest

from runner.profile.errors import ProfileError, TemplateError
from runner.profile.holders import find_profiles
from runner.profile.holders.dialects import plain_json

HELM = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-seccomp
data:
  p.json: |
    {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": {{ .Values.names | toJson }}}]}
"""
DEVCONTAINER = """\
{
  // see https://example.org
  "image": "x", /* the
  newest */ "url": "http://x//y",
  "runArgs": ["--cap-add=SYS_PTRACE", "--security-opt", "seccomp=p.json",],
}
"""


@pytest.mark.parametrize(("text", "line"), [(HELM, 4), (HELM.replace("{{ .Release.Name }}-seccomp", "x"), 7)])
def test_a_template_is_said_to_be_one(text, line):
    with pytest.raises(ProfileError, match="is a template") as caught:
        find_profiles(text)
    assert caught.value.at.line == line
    assert "helm template" in caught.value.remedy


def test_a_development_container_may_have_comments():
    (held,) = find_profiles(DEVCONTAINER).profiles
    assert held.file == "p.json"


def test_comments_elsewhere_are_faults():
    with pytest.raises(ProfileError):
        find_profiles('{"security_opt": ["seccomp=p.json"] // x\n}')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'services:\n  a:\n    hostname: "{{.Node.Hostname}}"\n    security_opt: [seccomp=unconfined]\n',
            "a has seccomp=unconfined (line 4)",
        ),
        (
            'kind: Workflow\nspec:\n  name: "{{workflow.name}}"\n  seccompProfile: {type: RuntimeDefault}\n',
            "type: RuntimeDefault",
        ),
        ('kind: Workflow\nspec:\n  name: "{{workflow.name}}"\n', "of kind Workflow"),
    ],
)
def test_a_file_with_placeholders_that_can_be_read_is_no_template(text, said):
    assert said in find_profiles(text).none().reason


def test_a_placeholder_is_found_where_the_profile_has_it():
    text = HELM.replace("{{ .Release.Name }}-seccomp", '"{{workflow.name}}"')
    with pytest.raises(TemplateError) as caught:
        find_profiles(text)
    assert (caught.value.at.line, caught.value.at.column) == (7, 64)


def test_a_comma_within_a_text_is_no_last_one() -> None:
    text = '{"name": "a, ]", /* x */ "runArgs": ["--security-opt", "seccomp=p.json", /* y, ] */],}'
    assert plain_json(text).startswith('{"name": "a, ]",')
    assert [held.file for held in find_profiles(text).profiles] == ["p.json"]
