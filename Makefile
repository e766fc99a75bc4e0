# One word per task; the work itself is in bin/prepare.py, in plain Python.

MAKEFLAGS += --no-print-directory --silent
ARGS ?=

# The first Python that is new enough, and first of all the one of an earlier set-up, because it starts
# fastest; a name that is there but does not start counts for nothing.
ifndef PYTHON
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for p in .venv/bin/python python3.13 python3.12 python3.11 python3; do \
	"$$p" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo "$$p" && break; done)
endif

WORDS := run test lint bench stream pictures texts services lock clean
.PHONY: help $(WORDS)

help:  ## show this list
	sed -n 's/^\([a-z]*\):  *## \(.*\)/  make \1\t\2/p' Makefile

run:  ## set up if needed, then serve on http://127.0.0.1:8000 (PORT=, HOST=)
test:  ## every check and every test (ARGS="-k word" runs a part of the tests)
lint:  ## style and types only
bench:  ## measure, print tables, write bench/results.json (ARGS=)
stream:  ## a livestream on this machine for rehearsals, up to four hours (ARGS="--file film.mp4 --seconds 600")
pictures:  ## draw the pictures of the documents (ARGS=)
texts:  ## bring the English catalogue up to date with the texts of the source
services:  ## as root, install Chromium, PostgreSQL, Redis, nginx and ffmpeg for the tests
lock:  ## lock the requirements again (ARGS=--upgrade for newer versions)
clean:  ## remove what set-up and tests made; instance/ with its data stays

$(WORDS):
ifeq ($(PYTHON),)
	echo 'Cần Python 3.11 trở lên, máy này chưa có: hãy cài (Debian, Ubuntu: `sudo apt-get install python3 python3-venv`) rồi chạy lại.' >&2
	echo 'Python 3.11 or newer is needed and not here: install it (Debian, Ubuntu: `sudo apt-get install python3 python3-venv`), then repeat.' >&2
	exit 1
else
	exec $(PYTHON) bin/prepare.py $@ $(ARGS)
endif
