"""Problems that show only in a workshop as a whole."""

import pytest

from tests.unit.lab.conftest import ALLOW, FRONT, MANIFEST

BOX = "```container\nname: box\n```\n\n"
DOING = "```solve\n$ id\n```\n\n"


def check(text="", *, probe="{host: [id]}", mutants="[{run: id}]"):
    lines = ["```check", "id: c", "describe: d", "explain: e", f"probe: {probe}", "expect: {exit: 0}"]
    return "\n".join([*lines, f"mutants: {mutants}", text, "```", ""])


def test_a_sound_workshop_has_no_problems(folder):
    assert folder.step(BOX + DOING + check()).lint() == []


@pytest.mark.parametrize(
    ("use", "line"),
    [
        ("```console in=bix\n$ id\n```\n", 14),
        ("```solve in=bix\n$ id\n```\n", 14),
        (DOING + check(probe="{exec: {in: bix, run: [id]}}"), 22),
        (DOING + check(probe="{transcript: {in: bix, command: id}}"), 22),
        (DOING + check(mutants="[{run: id, in: bix}]"), 24),
    ],
    ids=["console", "solve", "exec", "transcript", "mutant"],
)
def test_containers_are_used_by_the_names_they_were_given(folder, use, line):
    assert folder.step(BOX + use).lint() == [f"lab.md:{line} unknown-container"]
    assert "did you mean 'box'?" in folder.messages()


def test_a_container_is_defined_before_it_is_used_and_stays_for_later_steps(folder):
    use = "```console in=box\n$ id\n```\n\n"
    assert folder.step(use + BOX).lint() == ["lab.md:10 unknown-container"]
    assert folder.step(f"{BOX}## Later\n\n{use}").lint() == []


def test_an_exec_probe_cannot_go_to_the_host(folder):
    folder.step(DOING + check(probe="{exec: {in: host, run: [id]}}"))
    assert folder.lint() == ["lab.md:18 unknown-container"]
    assert "a 'host' probe" in folder.messages()


def test_a_container_that_never_starts_cannot_be_used(folder):
    folder.step("```container\nname: box\nstarts: false\n```\n\n```console in=box\n$ id\n```\n")
    assert folder.lint() == ["lab.md:15 unknown-container"]


def test_two_containers_of_a_step_have_two_names(folder):
    assert folder.step(BOX + BOX).lint() == ["lab.md:15 duplicate-id"]
    assert folder.step(f"{BOX}## Again\n\n{BOX}").lint() == []


def test_another_image_is_a_warning(folder):
    folder.step("```container\nname: box\nimage: debian\n```\n")
    assert folder.lint() == ["lab.md:12 other-image"]
    assert folder.read().errors == ()


@pytest.mark.parametrize("probe", ["{container: {command: [id]}}", "{exec: {in: box, run: [id]}}"])
def test_another_image_of_a_mutant_is_a_warning(folder, probe):
    folder.step(BOX + DOING + check(probe=probe, mutants="[{image: debian}]"))
    assert folder.lint() == ["lab.md:24 other-image"]


def test_a_check_needs_a_solution(folder):
    assert folder.step(check()).lint() == ["lab.md:10 no-solution"]
    assert folder.step(check("precheck: {pass: always}")).lint() == []


def test_a_check_needs_a_mutant_unless_it_is_the_learners_own_typing(folder):
    assert folder.step(DOING + check(mutants="[]")).lint() == ["lab.md:14 no-mutant"]
    assert folder.step(DOING + check(mutants="[]", probe="{transcript: {command: id}}")).lint() == []


def test_a_mutant_differs_from_the_solution(folder):
    probe = "{container: {command: [id], user: root}}"
    folder.step(DOING + check(probe=probe, mutants="[{user: root}, {user: nobody}]"))
    assert folder.lint() == ["lab.md:20 bad-mutant"]
    folder.step("```solve file=a\nx\n```\n\n" + check(mutants='[{file: a, content: "x\\n"}]'))
    assert folder.lint() == ["lab.md:20 bad-mutant"]


def with_profile(name):
    return f"{{container: {{command: [id], security_opt: [seccomp={name}]}}}}"


