"""The study's text: that of the samples, and Turkish from the same manual."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from models import save_whole
from questions import word_order_questions
from sample_family import STUDY, samples

Streams = dict[str, torch.Tensor]
TURKISH = samples.Source("apache2-doc", f"{samples.DOC}/apache2-doc/manual/tr", "**/*.html")


def read_texts(corpus: Path) -> tuple[dict[str, list[str]], dict[str, dict[str, str]]]:
    """Training text and held-out pages of the samples' kinds of text and of Turkish."""
    samples.SOURCES["turkish"] = [TURKISH]
    return samples.split_pages(samples.read_pages(corpus))


def load_streams(corpus: Path, tokenizer: PreTrainedTokenizerFast, work: Path) -> Streams:
    """The training text of every kind as one stream of token ids, made once."""
    path = work / "streams.pt"
    if not path.exists():
        samples.download_packages(corpus)
        train, _ = read_texts(corpus)
        work.mkdir(parents=True, exist_ok=True)
        save_whole({kind: samples.encode_pages(tokenizer, pages) for kind, pages in train.items()}, path)
    return torch.load(path)


def write_texts(corpus: Path) -> None:
    """Write Turkish held-out text, and questions about the word order of held-out French and Turkish."""
    samples.download_packages(corpus)
    _, held_out = read_texts(corpus)
    folder = STUDY / "text"
    samples.write_held_out({"turkish": held_out["turkish"]}, folder)
    for kind in ("french", "turkish"):
        lines = word_order_questions(list(held_out[kind].values()), count=300, seed=0)
        (folder / f"{kind}-order.jsonl").write_text("".join(lines), encoding="utf-8")
