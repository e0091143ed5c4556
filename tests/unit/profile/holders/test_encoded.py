"""`runner.profile.holders.encoded`: profiles in base64, in addresses, and amid other text."""

import base64
import json
import urllib.parse
from time import process_time

import pytest

from runner.profile.errors import ProfileError
from runner.profile.holders import find_profiles
from runner.profile.source.reader import read_profile

PROFILE = '{"defaultAction": "SCMP_ACT_LOG",\n "syscalls": []}'
BASE64 = base64.b64encode(PROFILE.encode()).decode()
HELD = {
    "Ignition": f'{{"storage": {{"files": [{{"contents": {{"source": "data:;base64,{BASE64}"}}}}]}}}}',
    "MachineConfig": "kind: MachineConfig\nspec: {config: {storage: {files: [{contents: "
    f'{{source: "data:text/plain;charset=utf-8;base64,{BASE64}"}}}}]}}}}}}\n',
    "an address that is not in base64": "storage: {files: [{contents: {source: "
    f'"data:,{urllib.parse.quote(PROFILE)}"}}}}]}}\nkind: x\n',
    "cloud-init": f"#cloud-config\nwrite_files:\n- {{path: /p.json, encoding: b64, content: {BASE64}}}\nkind: x\n",
    "Azure's container": "kind: x\nproperties: {containers: [{name: a, properties: "
    f"{{securityContext: {{seccompProfile: {BASE64}}}}}}}]}}\n",
    "a page": f"Use this profile:\n\n```json\n{PROFILE}\n```\n",
    "a script": f"cat > p.json <<'END'\n{PROFILE}\nEND\ndocker run --security-opt seccomp=p.json x\n",
    "a program": f"const profile = {PROFILE};\nmodule.exports = profile;\n",
    "within a program's object": f'export default {{"seccomp": {PROFILE}}}\n',
}


@pytest.mark.parametrize("text", HELD.values(), ids=HELD)
def test_a_profile_is_found_in_its_encoding(text: str) -> None:
    (held,) = find_profiles(text).profiles
    assert held.fault is None
    assert held.part is not None
    profile = read_profile(held.part.text, held.part.places).profile
    assert profile.default_action is not None
    assert profile.default_action.value == "SCMP_ACT_LOG"


def test_a_profile_amid_text_keeps_its_place() -> None:
    (held,) = find_profiles(HELD["a page"].replace("LOG", "LAG")).profiles
    assert held.part is not None
    with pytest.raises(ProfileError) as caught:
        read_profile(held.part.text, held.part.places)
    assert caught.value.at is not None
    assert (caught.value.at.line, caught.value.at.column) == (4, 19)


def test_several_profiles_amid_text_are_told_apart_by_their_lines() -> None:
    text = f"first:: `x`\n{PROFILE}\nsecond:\n{PROFILE.replace('LOG', 'KILL')}\n"
    assert [held.name for held in find_profiles(text).profiles] == ["line 2", "line 5"]


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{PROFILE[:-1]}\n```\n",
        '{"defaultAction": "SCMP_ACT_LOG"} x',
        '`x` {"a": ' * 3000 + '"defaultAction"',
    ],
)
def test_broken_json_amid_text_is_no_profile(text: str) -> None:
    with pytest.raises(ProfileError):
        find_profiles(text)


def test_a_value_of_many_blanks_is_read_in_linear_time() -> None:
    def seconds(blanks: int) -> float:
        begin = process_time()
        find_profiles(json.dumps({"seccompProfile": "A" * 24 + " " * blanks + "!"}))
        return process_time() - begin

    # The square of sixteen would be 256.
    assert seconds(16_000) < 80 * max(seconds(1_000), 0.002)
