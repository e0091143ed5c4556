"""Functions of the C library whose calls have other names than they, or of which several may be made."""

from runner.profile.calls.table import words_by_key

CALLS = words_by_key(
    """
    _Exit _exit exit quick_exit: exit_group
    abort pthread_kill raise: tgkill
    accept: accept accept4
    access: access faccessat faccessat2
    adjtimex ntp_adjtime: clock_adjtime adjtimex
    arc4random getentropy: getrandom
    chmod: chmod fchmodat fchmodat2
    chown: chown fchownat
    clock: clock_gettime
    closedir mq_close: close
    creat: creat openat open
    daemon fork popen posix_spawn posix_spawnp system vfork: clone clone3 fork vfork
    dlopen: mmap
    dup2: dup2 dup3
    eaccess euidaccess: newfstatat faccessat2
    epoll_create: epoll_create epoll_create1
    epoll_wait: epoll_wait epoll_pwait
    eventfd: eventfd2
    execl execle execlp execv execvp execvpe: execve
    faccessat: faccessat faccessat2
    fchmodat: fchmodat fchmodat2 openat
    fexecve: execveat
    fopen freopen mkstemp open opendir openpty posix_openpt sem_open shm_open tmpfile: openat open
    fpathconf fstatvfs: fstatfs
    fstat: newfstatat fstat statx
    fstatat: newfstatat fstatat64 statx
    futimens futimes lutimes: utimensat
    futimesat: utimensat futimesat
    getaddrinfo gethostbyname getifaddrs if_nametoindex syslog vsyslog: socket
    getdents64 readdir scandir: getdents64
    getdomainname gethostname: uname
    getloadavg: sysinfo
    getrlimit: prlimit64 getrlimit
    grantpt isatty ptsname sockatmark tcgetattr tcgetpgrp tcsetattr tcsetpgrp ttyname unlockpt: ioctl
    initgroups: setgroups
    inotify_init: inotify_init inotify_init1
    kill killpg: kill
    klogctl: syslog
    lchmod: openat fchmodat2
    lchown: lchown fchownat
    link: link linkat
    lockf: fcntl
    lstat: newfstatat lstat statx fstatat64
    mkdir mkdtemp: mkdir mkdirat
    mkfifo mknod: mknod mknodat
    mkfifoat: mknodat
    mlock2: mlock mlock2
    mq_getattr mq_setattr: mq_getsetattr
    mq_receive: mq_timedreceive
    mq_send: mq_timedsend
    nanosleep sleep usleep: clock_nanosleep nanosleep
    nice: setpriority
    pathconf statvfs: statfs
    pause: pause ppoll
    pipe: pipe pipe2
    poll: poll ppoll
    posix_fadvise: fadvise64
    posix_fallocate: fallocate
    posix_madvise: madvise
    pselect: pselect6
    pthread_create thrd_create: clone clone3
    pthread_setaffinity_np: sched_setaffinity
    pthread_setname_np: prctl
    pthread_setschedparam: sched_setscheduler
    pthread_sigmask sigblock sighold sigprocmask: rt_sigprocmask
    pthread_yield: sched_yield
    readlink realpath: readlink readlinkat
    recv: recvfrom
    remove shm_unlink unlink: unlink unlinkat
    rename: rename renameat renameat2
    renameat renameat2: renameat renameat2
    rewinddir seekdir: lseek
    rmdir: rmdir unlinkat
    sbrk: brk
    select: select pselect6
    semop: semop semtimedop
    send: sendto
    setegid: setresgid
    seteuid: setresuid
    setpgrp: setpgid
    setrlimit: prlimit64 setrlimit
    settimeofday: clock_settime settimeofday
    sigaction siginterrupt signal: rt_sigaction
    signalfd: signalfd4
    sigpending: rt_sigpending
    sigqueue: rt_sigqueueinfo
    sigsuspend: rt_sigsuspend
    sigtimedwait sigwait sigwaitinfo: rt_sigtimedwait
    stat: newfstatat stat statx fstatat64
    stime: clock_settime stime
    symlink: symlink symlinkat
    ualarm: setitimer
    umount: umount2
    utime: utimensat utime
    utimes: utimensat utimes
    wait wait3: wait4
    waitpid: wait4 waitid
    """
)
"""By a function, the calls of which it may make any, the likeliest first.

As measured with strace and glibc 2.36 on x86-64, and the calls that older libraries and other architectures have in
their place. Of a function that makes several, it is the one that no other function stands for.
"""
