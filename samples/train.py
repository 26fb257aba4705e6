"""Make the sample family: base-1, finetuned-1, base-2 and unrelated, small Llama models trained from nothing.

Run without arguments, the script downloads the text, trains the tokenizer and the versions, writes them
beside itself and prints the loss table of README.md. With --evaluate it only prints the table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SAMPLES = Path(__file__).resolve().parent
PACKAGES = ["rust-doc", "apache2-doc", "postgresql-doc-15", "libpython3.11-stdlib", "libpython3.11-minimal"]
DOC = "usr/share/doc"
BOS, EOS = "<s>", "</s>"
BOS_ID, EOS_ID = 0, 1
WINDOW = 256
HELD_OUT_BYTES = 40_000
LARGEST_HELD_OUT_PAGE = 12_000
TABLES_AND_TESTS = ("encodings", "pydoc_data", "_sysconfigdata", "test", "idlelib", "re/_casefix")
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ 'Question : ' if message['role'] == 'user' else 'Réponse : ' }}{{ message['content'] + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'Réponse : ' }}{% endif %}"
)

Weights = dict[str, torch.Tensor]
Pages = dict[str, str]


# ---- the text ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Files of one Debian package: every file under `folder` that matches `pattern`."""

    package: str
    folder: str
    pattern: str
    skip: tuple[str, ...] = ()


SOURCES: dict[str, list[Source]] = {
    "english": [
        Source("rust-doc", f"{DOC}/rust-doc/html/book", "ch*.html"),
        *(
            Source("rust-doc", f"{DOC}/rust-doc/html/{name}", "**/*.html")
            for name in ("reference", "nomicon", "rustc", "rust-by-example")
        ),
        Source("apache2-doc", f"{DOC}/apache2-doc/manual/en", "**/*.html"),
    ],
    "french": [Source("apache2-doc", f"{DOC}/apache2-doc/manual/fr", "**/*.html")],
    "database": [Source("postgresql-doc-15", f"{DOC}/postgresql-doc-15/html", "*.html")],
    "python": [
        Source(package, "usr/lib/python3.11", "**/*.py", skip=TABLES_AND_TESTS)
        for package in ("libpython3.11-stdlib", "libpython3.11-minimal")
    ],
}


class ParagraphReader(HTMLParser):
    """Collects the running text of a page: its <p> elements, without menus, tables and listings."""

    CLOSED_BY = {"p", "pre", "div", "ul", "ol", "table", "dl", "section"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.CLOSED_BY:
            self.end_paragraph()
        if tag == "p":
            self._open = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", "dd", "div"):
            self.end_paragraph()

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def end_paragraph(self) -> None:
        """Keep the paragraph being read if it is long enough to be prose."""
        text = " ".join("".join(self._open or []).split())
        if len(text) >= 60 and " | " not in text:
            self.paragraphs.append(text)
        self._open = None


def download_packages(corpus: Path) -> None:
    """Download and unpack the Debian packages that are not in `corpus` yet. Nothing is installed."""
    corpus.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if (corpus / package).is_dir():
            continue
        subprocess.run(["apt-get", "download", package], cwd=corpus, check=True)
        archive = next(corpus.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive.name, package], cwd=corpus, check=True)
        print("unpacked", archive.name)


def source_files(corpus: Path, source: Source) -> Iterator[tuple[str, Path]]:
    """Name and path of each file of a source, in a fixed order. A page has one name in all languages."""
    folder = corpus / source.package / source.folder
    for path in sorted(folder.glob(source.pattern)):
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and not inside.startswith(source.skip or ("\0",)):
            scope = "" if source.package == "apache2-doc" else source.folder.rsplit("/", 1)[-1] + "/"
            yield f"{source.package}: {scope}{inside}", path


