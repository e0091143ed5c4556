#!/bin/sh
# Run as root with the names of Debian packages: installs them without starting, restarting or enabling any service.
# Services that run already go on as they are, and what is installed already is not removed for it.
set -eu
policy=/usr/sbin/policy-rc.d
aside=$policy.before-workshop

enabled() {
  find /etc/systemd/system /etc/rc[0-9S].d -type l \( -path '*.wants/*' -o -path '*.requires/*' -o -name 'S[0-9]*' \) \
    2>/dev/null | sort
}

restore() {
  if [ -e "$aside" ]; then mv -f "$aside" "$policy"; else rm -f "$policy"; fi
}

before=$(enabled)
# Debian's packages ask this program whether they may start a service. It says no to nobody but this installation,
# so that it would do no harm if it were left.
grep -qs SECCOMP_WORKSHOP_INSTALLS "$policy" || [ ! -e "$policy" ] || mv "$policy" "$aside"
trap restore EXIT
trap 'exit 1' HUP INT TERM
cat >"$policy" <<POLICY
#!/bin/sh
[ -z "\${SECCOMP_WORKSHOP_INSTALLS:-}" ] || exit 101
[ ! -x $aside ] || exec $aside "\$@"
POLICY
chmod 755 "$policy"

export SECCOMP_WORKSHOP_INSTALLS=1 DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
# Upgrades that begin by themselves hold the lock for minutes after a machine has started.
apt-get install --option DPkg::Lock::Timeout=600 --yes --no-install-recommends --no-remove "$@"

enabled | while read -r link; do
  case "
$before
" in *"
$link
"*) continue ;; esac
  name=${link##*/}
  case $link in
    /etc/systemd/*) systemctl --quiet disable "$name" || rm -f "$link" ;;
    *) update-rc.d "${name#S[0-9][0-9]}" disable >/dev/null 2>&1 || true ;;
  esac
done
