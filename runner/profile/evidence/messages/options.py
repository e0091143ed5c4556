"""Known causes that lie in an option or a file of settings: what a message means, and the step that helps.

A line with one of these needs no reason, and no sign of seccomp, to be a message. They are also searched for in lower
case, so that no pattern has a class that a capital letter negates.
"""

OPTIONS = (
    (
        r"directives don't match any configuration option: .{0,200}seccomp",
        "the engine does not know the key that names its default profile",
        "write `seccomp-profile` in daemon.json",
    ),
    (
        r"ignoring (?:unsupported|deprecated) options: .{0,200}security_opt",
        "a swarm's stack leaves `security_opt` out, and its containers run under the engine's own profile",
        "name the profile for all containers of the engine: `seccomp-profile` in its daemon.json",
    ),
    (
        r"security options (?:on build|are not supported on linux)",
        "`docker build` takes no profile on Linux, and a build runs under the engine's own",
        "name the profile in the engine's daemon.json, or build with Podman, which takes `--security-opt seccomp=FILE`",
    ),
    (
        r"invalid seccomp profile [^\w]",
        "the runtime was given a word that stands for no profile",
        "in a manifest write a `type` under seccompProfile; the runtime's own words are unconfined, runtime/default "
        "and localhost/FILE",
    ),
    (
        r"security_opt (?:must be an? (?:list|array)|contains .{1,80} invalid type)",
        "compose takes a list of texts under `security_opt`",
        "write `security_opt:` and on the next line `- seccomp=FILE`",
    ),
    (
        r"invalid --security-opt \d+: [^\w]*seccomp:",
        "Podman takes `seccomp=`, and not `seccomp:`",
        "write `=` in place of the colon, which Docker takes too",
    ),
    (
        r"invalid --security-opt(?: \d+)?: [^\w]*seccomp(?:(?![\w=:])|=[^\w]*$)",
        "the option names no profile",
        "write `--security-opt seccomp=FILE`",
    ),
    (
        r"invalid seccomp policy\b",
        "a seccomp policy is `default` or `image`, and no profile",
        "give a profile, or `unconfined`, to `--security-opt seccomp=`",
    ),
)