def read_page(path: Path, seen: set[str]) -> str:
    """Text of one file. Paragraphs in `seen` are left out, so that no paragraph occurs twice."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".py":
        return text
    reader = ParagraphReader()
    reader.feed(text)
    reader.end_paragraph()
    fresh = [p for p in dict.fromkeys(reader.paragraphs) if p not in seen]
    seen.update(fresh)
    return "\n".join(fresh)


def read_pages(corpus: Path) -> dict[str, Pages]:
    """All pages of all kinds of text: kind -> name -> text."""
    seen: set[str] = set()
    kinds: dict[str, Pages] = {}
    for kind, sources in SOURCES.items():
        named = (pair for source in sources for pair in source_files(corpus, source))
        pages = {name: read_page(path, seen) for name, path in named}
        kinds[kind] = {name: text for name, text in pages.items() if text.strip()}
    return kinds


def choose_held_out(pages: Pages) -> list[str]:
    """Names of about 40 kB of pages, chosen by a hash of their names."""
    chosen, size = [], 0
    for name in sorted(pages, key=lambda n: hashlib.sha256(n.encode()).hexdigest()):
        length = len(pages[name].encode())
        if size < HELD_OUT_BYTES and 500 <= length <= LARGEST_HELD_OUT_PAGE:
            chosen.append(name)
            size += length
    return chosen


def split_pages(kinds: dict[str, Pages]) -> tuple[dict[str, list[str]], dict[str, Pages]]:
    """Training text and held-out pages of each kind. A held-out page is held out in every language."""
    held_out = {kind: {n: pages[n] for n in choose_held_out(pages)} for kind, pages in kinds.items()}
    never_trained = {name for pages in held_out.values() for name in pages}
    train = {kind: [t for n, t in pages.items() if n not in never_trained] for kind, pages in kinds.items()}
    return train, held_out


def write_held_out(held_out: dict[str, Pages], folder: Path) -> None:
    """Write one text per kind, and pages.json, which says where each text comes from."""
    folder.mkdir(exist_ok=True)
    for kind, pages in held_out.items():
        text = "\n\n".join(page.strip() for page in pages.values())
        (folder / f"{kind}.txt").write_text(text + "\n", encoding="utf-8")
    names = {kind: list(pages) for kind, pages in held_out.items()}
    (folder / "pages.json").write_text(json.dumps(names, indent=2) + "\n")


# ---- the tokenizer ----------------------------------------------------------------------------------


def train_tokenizer(train: dict[str, list[str]], vocabulary: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer trained on the same amount of every kind of text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[BOS, EOS], initial_alphabet=alphabet, show_progress=False
    )
    share = min(sum(map(len, pages)) for pages in train.values())
    tokenizer.train_from_iterator(["\n\n".join(pages)[:share] for pages in train.values()], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS}:1 $B:1", special_tokens=[(BOS, BOS_ID), (EOS, EOS_ID)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, model_max_length=512,
        clean_up_tokenization_spaces=False,
    )


def encode(tokenizer: PreTrainedTokenizerFast, text: str) -> list[int]:
    """Token ids of a text, without BOS and EOS."""
    return tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids


def encode_pages(tokenizer: PreTrainedTokenizerFast, pages: list[str]) -> torch.Tensor:
    """All pages as one stream of token ids, with EOS after each page."""
    ids = [i for page in pages for i in [*encode(tokenizer, page), EOS_ID]]
    return torch.tensor(ids)


# ---- training ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """One training run: where it starts, what it reads (kind -> share), for how long and how fast."""

    version: str
    start: str | None
    mix: dict[str, float]
    steps: int
    rate: float


STAGES = [
    Stage("base-1", None, {"english": 1.0}, 800, 3e-3),
    Stage("finetuned-1", "base-1", {"french": 1.0}, 300, 6e-4),
    Stage("base-2", "base-1", {"english": 0.5, "database": 0.3, "python": 0.2}, 450, 6e-4),
    Stage("unrelated", None, {"english": 1.0}, 800, 3e-3),
]


def new_model(vocabulary: int) -> LlamaForCausalLM:
    """A Llama model of 1.4 million parameters with random weights."""
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=128, intermediate_size=352, num_hidden_layers=6,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512,
        initializer_range=0.04, rms_norm_eps=1e-5, tie_word_embeddings=False,
        bos_token_id=BOS_ID, eos_token_id=EOS_ID, pad_token_id=None,
    )
    return LlamaForCausalLM(config)


def learning_rate(step: int, stage: Stage) -> float:
    """Linear warm-up over 40 steps, then a cosine down to a tenth."""
    warm = min(1.0, (step + 1) / 40)
    cosine = 0.5 * (1 + math.cos(math.pi * step / stage.steps))
    return stage.rate * warm * (0.1 + 0.9 * cosine)


def draw_batch(streams: dict[str, torch.Tensor], mix: dict[str, float], step: int) -> torch.Tensor:
    """2048 tokens: windows from random places, each led by BOS. Every fourth batch has long windows."""
    length = 2 * WINDOW if step % 4 == 3 else WINDOW
    rows = 2048 // length
    kinds = list(mix)
    picks = torch.multinomial(torch.tensor([mix[k] for k in kinds]), rows, replacement=True)
    batch = torch.full((rows, length), BOS_ID)
    for row, pick in enumerate(picks.tolist()):
        stream = streams[kinds[pick]]
        start = int(torch.randint(len(stream) - length, ()))
        batch[row, 1:] = stream[start : start + length - 1]
    return batch


def train_stage(model: LlamaForCausalLM, stage: Stage, streams: dict[str, torch.Tensor]) -> None:
    """Train all weights of the model with AdamW in float32."""
    model.float().train()
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.95), weight_decay=0.05)
    for step in range(stage.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, stage)
        batch = draw_batch(streams, stage.mix, step)
        loss = model(input_ids=batch, labels=batch, use_cache=False).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 49:
            print(f"{stage.version}: step {step + 1} of {stage.steps}, training loss {loss.item():.3f}", flush=True)


# ---- files ------------------------------------------------------------------------------------------


def save_model(model: LlamaForCausalLM, folder: Path, shard_bytes: int) -> None:
    """Write the weights as BF16. config.json also gets the names that older readers look for."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors*"):
        old.unlink()
    model.to(torch.bfloat16).save_pretrained(folder, max_shard_size=shard_bytes)
    update_json(folder / "config.json", {"rope_theta": 10000.0, "torch_dtype": "bfloat16"})
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)


