"""Checks what `model-rebase` writes with the real transformers: it loads, generates, and holds the right numbers.

  node scripts/build.mjs
  python3 scripts/goldens/transfer_check.py      # with samples/requirements.txt installed; about a minute

Five outputs are made from samples/ in a temporary folder: the transfer in the target's shards, the same in small shards,
the same by way of a saved diff vector, one whose fine-tune and target have added tokens of their own, and one whose
target has another tokenizer. Each is loaded with transformers and compared with values computed here in float64.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
CLI = ROOT / "dist" / "cli.js"
WINDOW = 256
FRENCH_LOSS = 3.306
"""Nats per token of base-2 + (finetuned-1 − base-1) on the held-out French text, from samples/README.md."""

Weights = dict[str, torch.Tensor]


def run(*arguments: object) -> None:
    subprocess.run(["node", CLI, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def transfer(out: Path, finetuned: Path, base: Path, target: Path, *options: str) -> None:
    run("transfer", "--finetuned", finetuned, "--base", base, "--target", target, "--out", out, *options)
    run("verify", out, "--deep")


def load(folder: Path) -> tuple[torch.nn.Module, Weights]:
    """A model as a user loads it; every tensor of it has to come from the files."""
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        check(f"{folder.name}: no {kind}", not info[kind])
    return model.eval(), model.state_dict()


def check(what: str, holds: bool) -> None:
    print(("ok    " if holds else "WRONG ") + what, flush=True)
    if not holds:
        sys.exit(1)


def stored(exact: torch.Tensor) -> torch.Tensor:
    """float64 as BF16 holds it, by way of float32."""
    return exact.float().bfloat16()


def combined(target: torch.Tensor, finetuned: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
    return stored(target.double() + (finetuned.double() - base.double()))


@torch.inference_mode()
def french_loss(model: torch.nn.Module, tokenizer: PreTrainedTokenizerFast) -> float:
    """Mean loss in nats per token, in windows of BOS and 255 tokens, arithmetic in float32."""
    text = (SAMPLES / "text" / "french.txt").read_text(encoding="utf-8")
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    total, model = 0.0, model.float()
    for start in range(0, len(ids), WINDOW - 1):
        window = torch.tensor([[tokenizer.bos_token_id, *ids[start : start + WINDOW - 1]]])
        logits = model(input_ids=window).logits[0, :-1]
        total += torch.nn.functional.cross_entropy(logits.double(), window[0, 1:], reduction="sum").item()
    return total / len(ids)


def generate(folder: Path, model: torch.nn.Module, tokenizer: PreTrainedTokenizerFast) -> None:
    prompt = tokenizer.apply_chat_template([{"role": "user", "content": "Où est le serveur ?"}], add_generation_prompt=True, tokenize=False)
    inputs = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")
    tokens = model.generate(**inputs, max_new_tokens=24, do_sample=False)
    text = tokenizer.decode(tokens[0])
    check(f"{folder.name}: generates {text[len(prompt):][:48]!r}", tokens.shape[1] > inputs["input_ids"].shape[1])


def check_plain(work: Path, family: dict[str, Weights]) -> None:
    expected = {name: combined(family["base-2"][name], family["finetuned-1"][name], family["base-1"][name]) for name in family["base-2"]}
    versions = [SAMPLES / name for name in ("finetuned-1", "base-1", "base-2")]
    transfer(work / "plain", *versions)
    transfer(work / "sharded", *versions, "--max-shard-size", "500KB")
    check("sharded: more files", len(list((work / "sharded").glob("*.safetensors"))) > 5)
    run("delta", "--finetuned", versions[0], "--base", versions[1], "--out", work / "delta")
    run("transfer", "--delta", work / "delta", "--target", versions[2], "--out", work / "by-delta")
    for name in ("plain", "sharded", "by-delta"):
        model, weights = load(work / name)
        differing = sum(int((weights[n].view(torch.int16) != expected[n].view(torch.int16)).sum()) for n in expected)
        total = sum(tensor.numel() for tensor in expected.values())
        limit = total // 100_000 if name == "by-delta" else 0
        check(f"{name}: {differing} of {total} values differ from float64 (at most {limit})", weights.keys() == expected.keys() and differing <= limit)
        tokenizer = AutoTokenizer.from_pretrained(work / name)
        if name != "by-delta":
            generate(work / name, model, tokenizer)
        loss = french_loss(model, tokenizer)
        check(f"{name}: loss on French {loss:.3f}, samples/README.md says {FRENCH_LOSS}", round(loss, 3) == FRENCH_LOSS)


def with_tokens(source: Path, folder: Path, tokens: list[str], multiple: int | None) -> None:
    """A version with added special tokens, made with transformers; rows padded to a multiple."""
    model, tokenizer = AutoModelForCausalLM.from_pretrained(source), AutoTokenizer.from_pretrained(source)
    tokenizer.add_special_tokens({"additional_special_tokens": tokens})
    model.resize_token_embeddings(len(tokenizer), pad_to_multiple_of=multiple)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def with_tokenizer(source: Path, folder: Path, vocabulary: int) -> None:
    """A version with another tokenizer, trained on other text. Its rows are random: only their places matter here."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=["<s>", "</s>", "<pad>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train([str(SAMPLES / "text" / "python.txt")], trainer)
    model = AutoModelForCausalLM.from_pretrained(source)
    torch.manual_seed(0)
    model.resize_token_embeddings(vocabulary, mean_resizing=False)
    for module in (model.get_input_embeddings(), model.get_output_embeddings()):
        torch.nn.init.normal_(module.weight, std=0.04)
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>").save_pretrained(folder)


