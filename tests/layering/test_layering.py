#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows that layering.py finds each kind of fault."""

import tempfile
import unittest
from pathlib import Path

import layering

HEAD = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


class Layering(unittest.TestCase):
    def faults_of(self, name: str, text: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            return layering.faults(Path(folder))

    def test_accepts_what_follows_the_arrows(self):
        for name, include in [
            ("importers/core/a.h", '"models/core/error.h"'),
            ("charts/core/a.h", '"models/core/error.h"'),
            ("app/cli/a.cpp", '"importers/core/importer.h"'),
            ("app/cli/a.cpp", '"app/report/a.h"'),
            ("app/pages/a.cpp", '"app/report/a.h"'),
            ("app/pages/a.cpp", "<QPainter>"),
            ("models/core/a.h", "<QString>"),
            ("models/views/a.cpp", "<QAbstractItemModel>"),
            ("charts/core/a.cpp", "<QWidget>"),
        ]:
            self.assertEqual(self.faults_of(name, f"{HEAD}#include {include}\n"), [], name)

    def test_refuses_what_goes_against_the_arrows(self):
        for name, include in [
            ("models/core/a.h", '"importers/core/importer.h"'),
            ("models/core/a.h", '"charts/core/axis.h"'),
            ("importers/core/a.cpp", '"charts/core/axis.h"'),
            ("importers/core/a.cpp", '"app/cli/a.h"'),
            ("charts/core/a.cpp", '"importers/core/importer.h"'),
            ("app/cli/a.cpp", '"tests/support/test.h"'),
            ("app/cli/a.cpp", '"../shell/window.h"'),
            ("app/cli/a.cpp", '"app/pages/a.h"'),
            ("app/report/a.cpp", '"charts/core/axis.h"'),
            ("app/main.cpp", "<QApplication>"),
            ("models/core/a.h", "<QWidget>"),
            ("models/core/a.h", "<QtGui/QImage>"),
            ("importers/core/a.cpp", "<QGuiApplication>"),
        ]:
            found = self.faults_of(name, f"{HEAD}#include {include}\n")
            self.assertEqual(len(found), 1, f"{name} {include} {found}")
            self.assertTrue(found[0].startswith(f"{name}:2: "), found[0])

    def test_refuses_long_files(self):
        self.assertEqual(self.faults_of("models/core/a.h", HEAD + "\n" * (layering.MOST_LINES - 1)), [])
        self.assertEqual(len(self.faults_of("models/core/a.h", HEAD + "\n" * layering.MOST_LINES)), 1)

    def test_refuses_files_without_licence(self):
        self.assertEqual(len(self.faults_of("models/core/a.h", "#pragma once\n")), 1)
        self.assertEqual(len(self.faults_of("resources/signatures/a.yaml", "[]\n")), 1)
        self.assertEqual(self.faults_of("tests/data/x/a.yaml", "[]\n"), [])


if __name__ == "__main__":
    unittest.main()