@pytest.mark.parametrize(
    "text",
    [
        "```container\nname: box\nsecurity_opt: [seccomp=profiles/alow.json]\n```\n",
        DOING + check(probe=with_profile("profiles/alow.json")),
        DOING
        + check(
            probe="{container: {command: [id]}}", mutants="[{security_opt: [seccomp=profiles/alow.json]}]"
        ),
        DOING + check(mutants="[{file: profiles/alow.json, content: x}]"),
    ],
    ids=["container", "probe", "container mutant", "file mutant"],
)
def test_files_are_there(folder, text):
    assert [problem.split()[1] for problem in folder.step(text).lint()] == ["missing-file"]
    assert "did you mean 'profiles/allow.json'?" in folder.messages()


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("profiles/../profiles/allow.json", "must not leave the workspace"),
        ("/etc/x.json", "must be relative"),
        ("default", "leave the option out"),
        ("builtin", "leave the option out"),
        ("default@20.10.9", "workshop profile edit"),
    ],
)
def test_a_container_takes_a_file_of_the_workspace_as_its_profile(folder, option, told):
    """A command that names a file of that name says nothing about where it is."""
    typed = "```console\n$ cat x.json default\n```\n\n"
    box = f"```container\nname: box\nsecurity_opt: [seccomp={option}]\n```\n\n"
    assert folder.step(typed + box).lint() == ["lab.md:16 missing-file"]
    assert told in folder.messages()
    folder.step(
        typed + check(probe="{container: {command: [id]}}", mutants=f"[{{security_opt: [seccomp={option}]}}]")
    )
    assert folder.lint() == ["lab.md:20 missing-file"]


@pytest.mark.parametrize(
    "provided",
    [
        f"```json file=my.json\n{ALLOW}\n```\n\n",
        "```json file=my.json edit\nnot yet\n```\n\n",
        f"```solve file=my.json\n{ALLOW}\n```\n\n",
        "```console\n$ cp profiles/allow.json my.json\n```\n\n",
    ],
    ids=["given", "to edit", "solved", "typed"],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_file_can_come_from_anywhere_in_the_step(folder, provided, before):
    use = check(probe=with_profile("my.json"))
    assert folder.step(DOING + (provided + use if before else f"{use}\n{provided}")).lint() == []


def test_a_file_of_a_later_step_is_not_there_yet(folder):
    use = check(probe=with_profile("my.json"))
    folder.step(f"{DOING}{use}\n## Later\n\n```json file=my.json\n{ALLOW}\n```\n")
    assert folder.lint() == ["lab.md:18 missing-file"]


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "a/b/c")])
def test_no_file_takes_the_place_of_a_folder_in_any_later_step(folder, names):
    first, second = (f"```json file={name}\n{{}}\n```\n" for name in names)
    assert folder.step(f"{first}\n## Later\n\n{second}").lint() == ["lab.md:16 bad-name"]


def test_no_file_is_below_one_of_the_workshop_s(folder):
    assert folder.step("```json file=profiles/allow.json/x\n{}\n```\n").lint() == ["lab.md:10 bad-name"]
    assert folder.step("```json file=profiles/x/y.json\n{}\n```\n").lint() == []


def test_only_json_files_are_shared(folder):
    (folder.path / "profiles" / "note.txt").write_text("x")
    probe = "{profile: {file: profiles/note.txt, syscall: chmod}}"
    text = check(probe=probe, mutants="[{file: profiles/allow.json, content: x}]").replace(
        "exit: 0", "action: allow"
    )
    assert folder.step(DOING + text).lint() == ["lab.md:18 missing-file"]


BROKEN = '{\n  "defaultAction": "SCMP_ACT_ALOW"\n}'
KILLER = '{\n  "defaultAction": "SCMP_ACT_KILL"\n}'


@pytest.mark.parametrize(
    ("profile", "rule"), [(BROKEN, "bad-profile"), ("{", "bad-profile"), (KILLER, "start-hazard")]
)
def test_a_profile_can_be_started_with(folder, profile, rule):
    use = check(probe=with_profile("my.json"))
    folder.step(f"{DOING}```json file=my.json\n{profile}\n```\n\n{use}")
    (problem,) = folder.lint()
    assert problem.split()[1] == rule
    (folder.path / "profiles" / "bad.json").write_text(profile)
    folder.step(DOING + check(probe=with_profile("profiles/bad.json")))
    assert folder.lint() == [f"lab.md:18 {rule}"]


def test_a_profile_in_the_lab_is_wrong_in_its_own_line(folder):
    use = check(probe=with_profile("my.json"))
    folder.step(f"{DOING}```json file=my.json\n{BROKEN}\n```\n\n{use}")
    assert folder.lint() == ["lab.md:16 bad-profile"]


@pytest.mark.parametrize("profile", [BROKEN, KILLER])
def test_a_profile_may_be_bad_on_purpose(folder, profile):
    refused = check(probe=with_profile("my.json")).replace("{exit: 0}", "{started: false}")
    never = "```container\nname: no\nsecurity_opt: [seccomp=my.json]\nstarts: false\n```\n\n"
    assert folder.step(f"{never}```json file=my.json\n{profile}\n```\n\n{refused}").lint() == []


