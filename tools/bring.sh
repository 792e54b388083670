# Sourced by ./run and ./test. Brings what a machine with bash, git and any Python ≥ 3.8 with pip does not have: uv (into .tools/),
# a fitting Python and the locked packages (into .venv/). Called twice, it finds what it brought.

export UV_PROJECT_ENVIRONMENT="$house/.venv"
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME
unset PYTHONDONTWRITEBYTECODE # without compiled files every start of the program costs 1.6 s of a core more
# Behind a proxy that signs everything itself the machine knows its certificate, and uv must ask the machine.
if [ -s /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS-1}"
fi

refuse() {
    printf '%s\n' "$*" >&2
    exit 3
}

# A shim of pyenv may stand on PATH and yet say «command not found»: only an answer counts. Older ones do not know our pins.
uv_fits() {
    local said
    said=$("$1" --version 2>/dev/null) || return 1
    said=${said#uv }
    local major=${said%%.*} rest=${said#*.}
    case "$major$(printf %s "${rest%%.*}")" in *[!0-9]* | '') return 1 ;; esac
    [ "$major" -gt 0 ] || [ "${rest%%.*}" -ge 8 ]
}

python_with_pip() {
    local python
    for python in python3 python python3.13 python3.12 python3.11 python3.10 python3.9 python3.8; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 &&
            "$python" -m pip --version >/dev/null 2>&1; then
            printf %s "$python"
            return 0
        fi
    done
    return 1
}

bring_uv() {
    local own="$house/.tools/uv" python
    for uv in uv "$own/bin/uv"; do
        uv_fits "$uv" && return 0
    done
    python=$(python_with_pip) ||
        refuse "Нужен uv или Python 3.8 и новее с pip. Debian и Ubuntu: apt-get install python3-pip"
    rm -rf "$own.new"
    "$python" -m pip install -qq --disable-pip-version-check --no-input --no-warn-script-location \
        --target "$own.new" uv >&2 || refuse "Не удалось получить uv: $python -m pip install uv. Проверьте доступ к пакетам."
    rm -rf "$own"
    mv "$own.new" "$own"
    uv="$own/bin/uv"
    uv_fits "$uv" || refuse "Полученный uv не работает на этой машине: $uv --version"
}

# uv looks on PATH and brings a Python of its own where none fits; one of pyenv that is not selected it does not see.
find_python() {
    local python
    "$uv" python find >/dev/null 2>&1 && return 0
    for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$(cat .python-version)"*/bin/python; do
        if [ -x "$python" ]; then
            export UV_PYTHON="$python"
            return 0
        fi
    done
    return 0
}
