#!/bin/sh
# Sets a machine up from an unpacked bundle, without a network: sh setup.sh [FOLDER FOR THE PROGRAM]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${1:-$HOME/.local/share/seccomp-workshop/program}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/seccomp-workshop
say() { echo "$*" >&2; }

say "Checking the bundle ..."
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { say "The bundle is damaged: get it again."; exit 1; }

missing=
for program in dockerd docker; do command -v $program >/dev/null || [ -x /usr/sbin/$program ] || missing="$missing $program"; done
[ "$(id -u)" = 0 ] || for program in rootlesskit newuidmap; do command -v $program >/dev/null || missing="$missing $program"; done
python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
  say "Missing:$missing"
  if [ ! -d "$here/packages" ]; then
    say "This bundle has no packages: install them with the machine's own tools, then run this again."; exit 3
  fi
  root=; [ "$(id -u)" = 0 ] || root=sudo
  say "Installing, from the bundle alone: $(cat "$here/packages/wanted")"
  if [ -n "$root" ] && ! command -v sudo >/dev/null; then
    say "Only an administrator can do that: sh $here/packages/install.sh"; exit 3
  fi
  $root sh "$here/packages/install.sh"
fi

if [ -d "$here/wheels" ]; then
  say "Installing the program into $venv ..."
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --force-reinstall --no-deps "$here"/wheels/*.whl
fi

for image in "$here"/image/*.tar.gz; do
  [ -e "$image" ] || continue
  mkdir -p "$cache"
  name=$(basename "$image" .gz)
  [ ! -e "$cache/$name" ] || continue
  gzip -dc "$image" >"$cache/.$name.new" || {
    rm -f "$cache/.$name.new"
    say "The image cannot be unpacked into $cache: see what stands above, make room there, then run this again."; exit 1
  }
  mv "$cache/.$name.new" "$cache/$name"
done

program=$venv/bin/workshop
[ -x "$program" ] || program=$(command -v workshop) || program=
for workshop in "$here"/workshops/*; do
  [ -d "$workshop" ] || continue
  [ -n "$program" ] && "$program" install "$workshop" ||
    say "Not installed yet. When you have read what it runs: ${program:-workshop} install $workshop"
done
if [ -n "$program" ]; then
  say "Done. Next: $program doctor, then $program"
else
  say "Done, but this bundle does not have the program: make one with it, or install it by other means."
fi
