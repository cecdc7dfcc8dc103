#!/bin/sh
printf "<%s>\n" "$@"
pwd
if [ "${1:-}" = exit ]; then exit "$2"; fi
