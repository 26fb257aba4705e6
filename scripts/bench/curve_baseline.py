"""The usual way to a curve between two checkpoints, for timing side by side: merge, write, load and score each point.

  python3 curve_baseline.py A B OUT --text FILE --points 11 [--merge-dtype float64|float32] [--score-dtype bfloat16|float32]

Needs torch, transformers and safetensors. For each α both state dicts are loaded, interpolated tensor by tensor and saved to
OUT in the dtype they had; then transformers loads OUT and scores the text in one window. Prints JSON: the loss of each point
in nats per token, and seconds of each step.
"""
import argparse
import json
import os
import shutil
import time

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

WEIGHTS = "model.safetensors"


def merge(a, b, alpha, dtype, out):
    first = load_file(os.path.join(a, WEIGHTS))
    second = load_file(os.path.join(b, WEIGHTS))
    for name, tensor in first.items():
        first[name] = torch.lerp(tensor.to(dtype), second[name].to(dtype), alpha).to(tensor.dtype)
    save_file(first, os.path.join(out, WEIGHTS), metadata={"format": "pt"})


def score(folder, tokens, dtype):
    model = LlamaForCausalLM.from_pretrained(folder, dtype=dtype)
    with torch.inference_mode():
        logits = model(tokens).logits[0, :-1].float()
    return torch.nn.functional.cross_entropy(logits, tokens[0, 1:]).item()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("a")
    ap.add_argument("b")
    ap.add_argument("out")
    ap.add_argument("--text", required=True)
    ap.add_argument("--points", type=int, default=11)
    ap.add_argument("--threads", type=int, default=os.cpu_count())
    ap.add_argument("--score-dtype", choices=["bfloat16", "float32"], default="bfloat16")
    ap.add_argument("--merge-dtype", choices=["float32", "float64"], default="float64")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.out, exist_ok=True)
    shutil.copy(os.path.join(args.a, "config.json"), args.out)
    text = open(args.text, encoding="utf8").read()
    tokens = torch.tensor([Tokenizer.from_file(os.path.join(args.a, "tokenizer.json")).encode(text).ids])
    points, seconds = [], {"merge and save": 0.0, "load and score": 0.0}
    for i in range(args.points):
        alpha = 0.5 if args.points == 1 else i / (args.points - 1)
        started = time.perf_counter()
        merge(args.a, args.b, alpha, getattr(torch, args.merge_dtype), args.out)
        merged = time.perf_counter()
        points.append({"alpha": alpha, "loss": score(args.out, tokens, getattr(torch, args.score_dtype))})
        seconds["merge and save"] += merged - started
        seconds["load and score"] += time.perf_counter() - merged
    print(json.dumps({"tokens": tokens.shape[1], "points": points, "seconds": seconds}))


main()
