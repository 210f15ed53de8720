#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that the sources keep the rules that no compiler checks.

usage: layering.py CHECKOUT

- an #include goes along the arrows: models <- importers, models <- charts, all <- app;
- the command (app/analysis, batch, cli and report) knows nothing else of app, and no charts;
- models, importers and the command never see Qt Gui, Qt Widgets or Qt Charts;
- no source is longer than 700 lines;
- every source has its SPDX line.
"""

import re
import sys
from pathlib import Path

LAYERS = {
    "models": {"models"},
    "importers": {"models", "importers"},
    "charts": {"models", "charts"},
    "command": {"models", "importers", "command"},
    "app": {"models", "importers", "charts", "command", "app"},
}
COMMAND = ("app/analysis/", "app/batch/", "app/cli/", "app/report/", "app/main.cpp")
WITHOUT_GUI = {"models", "importers", "command"}
GUI = re.compile(
    r"<(QtGui|QtWidgets|QtCharts|QtSvg)\b|"
    r"<Q(Gui\w*|Application|Widget|MainWindow|Dialog\w*|Painter\w*|Pixmap|Image|Icon|Color|Font\w*|Brush|Pen|Action|Chart\w*)>"
)
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<][^">]+[">])')
MOST_LINES = 700
SOURCES = {".cpp", ".h", ".py", ".sh", ".cmake", ".yaml", ".xml"}
NAMED_SOURCES = {"CMakeLists.txt", "dev", "run", ".clang-format", ".clang-tidy", ".editorconfig"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
LEFT_OUT = ("build/", ".git/", ".cache/", "tests/data/", "resources/samples/")


def sources(checkout: Path):
    """Every source file of the checkout, with its path from the top."""
    for top in sorted(checkout.iterdir()):
        for path in sorted(top.rglob("*")) if top.is_dir() and top.name not in ("build", ".git", ".cache") else [top]:
            name = path.relative_to(checkout).as_posix()
            if name.startswith(LEFT_OUT) or not path.is_file():
                continue
            if path.suffix in SOURCES or path.name in NAMED_SOURCES:
                yield path, name


def layer_of(name: str) -> str:
    return "command" if name.startswith(COMMAND) else name.split("/")[0]


def include_fault(layer: str, included: str) -> str | None:
    """Why a file of this layer must not include this, or None."""
    target = layer_of(included[1:])
    if included.startswith('"') and included.startswith('".'):
        return "write includes from the repository's root"
    if target in LAYERS and target not in LAYERS[layer]:
        return f"{layer} must not know {target}"
    if target == "tests":
        return "the program must not know its tests"
    if layer in WITHOUT_GUI and GUI.match(included):
        return f"{layer} must do without Qt Gui"
    return None


def faults(checkout: Path) -> list[str]:
    found = []
    for path, name in sources(checkout):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        head = "\n".join(lines[:6])
        if SPDX not in head:
            found.append(f"{name}:1: no line '{SPDX}' on top")
        if len(lines) > MOST_LINES:
            found.append(f"{name}:{len(lines)}: longer than {MOST_LINES} lines: it holds two ideas")
        layer = layer_of(name)
        if layer not in LAYERS or path.suffix not in (".cpp", ".h"):
            continue
        for number, line in enumerate(lines, 1):
            include = INCLUDE.match(line)
            fault = include_fault(layer, include[1]) if include else None
            if fault:
                found.append(f"{name}:{number}: {fault}: {line.strip()}")
    return found


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = faults(Path(sys.argv[1]))
    print("\n".join(found) or "No fault found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
