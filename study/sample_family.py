"""samples/train.py as the module `samples`: it has the same name as the study's own script."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

STUDY = Path(__file__).resolve().parent
SAMPLES = STUDY.parent / "samples"


def import_samples() -> ModuleType:
    """samples/train.py as a module: it has the same name as this file."""
    spec = importlib.util.spec_from_file_location("samples_train", SAMPLES / "train.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


samples = import_samples()
