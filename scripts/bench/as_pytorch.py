"""The same weights as PyTorch saves them: `as_pytorch.py FOLDER/model.safetensors OTHER/pytorch_model.bin`."""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

source, target = map(Path, sys.argv[1:])
target.parent.mkdir(parents=True, exist_ok=True)
torch.save(load_file(source), target)
