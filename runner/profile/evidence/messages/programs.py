"""Error messages of programs → the calls whose denial they may come from, the likeliest first, and their meaning."""

from runner.profile.evidence.messages.phrases import Phrases

_RING = ("io_uring_setup", "a ring for input and output could not be made")
STARTS_THREAD = "a thread could not be started"
STARTS_PROCESS = "a process could not be started"
_THREAD = ("clone3 clone", STARTS_THREAD)
_NAMESPACE = ("clone unshare clone3", "a namespace could not be made")
_ENTERING = ("setns", "a namespace could not be entered")
_EVENTS = ("perf_event_open", "events could not be counted")
_CLOCK = ("clock_gettime64 clock_gettime", "the time could not be read")
_PRIORITY = ("setpriority", "the priority could not be changed")
_MODES = ("fchmodat fchmodat2 chmod fchmod", "modes could not be changed")
_OWNERS = ("fchownat chown lchown fchown", "owners could not be changed")
PROGRAMS_ALONE: Phrases = (
    (
        r"io_uring is not|io_uring\w*(?: failed)?:? -(?:1|38)\b"
        r"|(?:can'?t|not|unable|fail\w*) (?:to )?(?:create|start|spawn|set ?up|init\w*) (?:an? |the )?io[-_]?uring\b",
        *_RING,
    ),
    (r"cannot set %fs base", "arch_prctl", "the C library could not set up a thread's storage"),
    (r"cannot apply additional memory protection", "mprotect", "the loader could not protect memory"),
    (
        r"pthread_create(?!\.c\b)|uv_thread_create|std::system_error|\bthread failed to start"
        r"|(?:can'?t|not|unable|fail\w*)\b.{0,40}\b(?:creat|start|spawn)\w* (?:\w+ ){0,2}threads?\b",
        *_THREAD,
    ),
    (
        r"(?:creat\w*|move to) (?:a )?new namespaces?|no usable sandbox|suid sandbox"
        r"|kernel namespaces that are required",
        *_NAMESPACE,
    ),
    (r"no access to perf events|access to performance monitoring", *_EVENTS),
    (
        r"(?:couldn't|could not|cannot|can't) attach to (?:the )?(?:process|pid)|error attaching to process"
        r"|\bfailed to suspend process|\bpy-spy\b.{0,200}permission",
        "ptrace process_vm_readv",
        "a process could not be traced",
    ),
    (
        r"can't initialize time"
        r"|panicked at [a-z0-9_/.-]{0,60}\bstd/src/(?:[a-z0-9_/.-]{1,60}/)?time\.rs"
        r"|uv_gettimeofday\(|no monotonic clock was available|cannot read realtime clock",
        *_CLOCK,
    ),
    (r"cannot get entropy for arc4random", "getrandom", "the C library could not get random numbers"),
    (r"futex facility returned", "futex futex_time64", "the C library was refused a lock"),
    (r"cannot set niceness", *_PRIORITY),
    (
        r"hostname: you must be root to change the host name",
        "sethostname",
        "the host's name could not be set",
    ),
    (
        r"(?:can'?t|not|unable|fail\w*|error)\b.{0,40}"
        r"\b(?:install|load|apply|set(?: ?up)?|enabl|initiali[sz]|attach)\w* "
        r"(?:\w+ ){0,2}(?:seccomp|sys(?:tem ?)?call filter)"
        r"|failed to (?:limit syscall architectures|restrict (?:address families|namespaces|realtime|suid))"
        r"|system call filters failed to install|status=228/seccomp",
        "seccomp prctl",
        "the program could not install a filter of its own",
    ),
)
PROGRAMS: Phrases = (
    (r"cannot open shared object file: oper", "openat open", "the loader could not open a library"),
    (r"cannot stat shared object: oper", "newfstatat fstat statx", "the loader could not look at a library"),
    (r"cannot read file data: oper", "read pread64", "the loader could not read a library"),
    (r"cannot close file descriptor: oper", "close", "the loader could not close a library"),
    (r"failed to map segment from shared object: oper", "mmap", "the loader could not map a library"),
    (r"io[-_]?uring|(?:^|[\s:])queue_init: ", *_RING),
    (r"thread_create(?!\.c\b)", *_THREAD),
    (r"\b(?:cannot|can't|could not) fork\b", "clone clone3 fork vfork", STARTS_PROCESS),
    (r"failed switching to ", "setgroups setgid setuid setresgid setresuid", "the user could not be changed"),
    (r"read kernel buffer", "syslog", "the kernel's messages could not be read"),
    (
        r"\b(?:libbpf|bpftool|bpf_\w+|e?bpf (?:program|map|object)s?)\b|\bbpf: |\bload\w* e?bpf\b",
        "bpf",
        "a program or a map of BPF could not be made",
    ),
    (
        r"step NAMESPACE|(?:mount|network) namespacing",
        "unshare mount clone setns pivot_root",
        "systemd could not make a namespace",
    ),
    (r"set (?:supplemental |runas )?groups?\b|setgroups", "setgroups", "the groups could not be set"),
    (r"perf_event|no permission to enable|start_counter", *_EVENTS),
    (r"changing permissions of|\bchmod 0[0-7]{3} of ", *_MODES),
    (r"changing (?:ownership|group) of|\bchown to \S+ of ", *_OWNERS),
    (r"unshare: ", "unshare clone", "a namespace could not be made"),
    (r"nsenter: ", *_ENTERING),
    (r"umount: ", "umount2", "a filesystem could not be unmounted"),
    (
        r"mount(?:\.\w+)?: |mount error\(1\)|\bmount -|\bmounting \W"
        r"|(?:fail\w*|could not|cannot|can't|unable) (?:to )?mount\b",
        "mount fsopen fsmount move_mount open_tree mount_setattr",
        "a filesystem could not be mounted",
    ),
    (r"pivot_root", "pivot_root", "the root could not be changed"),
    (
        r"address space randomi[sz]ation|set personality",
        "personality",
        "the personality could not be changed",
    ),
    (r"ptrace|PTRACE|cannot trace process", "ptrace", "a process could not be traced"),
    (
        r"(?:cannot|can't) create directory|create directory via template",
        "mkdir mkdirat",
        "a directory could not be made",
    ),
    (
        r"cannot set date|settimeofday|hwclock|step-systime|\bset(?:ting)? (?:the )?(?:system )?(?:clock|time|date)\b",
        "clock_settime settimeofday adjtimex",
        "the clock could not be set",
    ),
    (r"swapo(?:n|ff): ", "swapon swapoff", "swap could not be changed"),
    (r"(?:insmod|modprobe|init_module)", "finit_module init_module", "a module could not be loaded"),
    (r"reboot: ", "reboot", "the machine could not be rebooted"),
    (r"sethostname|hostname: ", "sethostname", "the host's name could not be set"),
    (r"chroot: ", "chroot", "the root could not be changed"),
    (r"mknod: ", "mknodat mknod", "a device could not be made"),
    (r"(?:creat|unshar)\w{0,9} (?:a )?(?:new )?(?:\w{1,20} )?namespaces?\b|cloning builder", *_NAMESPACE),
    (r"(?:set|enter|join)\w{0,9} (?:the )?(?:\w{1,20} )?namespaces?\b", *_ENTERING),
    (r"std/src/(?:\S{1,100}/)?time\.rs", *_CLOCK),
    (
        r"_membind|\bnuma\w*: |mempolicy",
        "set_mempolicy mbind get_mempolicy",
        "memory's place could not be set",
    ),
    (r"cannot run program \W.*\berror=1\b", "clone3 clone vfork execve", STARTS_PROCESS),
    (r"unable to lock jvm memory", "mlockall", "memory could not be locked"),
    (
        r"unable to change to (?:\w+ )?[gu]id\b|cannot set (?:user|group) id\b",
        "setresgid setresuid setgid setuid",
        "the user could not be changed",
    ),
    (r"set ?up (?:kernel )?keyring|step KEYRING", "keyctl", "a keyring could not be made"),
    (r"\bclone process\b", "clone clone3", "a process could not be started in its namespaces"),
    (
        r"whether \S+ is a mount point: ",
        "name_to_handle_at statx newfstatat",
        "a mount could not be looked at",
    ),
    (r"fd_?walk\b", "close_range openat getdents64", "open files could not be closed"),
    (r"popen failure", "clone3 clone vfork execve", STARTS_PROCESS),
    (r"rlimit", "prlimit64 setrlimit", "a limit could not be changed"),
    (r"set pid \d+'s policy", "sched_setattr sched_setscheduler", "the scheduling could not be changed"),
    (r"set pid \d+'s affinity", "sched_setaffinity", "the processors could not be chosen"),
    (r"set priority\b", *_PRIORITY),
    (r"capabilit\w+ on file|setfacl: ", "setxattr lsetxattr fsetxattr", "an attribute could not be set"),
    (
        r"(?:set|drop)\w{0,9} (?:\w{1,20} )?cap(?:abilitie)?s\b",
        "capset prctl",
        "the capabilities could not be changed",
    ),
    (r"while setting flags on|failed to clone '", "ioctl", "a file's flags or blocks could not be changed"),
    (
        r"(?:creat\w*|mak\w*|open\w*) (?:an? |the )?(?:\w{1,20} )?pipes?(?:\b(?! ')|\(s\))",
        "pipe2 pipe",
        "a pipe could not be made",
    ),
    (r"\b(?:get|read|ask)\w* (?:for )?(?:the )?(?:\w{1,20} )?time:? ", *_CLOCK),
    (
        r"ping: |socket: |(?:creat\w*|open\w*) (?:an? |the )?(?:\w{1,20} )?socket(?:s?\b|\(s\))",
        "socket",
        "a socket could not be opened",
    ),
)
FILES: Phrases = (
    (r"cannot open directory ", "openat open fstat newfstatat", "a folder could not be opened"),
    (r"could not open shared memory", "openat open", "shared memory could not be opened"),
    (
        r"make(?:\[\d+\])?: \S+: oper",
        "faccessat2 faccessat execve",
        "make could not ask whether it may run a program",
    ),
    (
        r"(?:cannot|can't|could not) (?:access|stat) |cannot get (?:file )?status",
        "newfstatat statx lstat stat",
        "a file could not be looked at",
    ),
    (r"(?:cannot|can't) remove ", "unlinkat unlink rmdir", "a file could not be removed"),
    (r"cannot change mode|chmod: |(?:changing|change|setting|preserving|preserve) permissions", *_MODES),
    (r"cannot change owner|chown: \S+: oper", *_OWNERS),
    (
        r"cannot create regular file|(?:cannot|can't) (?:open|create) '|create file via template",
        "openat openat2 open creat",
        "a file could not be opened",
    ),
    (r"(?:cannot|can't) (?:move|rename) ", "renameat2 renameat rename", "a file could not be renamed"),
    (r"create symbolic link", "symlinkat symlink", "a link could not be made"),
    (r"create (?:hard )?link", "linkat link", "a link could not be made"),
    (
        r"preserve ownership|setting ownership|ch(?:own|grp) (?:\S+ )?failed",
        "fchownat fchown chown lchown",
        "owners could not be changed",
    ),
    (
        r"cannot utime|(?:setting|preserving|preserve) times",
        "utimensat utimes utime",
        "times could not be changed",
    ),
    (
        r"could not write to file ",
        "pwrite64 pwritev write fallocate",
        "a file could not be written",
    ),
    (
        r"could not copy ",
        "copy_file_range sendfile openat",
        "a file could not be copied",
    ),
    (r"^(?:.*: )?find: ", "newfstatat openat getdents64 statx", "a folder could not be searched"),
    (
        r"(?:^|/)env: |(?:\bline \d+|^(?:\S*/)?\w{0,3}sh): (?:\d+: )?\S+: oper",
        "execve faccessat2 faccessat openat",
        "a program could not be executed",
    ),
    (r"^(?:.*: )?open /\S+: oper", "openat openat2 open", "a file could not be opened"),
)
"""Failures with files, which have many other reasons, by the words of those that seccomp's errors give."""
