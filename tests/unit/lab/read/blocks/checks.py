"""Reading a step with one check."""

BOX = "```container\nname: box\n```\n\n"
CHECK = "```check\nid: c\ndescribe: d\nexplain: e\n{}\n```\n"


def problems(folder, text):
    return [
        (problem.rule, problem.span.line, problem.message)
        for problem in folder.step(CHECK.format(text)).read().problems
    ]


def read(folder, text):
    return folder.step(BOX + CHECK.format(text)).blocks()[1].check
