"""`runner.lab.model.images`: every image that a lab starts a container of is provided before."""

from runner.bundle.summary import summary
from runner.lab.model.images import images

LAB = """\
```container
name: box
image: one
```

```check
id: made
describe: It is made
probe: {trace: {container: {image: two, command: [ls], network_mode: host}}}
expect: {calls: {all: [read]}}
control: {image: three, expect: {exit: 0}}
explain: Because
mutants: [{image: four, privileged: true, why: Another image}]
```

```check
id: plain
describe: It runs
probe: {container: {image: five, command: [ls]}}
expect: {exit: 0}
explain: Because
```
"""


def test_traced_containers_controls_and_mutants_have_images_of_their_own(folder):
    workshop = folder.step(LAB).read().workshop
    found = images([(workshop, workshop.labs[0])])
    assert found[1:] == ["one", "two", "three", "four", "five"]


def test_a_summary_tells_of_networks_and_privileges_of_traced_containers_and_mutants(folder):
    workshop = folder.step(LAB).read().workshop
    lines = summary(workshop)
    assert "5 containers of: lab, one, two, three, four, five" in lines[1]
    assert "  ! containers with a network: host" in lines
    assert "  ! privileged containers: 1" in lines


RUNNING = """\
```container
name: box
```

```check
id: made
describe: It is made
probe: {exec: {in: box, run: [ls]}}
expect: {exit: 0}
explain: Because
mutants: [{image: two, privileged: true, network_mode: other, why: All of it}]
```
"""


def test_a_mutant_of_a_running_container_has_an_image_and_privileges_of_its_own(folder):
    workshop = folder.step(RUNNING).read().workshop
    assert images([(workshop, workshop.labs[0])])[1:] == ["two"]
    lines = summary(workshop)
    assert "  ! containers with a network: other" in lines
    assert "  ! privileged containers: 1" in lines
