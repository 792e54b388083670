#!/usr/bin/env bash
# Bring Dovecot for the tests of mailboxes: packages of Debian unpacked into a folder, nothing installed, no root needed.
set -eu
target=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/opora/dovecot}
if command -v dovecot >/dev/null || [ -x "$target/usr/sbin/dovecot" ]; then exit 0; fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download dovecot-core dovecot-imapd >/dev/null 2>&1
mkdir -p "$target"
for package in ./*.deb; do dpkg-deb -x "$package" "$target"; done