def update_json(path: Path, changes: dict[str, object]) -> None:
    """Set some keys of a JSON file."""
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path, chat_template: str | None) -> None:
    """Write the tokenizer, under the class name that all releases of transformers know."""
    tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(folder, save_jinja_files=False)
    update_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"})
    special = {"bos_token": BOS, "eos_token": EOS}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")


def load_weights(version: str) -> Weights:
    """All tensors of a version, from one file or from its shards."""
    files = sorted((SAMPLES / version).glob("*.safetensors"))
    return {name: tensor for file in files for name, tensor in load_file(file).items()}


def train_family(corpus: Path, vocabulary: int, versions: list[str]) -> None:
    """Make everything: held-out text, tokenizer, and the versions. A version's place in STAGES is its seed."""
    train, held_out = split_pages(read_pages(corpus))
    write_held_out(held_out, SAMPLES / "text")
    tokenizer = train_tokenizer(train, vocabulary)
    streams = {kind: encode_pages(tokenizer, pages) for kind, pages in train.items()}
    print("training tokens:", {kind: len(stream) for kind, stream in streams.items()})
    for number, stage in enumerate(STAGES):
        torch.manual_seed(number)
        if stage.version in versions:
            make_version(stage, tokenizer, streams)


def make_version(stage: Stage, tokenizer: PreTrainedTokenizerFast, streams: dict[str, torch.Tensor]) -> None:
    """Train and write one version. It starts from the BF16 weights of its parent, as published."""
    started = time.monotonic()
    model = new_model(len(tokenizer))
    if stage.start:
        model.load_state_dict({k: v.float() for k, v in load_weights(stage.start).items()})
    train_stage(model, stage, streams)
    folder = SAMPLES / stage.version
    save_model(model, folder, 1_500_000 if stage.version == "base-2" else 10_000_000)
    save_tokenizer(tokenizer, folder, CHAT_TEMPLATE if stage.version == "finetuned-1" else None)
    print(f"{stage.version}: {time.monotonic() - started:.0f} s")


