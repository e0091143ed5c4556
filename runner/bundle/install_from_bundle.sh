#!/bin/sh
# Run as root: installs the engine's packages from this folder alone. No service is started or enabled.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
mkdir -p "$own/lists/partial"
# apt reads the packages as a user of its own, who may not see where the bundle was unpacked.
cp -r "$here" "$own/packages"
chmod -R a+rX "$own"
echo "deb [trusted=yes] file:$own/packages ./" >"$own/sources.list"
cat >"$own/apt.conf" <<CONF
Dir::Etc::sourcelist "$own/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$own/lists";
Acquire::Languages "none";
CONF
export APT_CONFIG="$own/apt.conf"
apt-get --quiet=2 update
sh "$here/install_packages.sh" $(cat "$here/wanted")