def test_labs_are_listed_and_there(folder):
    folder.write(
        manifest=MANIFEST.replace('["lab.md"]', '["gone.md", "lab.md", "lab.md", "../x.md"]'),
        lab=f"{FRONT}\n## S\n\nt\n",
    )
    (folder.path / "stray.md").write_text("")
    (folder.path / "README.md").write_text("")
    assert folder.lint() == [
        "workshop.toml:4 bad-name",
        "workshop.toml:4 duplicate-id",
        "workshop.toml:4 missing-lab",
        "workshop.toml:4 unlisted-lab",
    ]


@pytest.mark.parametrize(
    ("name", "told"), [("glossary.md", "the glossary"), ("workshop.md", "the manifest's texts")]
)
def test_no_lab_takes_the_place_of_another_file(folder, name, told):
    """The glossary would hide the lab's problems, and the lab's translation that of the manifest."""
    folder.write(manifest=MANIFEST.replace('"lab.md"', f'"{name}"'), lab=f"{FRONT}\n## S\n\nt\n")
    (folder.path / "lab.md").rename(folder.path / name)
    assert "workshop.toml:4 bad-name" in folder.lint()
    assert told in folder.messages()


def test_files_that_look_like_labs_or_a_glossary_are_read_or_reported(folder):
    folder.write(lab=f"{FRONT}\n## S\n\nt\n")
    for name in ("two.MD", "three.markdown", "Glossary.md"):
        (folder.path / name).write_text("")
    assert folder.lint() == ["workshop.toml:4 unlisted-lab"] * 3
    assert "call it 'glossary.md'" in folder.messages()


def test_two_folders_of_one_name_cannot_both_be_in_a_workspace(folder):
    (folder.path / "more" / "profiles").mkdir(parents=True)
    folder.write(
        manifest=MANIFEST.replace('["profiles"]', '["profiles", "more/profiles"]'),
        lab=f"{FRONT}\n## S\n\nt\n",
    )
    assert folder.lint() == ["workshop.toml:5 duplicate-id"]


