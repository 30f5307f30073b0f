#!/usr/bin/env bash
# The README's two commands on a bare machine: a Debian 12 tree with nothing but git and ca-certificates, into which
# the committed state of this project is cloned. Needs root, debootstrap and a Debian mirror in apt's configuration.
#
#   tests/bare-machine.sh [--keep] [--quick] [FOLDER]
#
# FOLDER (default: a new one in TMPDIR) is where the tree is made; an existing tree in it is used again, with whatever
# an earlier run installed. --keep leaves it there. --quick passes --quick to ./dev test. CLOCHE_SHARED_DIR names the
# folder with the specification's tests (default: ../shared beside the project), which is put beside the clone.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
shared=${CLOCHE_SHARED_DIR:-$project/../shared}
keep="" quick=() tree=""
for argument in "$@"; do
  case $argument in
    --keep) keep=1 ;;
    --quick) quick=(--quick) ;;
    -*) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    *) tree=$argument ;;
  esac
done
[ "$(id -u)" -eq 0 ] || { echo "bare-machine: needs root" >&2; exit 1; }

# The mirror this machine uses itself.
# shellcheck disable=SC2016  # apt expands these itself
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
  awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || { echo "bare-machine: apt knows no mirror of bookworm main" >&2; exit 1; }

tree=${tree:-$(mktemp -d)/bookworm}
mounted=()
leave() {
  local place
  for place in "${mounted[@]}"; do umount -l "$place" || true; done
  [ -n "$keep" ] || rm -rf --one-file-system "$tree"
}
trap leave EXIT

if [ ! -x "$tree/usr/bin/git" ]; then
  debootstrap --variant=minbase --include=git,ca-certificates bookworm "$tree" "$mirror" >"${tree%/*}/debootstrap.log" ||
    { tail -n 30 "${tree%/*}/debootstrap.log" >&2; exit 1; }
fi
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
apt-config dump | grep -E '^Acquire::.*Proxy' >"$tree/etc/apt/apt.conf.d/00proxy" || true
mkdir -p "$tree/house"
rm -rf "$tree/house/cloche"
git clone -q --no-hardlinks "$project" "$tree/house/cloche"
attach() {  # attach SOURCE PLACE OPTIONS…
  local source=$1 place=$2
  shift 2
  mkdir -p "$place"
  mount "$@" "$source" "$place"
  mounted=("$place" "${mounted[@]}")
}
attach proc "$tree/proc" -t proc
attach devpts "$tree/dev/pts" -t devpts
if [ -d "$shared" ]; then attach "$(readlink -f "$shared")" "$tree/house/shared" --bind; fi

inside() {
  env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
    chroot "$tree" sh -c "cd /house/cloche && $*" </dev/null
}
answer=$(inside ./dev run examples/stack-heap.wat --invoke compute)
echo "compute gives $answer"
[ "$answer" = 19 ]
inside ./dev test "${quick[@]}"
