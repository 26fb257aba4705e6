"""What a script that loads whole models does, for timing side by side: PyTorch on every core, float64 for a transfer.

  python3 whole_models.py transfer FINETUNED BASE TARGET OUT      # files of weights
  python3 whole_models.py diff A B

Needs torch and safetensors. `diff` takes per tensor both norms, the norm and the largest magnitude of Δ, the scalar product
and the number of changed elements, and nothing else that `model-rebase diff` takes.
"""
import os
import sys

import torch
from safetensors.torch import load_file, save_file


def transfer(finetuned, base, target, out):
    tuned, start, result = load_file(finetuned), load_file(base), load_file(target)
    for name, tensor in result.items():
        result[name] = (tensor.double() + (tuned[name].double() - start[name].double())).to(tensor.dtype)
    save_file(result, out, metadata={"format": "pt"})


def diff(a, b):
    before, after = load_file(a), load_file(b)
    for name, tensor in before.items():
        x, y = tensor.float().flatten(), after[name].float().flatten()
        delta = y - x
        values = (x.norm(), y.norm(), delta.norm(), delta.abs().max(), torch.dot(x, y), (delta != 0).sum())
        print(name, *(value.item() for value in values))


torch.set_num_threads(os.cpu_count())
{"transfer": transfer, "diff": diff}[sys.argv[1]](*sys.argv[2:])
