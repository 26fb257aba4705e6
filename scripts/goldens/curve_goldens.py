"""Scores combinations of samples/ the long way: each written by `model-rebase`, loaded and scored with transformers.

  node scripts/build.mjs
  python3 scripts/goldens/curve_goldens.py      # with samples/requirements.txt installed; about a minute

Writes test/goldens/curve/expected.json: for every combination and text the summed negative log-likelihood of each of the
first windows (BOS and 255 tokens, as in samples/README.md), in float32 from the stored BF16 weights.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
CLI = ROOT / "dist" / "cli.js"
OUT = ROOT / "test" / "goldens" / "curve" / "expected.json"
WINDOW = 256
WINDOWS = 10
TEXTS = ("french", "python")
MODELS = {"b1": "base-1", "b2": "base-2", "f1": "finetuned-1"}


def combinations() -> dict[str, str]:
    line = {f"interpolate {a}": f"b1 + {a}·(b2 − b1)" for a in (0, 0.25, 0.5, 0.75, 1)}
    sweep = {f"sweep {a}": f"b2 + {a}·(f1 − b1)" for a in (0, 0.5, 1, 1.5)}
    moved = {f"transferred {a}": f"f1 + {a}·(b2 − b1)" for a in (0, 0.5, 1)}
    return {**line, **sweep, **moved}


def windows(text: str) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(SAMPLES / "base-1" / "tokenizer.json"))
    ids = tokenizer.encode((SAMPLES / "text" / f"{text}.txt").read_text("utf-8"), add_special_tokens=False).ids
    bos = tokenizer.token_to_id("<s>") if tokenizer.token_to_id("<s>") is not None else 0
    step = WINDOW - 1
    return [[bos, *ids[start : start + step]] for start in range(0, WINDOWS * step, step)]


def write_checkpoint(formula: str, out: Path) -> None:
    models = [option for name, folder in MODELS.items() for option in ("--model", f"{name}={SAMPLES / folder}") if name in formula]
    subprocess.run(["node", CLI, "combine", formula, *models, "--out", out], check=True, stdout=subprocess.DEVNULL)


@torch.no_grad()
def losses(folder: Path, sequences: list[list[int]]) -> list[float]:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokens = torch.tensor(sequences)
    log_probabilities = torch.log_softmax(model(tokens).logits[:, :-1].double(), dim=-1)
    chosen = log_probabilities.gather(-1, tokens[:, 1:, None]).squeeze(-1)
    return (-chosen.sum(dim=-1)).tolist()


def main() -> None:
    expected: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as work:
        for label, formula in combinations().items():
            folder = Path(work) / label.replace(" ", "-")
            write_checkpoint(formula, folder)
            expected[label] = {text: [round(nats, 6) for nats in losses(folder, windows(text))] for text in TEXTS}
            print(label, {text: round(sum(nats) / (WINDOWS * (WINDOW - 1)), 4) for text, nats in expected[label].items()})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"window": WINDOW, "windows": WINDOWS, "scores": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main()
