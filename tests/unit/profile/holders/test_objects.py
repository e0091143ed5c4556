"""`runner.profile.holders.objects`: what is an object of a file, and what only describes one."""

from runner.profile.holders import find_profiles

SCHEMA = """\
kind: CustomResourceDefinition
metadata: {name: filters.example.org}
spec:
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              defaultAction: {type: string, enum: [SCMP_ACT_ERRNO]}
              syscalls: {type: array, items: {type: object, properties: {names: {type: array}}}}
"""


def test_a_description_of_objects_is_none_of_them() -> None:
    holding = find_profiles(SCHEMA)
    assert (holding.profiles, holding.off, holding.default) == ((), (), ())


def test_beside_a_description_the_objects_count() -> None:
    profile = "kind: SeccompProfile\nmetadata: {name: one}\nspec: {defaultAction: SCMP_ACT_ALLOW}\n"
    (held,) = find_profiles(f"{SCHEMA}---\n{profile}").profiles
    assert held.name == "one"
