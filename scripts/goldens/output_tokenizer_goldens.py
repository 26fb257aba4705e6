"""Writes test/goldens/output-tokenizers.json.gz: tokenizer files of small families, and the ids that transformers gives to the tokens of their transfers.

    pip install transformers==5.24.0 safetensors numpy
    python scripts/goldens/output_tokenizer_goldens.py DIST/cli.js

Each case has the files and the number of rows of a base, a fine-tune and a target; the fine-tune adds tokens through one file or another, renames
special tokens, or has rows that no file names. The transfer is written by the given build, and `ids` has the vocabulary that
`AutoTokenizer` reads of each model and of the output. Rows are numbers that tell version and row, so this script also checks, before it writes
anything, that every row of the output is the one that its token wants, and that a transfer onto the base itself is the fine-tune.
"""
import gzip
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy as np
import transformers
from safetensors.numpy import load_file, save_file
from transformers import AutoTokenizer

logging.disable(logging.WARNING)
ROOT = Path(__file__).resolve().parents[2]
SEED, COUNT = 20261128, 120
WORDS = ["<unk>", "<s>", "</s>", "a", "b", "ab", "▁", "▁a"]
FIRST_ROW = {"target": 1000, "finetuned": 2000, "base": 3000}


def entry(content):
    return dict(content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)


def tokenizer(words, added):
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False,
             "byte_fallback": False, "ignore_merges": False, "vocab": {word: id for id, word in enumerate(words)}, "merges": ["a b"]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [{"id": id, **entry(content)} for content, id in added],
            "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model}


def family(rng):
    kind = rng.choice(["PreTrainedTokenizerFast", "LlamaTokenizer"])
    roles = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    reserved = rng.choice([0, 2, 3])
    added = [(word, id) for id, word in enumerate(WORDS[:3])] + [(f"<|reserved_{i}|>", len(WORDS) + i) for i in range(reserved)]
    size = len(WORDS) + reserved
    base = dict(rows=size + rng.choice([0, 0, 3, 8]), files={"tokenizer.json": tokenizer(WORDS, added), "tokenizer_config.json": {**roles, "tokenizer_class": kind}})
    target = base if rng.random() < 0.3 else other_target(rng, added, size, roles)
    return dict(base=base, finetuned=fine_tune(rng, added, size, base["rows"], roles), target=target)


def fine_tune(rng, added, size, base_rows, roles):
    added = list(added)
    for place, name in ((3, "<|im_start|>"), (4, "<|im_end|>")):
        if len(added) > place and rng.random() < 0.5:
            added[place] = (name, added[place][1])
    known = [content for content, _ in added]
    how = rng.choice(["tokenizer.json", "added_tokens_decoder", "added_tokens.json", "extra_special_tokens", "several", "none"])
    names = [] if how == "none" else [name for name in rng.sample(["<|im_start|>", "<|im_end|>", "[PAD]", "<tool>"], rng.randint(1, 3)) if name not in known]
    new = [(name, size + i) for i, name in enumerate(names)]
    config, files = {**roles, "tokenizer_class": rng.choice(["PreTrainedTokenizerFast", "LlamaTokenizer"])}, {}
    if how == "tokenizer.json":
        added += new
    elif how == "several":
        added += new[:1]
        files["added_tokens.json"] = dict(new)
    elif how == "added_tokens.json":
        files["added_tokens.json"] = dict(new)
    elif how == "added_tokens_decoder":
        config["added_tokens_decoder"] = {str(id): entry(name) for name, id in added + new}
    elif how == "extra_special_tokens":
        config["extra_special_tokens"] = names
    if rng.random() < 0.6:
        config["chat_template"] = "{% for m in messages %}<|im_start|>{{m.content}}{% endfor %}"
        if names and rng.random() < 0.6:
            config["eos_token"] = rng.choice(names)
    untouched = [row for row in range(size, base_rows) if rng.random() < 0.6]
    rows = max(size + len(new), base_rows) + rng.choice([0, 0, 1, 5])
    return dict(rows=rows, untouched=untouched, files={**files, "tokenizer.json": tokenizer(WORDS, added), "tokenizer_config.json": config})