def expected_rows(name: str, target: Path, finetuned: Path, base: Path, result: PreTrainedTokenizerFast, weights: Weights) -> int:
    """How many rows of a tensor differ from the rule: combined where all have the token, else the one that has it."""
    folders = (target, finetuned, base)
    tensors = [AutoModelForCausalLM.from_pretrained(folder).state_dict()[name] for folder in folders]
    vocabularies = [AutoTokenizer.from_pretrained(folder).get_vocab() for folder in folders]
    wrong = 0
    for token, row in result.get_vocab().items():
        t, f, b = (None if token not in ids else tensor[ids[token]] for tensor, ids in zip(tensors, vocabularies))
        if t is None:
            want = f
        else:
            want = t if f is None or b is None else combined(t, f, b)
        wrong += int(not torch.equal(weights[name][row], want))
    return wrong


def check_rows(folder: Path, target: Path, finetuned: Path, base: Path) -> tuple[torch.nn.Module, PreTrainedTokenizerFast]:
    model, weights = load(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        wrong = expected_rows(name, target, finetuned, base, tokenizer, weights)
        check(f"{folder.name}: {wrong} of {len(tokenizer)} rows of {name} are wrong", wrong == 0)
    return model, tokenizer


def check_added_tokens(work: Path) -> None:
    target, finetuned, base = work / "target-with-token", work / "finetuned-with-tokens", SAMPLES / "base-1"
    with_tokens(SAMPLES / "base-2", target, ["<|target|>"], 64)
    with_tokens(SAMPLES / "finetuned-1", finetuned, ["<|user|>", "<|reply|>"], None)
    out = work / "added"
    transfer(out, finetuned, base, target)
    model, tokenizer = check_rows(out, target, finetuned, base)
    ids = tokenizer.convert_tokens_to_ids(["<|target|>", "<|user|>", "<|reply|>"])
    check(f"added: tokens have the ids {ids}", ids == [1024, 1025, 1026])
    check("added: the tokenizer finds them in text", tokenizer("a<|reply|>b", add_special_tokens=False)["input_ids"][1] == 1026)
    check("added: the target's padding is kept", model.get_input_embeddings().num_embeddings == 1088 == model.config.vocab_size)
    generate(out, model, tokenizer)


def check_other_tokenizer(work: Path) -> None:
    target = work / "target-with-other-tokenizer"
    with_tokenizer(SAMPLES / "base-2", target, 900)
    out = work / "other"
    transfer(out, SAMPLES / "finetuned-1", SAMPLES / "base-1", target)
    model, tokenizer = check_rows(out, target, SAMPLES / "finetuned-1", SAMPLES / "base-1")
    check("other: the vocabulary is the target's", tokenizer.get_vocab() == AutoTokenizer.from_pretrained(target).get_vocab())
    generate(out, model, tokenizer)


def main() -> None:
    torch.set_num_threads(2)
    names = ("base-1", "finetuned-1", "base-2")
    family = {name: AutoModelForCausalLM.from_pretrained(SAMPLES / name).state_dict() for name in names}
    with tempfile.TemporaryDirectory() as folder:
        check_plain(Path(folder), family)
        check_added_tokens(Path(folder))
        check_other_tokenizer(Path(folder))


if __name__ == "__main__":
    main()
