# Every target is a few plain lines. PYTHON chooses the interpreter that makes the environment, .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run demo test torture soak fuzz lint man dist dist-test docs picture pictures catalogues format bench lock clean systemd-test \
  new-user container-test completion-test shells debootstrap dovecot install upgrade release uninstall browser-test chromium

run: $(VENV)/ready             ## one check with ./watch.toml, or with the starter configuration where there is none
	@test -f watch.toml || $(BIN)/watch init .
	$(BIN)/watch --once

demo: $(VENV)/ready            ## July 2025 replayed on a loopback web site; needs no network
	$(BIN)/watch demo

# What is compiled is kept, whatever the environment says: some hundred processes would compile all of the program again.
test: $(VENV)/dev dovecot      ## all tests, in six processes; PYTEST="-m quick": those that take no minute; PYTEST="-n 0": in one
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder $(PYTEST)

test-%:                       ## the same by another Python, in an environment of its own: make test-python3.13 PYTEST=tests/state
	$(MAKE) test PYTHON=$* VENV=.venv-$*

torture: $(VENV)/dev dovecot   ## kills, full disks, bad wires: tables of expected and seen; minutes; STATE=postgres FAULTS="kill reload"; SEEDS=20 STEPS=100 of FAULTS=model
	$(BIN)/python tests/torture/run.py --state $(or $(STATE),sqlite) $(FAULTS)

soak: $(VENV)/dev              ## 500 sources for 20 minutes under random faults and kills; SOAK="--minutes 4"
	$(BIN)/python tests/torture/soak.py $(SOAK)

fuzz: $(VENV)/dev              ## each reader, and each unit of the core, for FUZZ_SECONDS (300), two at a time; FUZZ="csv matcher"
	$(BIN)/python -m tests.fuzz $(FUZZ)

bench: $(VENV)/dev             ## what a check costs, beside bare httpx; BENCH="unchanged --sources 1000": docs/performance.md
	$(BIN)/python -m tests.bench $(BENCH)

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/picture.py --check
	$(BIN)/python .ci/manpage.py --check
	$(BIN)/python .ci/catalogues.py --check
	$(BIN)/python .ci/audit.py requirements.txt

man: $(VENV)/dev               ## write the man page and the completion scripts, which are made of the parser
	$(BIN)/python .ci/manpage.py

catalogues: $(VENV)/dev        ## bring alerts/locale up to date with the sentences of code and templates, and compile it
	$(BIN)/python .ci/catalogues.py

picture: $(VENV)/dev           ## draw the packages and their imports into docs/design.md
	$(BIN)/python .ci/picture.py

pictures: $(VENV)/browser chromium ## write docs/messages.md, and draw its mails and the desk
	$(BIN)/python .ci/pictures.py

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

dist: $(VENV)/dev              ## the wheel, the source archive, their hashes and parts, in dist/; RELEASE=1 fails where no audit could be made
	for file in requirements.txt requirements-postgres.txt; do \
	  $(BIN)/python .ci/audit.py $$file $(if $(RELEASE),--release) || exit 1; done
	rm -rf dist
	SOURCE_DATE_EPOCH=1577836800 $(BIN)/python -m hatchling build
	$(BIN)/python .ci/sbom.py requirements.txt dist/registry-watch.cdx.json
	cd dist && sha256sum *.whl *.tar.gz *.cdx.json > SHA256SUMS && cat SHA256SUMS

dist-test: dist              ## in a clean folder and environment: the quick tests from the source archive, the demo from the wheel
	.ci/dist-test

docs: $(VENV)/docs             ## the documents as a web site in site/, which needs no network; every link is checked
	$(BIN)/python .ci/site.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --config-file .ci/mkdocs.yml

$(VENV)/docs: $(VENV)/dev requirements-docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.txt
	@touch $@

$(VENV)/browser: $(VENV)/dev requirements-browser.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.txt
	@touch $@

lock:                        ## pin every dependency by hash, naming no index; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --group dev --extra web pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --constraint requirements-dev.txt --group browser -o requirements-browser.txt
	printf "hatchling\neditables\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --constraint requirements-dev.txt --extra web pyproject.toml - -o requirements.txt
	printf "hatchling\neditables\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --constraint requirements-dev.txt --extra postgres --extra web pyproject.toml - -o requirements-postgres.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --constraint requirements-dev.txt --group docs -o requirements-docs.txt

systemd-test: $(VENV)/dev       ## install, break and upgrade the service in a systemd that is booted for it; as root, 3 minutes
	SYSTEMD_TEST=1 $(BIN)/python -m pytest tests/systemd --ignore tests/systemd/test_new_user.py --timeout 600 $(PYTEST)

new-user: $(VENV)/dev debootstrap   ## the documents typed line by line into a bare Debian: commands and minutes; as root
	SYSTEMD_TEST=1 $(BIN)/python -m pytest tests/systemd/test_new_user.py $(PYTEST)

container-test: $(VENV)/dev debootstrap   ## the image, made and run without a container engine; as root
	CONTAINER_TEST=1 $(BIN)/python -m pytest tests/test_image.py $(PYTEST)

completion-test: $(VENV)/dev shells ## completion in bash, zsh and fish, and the man page
	$(BIN)/python -m pytest tests/watcher/commands/test_completion.py $(PYTEST)

shells:                       ## Debian's packages, which are installed where this runs as root
	@{ command -v zsh && command -v fish && command -v man; } >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends zsh fish man-db; } || \
	  { echo "this needs zsh, fish and man: apt-get install zsh fish man-db"; exit 1; }

debootstrap:                  ## Debian's package, which is installed where this runs as root
	@command -v debootstrap >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends debootstrap; } || \
	  { echo "this needs debootstrap: apt-get install debootstrap"; exit 1; }

# Debian's package, where this runs as root; without it the tests of mailboxes are skipped.
dovecot:
	@PATH="$$PATH:/usr/sbin"; command -v dovecot >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends dovecot-imapd; } || \
	  echo "no Dovecot, so mailboxes are not tried: apt-get install dovecot-imapd"

browser-test: $(VENV)/browser chromium ## the desk in the system's Chromium, at two widths, light and dark; 4 minutes
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile --timeout 300 $(PYTEST)

chromium:                     ## CHROMIUM=PATH, or Debian's package, which is installed where this runs as root
	@test -n "$(CHROMIUM)" || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { test "$$(id -u)" = 0 && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium fonts-dejavu-core; } || \
	  { echo "this needs Chromium: apt-get install chromium, or say where it is: CHROMIUM=PATH"; exit 1; }

# As a service of this machine, as root: docs/operate.md. POSTGRES=1, BROWSER=1, PLUGINS=PACKAGE, SYSTEM_PYTHON=PATH
export POSTGRES BROWSER PLUGINS SYSTEM_PYTHON

install:                      ## /opt/registry-watch, its units, and a first configuration
	systemd/install.sh install

upgrade:                      ## the same from a newer clone; what runs of it is started again
	systemd/install.sh upgrade

release:                      ## the program and its units alone; nothing is started again
	systemd/install.sh release

uninstall:                    ## the program and its units; the state and the configuration stay
	systemd/install.sh uninstall

clean:
	rm -rf .venv .venv-* dist site build .mypy_cache .ruff_cache .pytest_cache
