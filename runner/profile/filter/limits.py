"""The kernel's limits of a filter."""

MAX_INSTRUCTIONS = 4096
"""BPF_MAXINSNS of include/uapi/linux/bpf_common.h."""
