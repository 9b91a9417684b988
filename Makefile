# Every target is a task of make.py, which needs nothing but Python: without make, "python3 make.py TASK".
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do "$$p" -c "" 2>/dev/null && { echo "$$p"; break; }; done)

help:  ## list the tasks
	@$(if $(PYTHON),,echo "Python 3.11, 3.12 or 3.13 is needed / se necesita Python 3.11, 3.12 o 3.13" >&2; exit 3;) "$(PYTHON)" make.py help

report test app lab lab-test bench coverage mutation lowest audit docs lock:
	@$(if $(PYTHON),,echo "Python 3.11, 3.12 or 3.13 is needed / se necesita Python 3.11, 3.12 o 3.13" >&2; exit 3;) "$(PYTHON)" make.py $@

.PHONY: help report test app lab lab-test bench coverage mutation lowest audit docs lock
