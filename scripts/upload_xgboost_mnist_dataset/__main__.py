# SPDX-License-Identifier: Apache-2.0
"""Run as a module, as a folder, or as this file."""

from __future__ import annotations

import sys
from pathlib import Path

if not __package__:  # run as a file: the repository is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.upload_xgboost_mnist_dataset.command import main

sys.exit(main())
