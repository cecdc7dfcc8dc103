#!/bin/sh
# Runs a command on this machine's root with an overlay above it, which keeps what changes, in a mount namespace of its own.
#   unshare --mount sh overlay.sh DIR SEEN COMMAND...
# DIR is a folder for the overlay, SEEN one that the command sees, too.
set -eu
dir=$1 seen=$2
shift 2
mount --make-rprivate /
mkdir -p "$dir/upper" "$dir/work" "$dir/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
cd "$dir/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p ".$seen"
mount --bind "$seen" ".$seen"
exec chroot . "$@"