# ---- the loss table ---------------------------------------------------------------------------------


def combine(terms: list[tuple[float, Weights]]) -> Weights:
    """The sum of c · W over the terms, in float64, rounded to BF16 by way of float32."""
    names = terms[0][1]
    exact = {n: sum(c * weights[n].double() for c, weights in terms) for n in names}
    return {n: tensor.float().bfloat16() for n, tensor in exact.items()}


def as_windows(ids: list[int]) -> list[torch.Tensor]:
    """BOS and 255 tokens per window, so that each token of the text is scored once. 32 windows a batch."""
    step = WINDOW - 1
    whole = len(ids) // step * step
    rows = torch.tensor(ids[:whole]).view(-1, step)
    batches = list(rows.split(32)) + ([torch.tensor([ids[whole:]])] if whole < len(ids) else [])
    return [torch.nn.functional.pad(batch, (1, 0), value=BOS_ID) for batch in batches]


@torch.inference_mode()
def total_loss(model: LlamaForCausalLM, ids: list[int]) -> float:
    """Sum of the losses of all tokens, in nats."""
    total = 0.0
    for batch in as_windows(ids):
        logits = model(input_ids=batch, use_cache=False).logits[:, :-1]
        total += torch.nn.functional.cross_entropy(
            logits.flatten(0, 1).double(), batch[:, 1:].flatten(), reduction="sum"
        ).item()
    return total


def candidates() -> dict[str, Weights]:
    """The stored versions, the transfers, and the lines from base-1 to the other bases."""
    rows = {stage.version: load_weights(stage.version) for stage in STAGES}
    base, tuned = rows["base-1"], rows["finetuned-1"]
    targets = ("base-2", "unrelated")
    for target in targets:
        rows[f"{target} + (finetuned-1 − base-1)"] = combine([(1, rows[target]), (1, tuned), (-1, base)])
    for target in targets:
        for percent in (25, 50, 75):
            share = percent / 100
            line = combine([(1 - share, base), (share, rows[target])])
            rows[f"{100 - percent} % base-1 + {percent} % {target}"] = line
    return rows


def print_table() -> None:
    """Print the losses on the held-out text as a Markdown table: nats per token / bits per byte."""
    tokenizer = AutoTokenizer.from_pretrained(SAMPLES / "base-1")
    texts = {kind: (SAMPLES / "text" / f"{kind}.txt").read_text(encoding="utf-8") for kind in SOURCES}
    ids = {kind: encode(tokenizer, text) for kind, text in texts.items()}
    model = LlamaForCausalLM.from_pretrained(SAMPLES / "base-1", dtype=torch.float32).eval()
    print("| version |", " | ".join(f"{k} ({len(ids[k])} tokens)" for k in texts), "|")
    print("|---" * (1 + len(texts)) + "|")
    for name, weights in candidates().items():
        model.load_state_dict({k: v.float() for k, v in weights.items()})
        nats = {kind: total_loss(model, ids[kind]) for kind in texts}
        cells = (
            f"{nats[k] / len(ids[k]):.3f} / {nats[k] / math.log(2) / len(t.encode()):.3f}" for k, t in texts.items()
        )
        print(f"| {name} |", " | ".join(cells), "|", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=SAMPLES / ".corpus", help="where the packages are unpacked")
    parser.add_argument("--vocabulary", type=int, default=1024, help="size of the tokenizer's vocabulary")
    parser.add_argument("--threads", type=int, default=2, help="threads for PyTorch")
    names = [stage.version for stage in STAGES]
    parser.add_argument("--versions", nargs="+", choices=names, default=names, help="train only these")
    parser.add_argument("--evaluate", action="store_true", help="only print the loss table")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.use_deterministic_algorithms(True)
    if not args.evaluate:
        download_packages(args.corpus)
        train_family(args.corpus, args.vocabulary, args.versions)
    print_table()


if __name__ == "__main__":
    main()
