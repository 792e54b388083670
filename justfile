# What we do every day. `just` alone lists it.

_list:
    @just --list --unsorted

# the whole house on this machine
up *arguments:
    ./run {{ arguments }}

# every check and every test, or only pytest with these arguments
test *arguments:
    ./test {{ arguments }}

# what CI runs
check:
    ./.ci/run

# format and mend what can be mended
fix:
    uv run --group dev ruff check --fix .
    uv run --group dev ruff format .

# pins of pyproject.toml → requirements.lock with hashes
lock:
    uv lock
    uv export --frozen --all-groups --no-emit-project --no-header --format requirements-txt > requirements.lock

# docs/settings.md from config/environment.py
settings:
    uv run opora settings --markdown > docs/settings.md

# invented people into the database of the data folder
seed scale="1":
    uv run opora simulate people --scale {{ scale }}