def test_ids_are_unique(folder):
    options = "[{text: a, why: b, correct: true}, {text: b, why: c}]"
    quiz = f"```quiz\nid: c\nquestion: q\noptions: {options}\n```\n"
    text = f"{FRONT}\n## Step\n\n{DOING}{check()}\n{quiz}\n## Step\n\nt\n"
    folder.write(manifest=MANIFEST.replace('"lab.md"', '"lab.md", "two.md"'), lab=text)
    (folder.path / "two.md").write_text(f"{FRONT}\n## S\n\nt\n")
    assert folder.lint() == ["lab.md:24 duplicate-id", "lab.md:30 duplicate-id", "two.md:1 duplicate-id"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Step\n\n", "empty-heading"),
        ("## Step\n\n### Sub\n\n### Next\n\ntext\n", "empty-heading"),
        ("## Step\n\n## Next\n\ntext\n", "empty-heading"),
        ("##\n\ntext\n", "empty-heading"),
        ("Just text\n", "empty-heading"),
        ("```hint\nh\n```\n\n## Step\n\ntext\n", "outside-step"),
        ("## Step\n\n- ```hint\n  h\n  ```\n", "nested-fence"),
        ("## Step\n\n> ```hint\n> h\n> ```\n", "nested-fence"),
        ("## Step\n\n    ```hint\n    h\n    ```\n", "nested-fence"),
        ("## Step\n\ntext\n    ```json file=x.json\n    {}\n    ```\n", "nested-fence"),
        ("## Step\n\n- item\n\n      ```hint\n      h\n      ```\n", "nested-fence"),
        ("## Step\n\n<details>\n```hint\nh\n```\n</details>\n", "nested-fence"),
        ("## Step\n\n``hint\nh\n``\n", "nested-fence"),
        ("## Step\n\n``console is a language of fences\n", "nested-fence"),
        ("## Step\n\n- ```console on=x\n  $ id\n  ```\n", "nested-fence"),
        ("## Step\n\ntext\n\n##Step two\n\ntext\n", "empty-heading"),
        ("## Step\n\n```bash in=host\n$ id\n```\n", "unknown-attribute"),
        ("## Step\n\n```console:in=host\n$ id\n```\n", "unknown-fence"),
        ('## Step\n\n```json file="x.json"\n{}\n```\n', "unknown-attribute"),
        ("## Step\n\n```hint\nh\n", "unclosed-fence"),
        ("## Step\n\n```c\nh\n``\n", "unclosed-fence"),
        ("## Step\n\n```hint\n\n```\n", "empty-text"),
        ("## Step\n\n```hints\nh\n```\n", "unknown-fence"),
        ("## Step\n\n```Console\n$ id\n```\n", "unknown-fence"),
        ("## Step\n\n```console on=x\n$ id\n```\n", "unknown-attribute"),
        ("## Step\n\n```console in=\n$ id\n```\n", "unknown-attribute"),
        ("## Step\n\n```console timeout=soon\n$ id\n```\n", "bad-value"),
        ("## Step\n\n```console\n```\n", "transcript"),
        ("## Step\n\n```json fiel=x\n{}\n```\n", "unknown-attribute"),
        ("## Step\n\n```json edit\n{}\n```\n", "unknown-attribute"),
        ("## Step\n\n```json file=x edit=yes\n{}\n```\n", "unknown-attribute"),
        ("## Step\n\n```json file=/etc/x\n{}\n```\n", "bad-name"),
        ("## Step\n\n```solve file=x in=host\n{}\n```\n", "unknown-attribute"),
        ("## Step\n\n```container\nimage: lab\n```\n", "missing-key"),
        ("## Step\n\n```container\nname: host\n```\n", "bad-name"),
        ("## Step\n\n```container\n- name\n```\n", "wrong-type"),
        ("## Step\n\n```container\nname: a\nvolumes: [x]\n```\n", "host-access"),
        ("## Step\n\n```container\nname: a\nnetwork_mode: host\n```\n", "host-access"),
        ("## Step\n\n```container\nname: a\nmem_limit: 1\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\ncap_add: [sys admin]\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\nsecurity_opt: [seccomp:unconfined]\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\nsecurity_opt: [secomp=x]\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\nread_only: maybe\n```\n", "wrong-type"),
        ("## Step\n\n```container\nname: a\npids_limit: 0\n```\n", "wrong-type"),
        ("## Step\n\n```container\nname: a\npids_limit: 4194305\n```\n", "wrong-type"),
        ("## Step\n\n```container\nname: a\nmem_limit: 9999999999999g\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\ntmpfs: tmp:size=1m\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\nworking_dir: tmp\n```\n", "bad-value"),
        ("## Step\n\n```container\nname: a\ncap_add: [SYS_ADMNI]\n```\n", "bad-value"),
        ('## Step\n\n```container\nname: a\ncommand: [sh, -c, "a\\0b"]\n```\n', "bad-value"),
        ('## Step\n\n```container\nname: a\nenvironment: {"A\\0": b}\n```\n', "bad-value"),
        ("## Step\n\n```container\nname: a\nenvironment: {A=B: c}\n```\n", "bad-value"),
        ("## Step\n\n```json file=.\n{}\n```\n", "bad-name"),
        ("## Step\n\n```json file=profiles\n{}\n```\n", "bad-name"),
        ("## Step\n\n```json file=a\n{}\n```\n\n```json file=a/b/c\n{}\n```\n", "bad-name"),
        ("## Step\n\n```container\nname: a\nenvironment: [A]\n```\n", "bad-value"),
        (
            "## Step\n\n```quiz\nid: q\nquestion: q\noptions: [{text: a, why: b}, {text: b, why: c}]\n```\n",
            "quiz",
        ),
        ("## Step\n\n```quiz\nid: q\nquestion: q\noptions: []\n```\n", "quiz"),
    ],
)
def test_each_of_these_is_one_problem(folder, text, expected):
    folder.write(lab=f"{FRONT}\n{text}")
    assert [problem.split()[1] for problem in folder.lint()] == [expected]


@pytest.mark.parametrize(
    "shown", ["    ```console\n    $ id\n    ```\n", "<pre>\n```console\n$ id\n```\n</pre>\n"]
)
def test_who_shows_a_fence_is_told_how(folder, shown):
    folder.step(shown)
    assert "to show one, put it into a fence of four backticks" in folder.messages()


@pytest.mark.parametrize(
    "text",
    [
        "<!--\n```hint\nnot yet\n```\n-->\n",
        "````markdown\n```hint\nh\n```\n````\n",
        "Call ``check`` or `hint`.\n",
        "#hashtag\n",
    ],
    ids=["a comment", "a fence in a fence", "code", "a hash"],
)
def test_what_only_looks_like_a_fence_or_a_heading_is_prose(folder, text):
    assert folder.step(text).lint() == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('id = "No Id"', "bad-name"),
        ("format = 2", "format-version"),
        ('labs = "lab.md"', "wrong-type"),
        ('files = ["nowhere"]', "missing-file"),
        ('lab = ["lab.md"]', "unknown-key"),
        ("[defaults]\ncap_ad = []", "unknown-key"),
        ("[defaults]\ncap_add = 'ALL'", "wrong-type"),
        ("title = ", "bad-toml"),
        ('title = "a\\u0000b"', "bad-value"),
    ],
)
def test_the_manifest_is_checked_with_lines(folder, line, rule):
    kept = [row for row in MANIFEST.split("\n[")[0].splitlines() if row.split()[0] not in line.split()]
    folder.write(manifest="\n".join([*kept, line, ""]), lab=f"{FRONT}\n## S\n\nt\n")
    at = len(kept) + 1 + line.count("\n")
    assert f"workshop.toml:{at} {rule}" in folder.lint()