def other_target(rng, added, size, roles):
    added, words, files, config = list(added), list(WORDS), {}, {**roles, "tokenizer_class": "PreTrainedTokenizerFast"}
    kind = rng.choice(["same", "extra", "permuted", "smaller"])
    if kind == "permuted":
        words = words[:3] + rng.sample(words[3:], len(words) - 3)
    if kind in ("extra", "permuted"):
        added.append(("<t>", size))
        size += 1
    if kind == "extra" and rng.random() < 0.5:
        added.append(("<tool>", size))
        size += 1
    if kind == "smaller" and len(added) > 3:
        added.pop()
        size -= 1
    further = {name: id for name, id in added if id >= len(WORDS)}
    if rng.random() < 0.4:
        files["special_tokens_map.json"] = roles
    if rng.random() < 0.4:
        files["added_tokens.json"] = further
    if rng.random() < 0.3:
        config["added_tokens_decoder"] = {str(id): entry(name) for name, id in added}
    return dict(rows=size + rng.choice([0, 0, 4, 16]), files={**files, "tokenizer.json": tokenizer(words, added), "tokenizer_config.json": config})


def write(folder, first, model):
    folder.mkdir()
    values = np.arange(model["rows"], dtype=np.float32) + first
    for row in model.get("untouched", []):
        values[row] = FIRST_ROW["base"] + row
    save_file({"model.embed_tokens.weight": np.stack([values, values], 1), "model.norm.weight": np.ones(2, np.float32)}, folder / "model.safetensors", metadata={"format": "pt"})
    files = {**model["files"], "config.json": {"model_type": "llama", "vocab_size": model["rows"], "tie_word_embeddings": True}}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))


def renamed(ids):
    """Tokens of the fine-tune that stand in the row of one that only the base has."""
    names = {}
    for token, id in ids["finetuned"].items():
        old = next((name for name, row in ids["base"].items() if row == id), None)
        if token not in ids["base"] and old is not None and old not in ids["finetuned"] and old in ids["target"] and token not in ids["target"]:
            names[token] = old
    return names


def check(folder, models, ids):
    rows = {role: load_file(folder / role / "model.safetensors")["model.embed_tokens.weight"][:, 0] for role in [*models, "output"]}
    names = renamed(ids)
    for token, id in ids["output"].items():
        old = names.get(token, token)
        found = {role: rows[role][ids[role][name]] for role, name in (("target", old), ("finetuned", token), ("base", old)) if name in ids[role]}
        combined = len(found) == 3 and found["target"] + found["finetuned"] - found["base"]
        wanted = combined if len(found) == 3 else found.get("target", found.get("finetuned"))
        assert rows["output"][id] == wanted, (folder, token, id, rows["output"][id], wanted)
    assert json.loads((folder / "output" / "config.json").read_text())["vocab_size"] == len(rows["output"])
    if models["target"] is models["base"]:
        assert ids["output"] == ids["finetuned"] and np.array_equal(rows["output"], rows["finetuned"]), folder


def main():
    rng = random.Random(SEED)
    cases = []
    with tempfile.TemporaryDirectory() as place:
        for number in range(COUNT):
            folder = Path(place) / str(number)
            folder.mkdir()
            models = family(rng)
            for role, model in models.items():
                write(folder / role, FIRST_ROW["base" if model is models["base"] else role], model)
            options = [f"--{role}={folder / role}" for role in models]
            subprocess.run(["node", sys.argv[1], "transfer", *options, "--out", str(folder / "output"), "--no-sync"], check=True, capture_output=True)
            ids = {role: AutoTokenizer.from_pretrained(folder / role).get_vocab() for role in [*models, "output"]}
            check(folder, models, ids)
            cases.append(dict(models=models, ids=ids))
            shutil.rmtree(folder)
    root = dict(transformers=transformers.__version__, cases=cases)
    target = ROOT / "test" / "goldens" / "output-tokenizers.json.gz"
    target.write_bytes(gzip.compress(json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0))
    print(f"{len(cases)} cases, {target.stat().st_size} bytes")


main()
