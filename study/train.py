"""Train the study's models: a series of base releases, their fine-tunes, and a base of another random start.

    python train.py family --seed 1          every model of one seed; what is there already is kept
    python train.py finetune --start M --out DIR --kind french --seed 1
                                             one fine-tune, the command of the lineages
    python train.py texts                    the held-out texts and questions beside this file

Text, tokenizer, batches and schedule are those of samples/train.py. Merging and scoring is left to model-rebase.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaForCausalLM, PreTrainedTokenizerFast

from models import new_model, publish, published, save_whole
from sample_family import SAMPLES, STUDY, samples
from texts import Streams, load_streams, write_texts

# ---- what is trained --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pretraining:
    """One stage of a pretraining run, and the steps after which a release is cut."""

    mix: dict[str, float]
    steps: int
    rate: float
    releases: dict[int, str]


@dataclass(frozen=True)
class Task:
    """A fine-tune: text, length, learning rate, and the steps after which the model is kept as well."""

    kind: str
    steps: int = 100
    rate: float = 1e-3
    milestones: tuple[int, ...] = (10, 25, 50)


STAGE_1 = Pretraining({"english": 1.0}, 480, 3e-3, {60: "m1", 240: "m2", 480: "m3"})
STAGE_2 = Pretraining({"english": 0.4, "database": 0.3, "python": 0.3}, 240, 1.5e-3, {120: "m4", 240: "m5"})
OTHER_START = Pretraining({"english": 1.0}, 300, 3e-3, {300: "other"})
SERIES = ["m1", "m2", "m3", "m4", "m5"]
FRENCH = [*SERIES, "other"]
TURKISH_FROM = ["m3"]
DATABASE_FROM = ["m3"]


# ---- training ---------------------------------------------------------------------------------------


def new_optimizer(model: LlamaForCausalLM) -> torch.optim.AdamW:
    return torch.optim.AdamW(model.parameters(), betas=(0.9, 0.95), weight_decay=0.05)


def train_step(model: LlamaForCausalLM, optimizer: torch.optim.AdamW, batch: torch.Tensor, rate: float) -> float:
    """One step of AdamW in float32. Returns the loss before the step, in nats per token."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    loss = model(input_ids=batch, labels=batch, use_cache=False).loss
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def train_steps(model, optimizer, stage, streams: Streams, first: int, last: int, name: str) -> None:
    """Steps first..last of a stage, a Pretraining or samples' Stage, printing the loss now and then."""
    model.float().train()
    for step in range(first, last):
        batch = samples.draw_batch(streams, stage.mix, step)
        loss = train_step(model, optimizer, batch, samples.learning_rate(step, stage))
        if step % 25 == 24:
            print(f"{name}: step {step + 1} of {stage.steps}, training loss {loss:.3f}", flush=True)


@dataclass(frozen=True)
class Workshop:
    """What all trainings of a seed share."""

    seed: int
    tokenizer: PreTrainedTokenizerFast
    streams: Streams
    work: Path

    @property
    def folder(self) -> Path:
        return self.work / f"seed-{self.seed}"


def pretrain(shop: Workshop, stages: list[Pretraining], offset: int) -> None:
    """Run the stages one after the other. After each release the whole state is kept, so that a run can go on there."""
    torch.manual_seed(1000 * shop.seed + offset)
    model = new_model(len(shop.tokenizer))
    optimizer = new_optimizer(model)
    for stage in stages:
        first = 0
        for last, name in stage.releases.items():
            offset += 1
            pretrain_to(shop, model, optimizer, stage, (first, last), name, 1000 * shop.seed + offset)
            first = last


def pretrain_to(shop, model, optimizer, stage: Pretraining, steps: tuple[int, int], name: str, seed: int) -> None:
    """Train up to a release and publish it, or take up the state that an earlier run left there."""
    state = shop.folder / f"{name}.state.pt"
    if state.exists():
        kept = torch.load(state)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
    else:
        started = time.monotonic()
        torch.manual_seed(seed)
        train_steps(model, optimizer, stage, shop.streams, *steps, name)
        save_whole({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, state)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    if not (shop.folder / name).exists():
        publish(model, shop.tokenizer, shop.folder / name)


def finetune(shop: Workshop, start: Path, out: Path, task: Task) -> None:
    """Fine-tune in full from published weights. Milestones go to OUT-STEP, without the ".partial" that `recycle run` puts
    behind the name; what is there already is kept."""
    if (out / "config.json").exists():
        return
    started = time.monotonic()
    torch.manual_seed(1000 * shop.seed + 500)
    model = published(start, shop.tokenizer)
    optimizer = new_optimizer(model)
    stage = samples.Stage(out.name, None, {task.kind: 1.0}, task.steps, task.rate)
    first = 0
    for last in (*task.milestones, task.steps):
        train_steps(model, optimizer, stage, shop.streams, first, last, out.name)
        folder = out if last == task.steps else out.with_name(f"{out.name.removesuffix('.partial')}-{last}")
        if not folder.exists():
            publish(model, shop.tokenizer, folder)
        first = last
    print(f"{out.name}: {time.monotonic() - started:.0f} s", flush=True)


def train_family(shop: Workshop) -> None:
    """Every model of one seed."""
    shop.folder.mkdir(parents=True, exist_ok=True)
    pretrain(shop, [STAGE_1, STAGE_2], 0)
    pretrain(shop, [OTHER_START], 100)
    plans = [*((name, "french") for name in FRENCH), *((n, "turkish") for n in TURKISH_FROM), *((n, "database") for n in DATABASE_FROM)]
    for name, kind in plans:
        finetune(shop, shop.folder / name, shop.folder / f"{name}-{kind}", Task(kind))


# ---- the command line -------------------------------------------------------------------------------


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=["family", "finetune", "texts"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=STUDY / ".work", help="where models in training are kept")
    parser.add_argument("--corpus", type=Path, default=STUDY / ".work" / "corpus", help="where the text's packages are unpacked")
    parser.add_argument("--threads", type=int, default=1, help="threads for PyTorch; another number gives other weights")
    parser.add_argument("--start", type=Path, help="finetune: the model to start from")
    parser.add_argument("--out", type=Path, help="finetune: the folder to write")
    parser.add_argument("--kind", default="french", help="finetune: the kind of text")
    return parser.parse_args()


def main() -> None:
    args = read_arguments()
    torch.set_num_threads(args.threads)
    torch.use_deterministic_algorithms(True)
    if args.job == "texts":
        return write_texts(args.corpus)
    tokenizer = AutoTokenizer.from_pretrained(SAMPLES / "base-1")
    shop = Workshop(args.seed, tokenizer, load_streams(args.corpus, tokenizer, args.work), args.work)
    if args.job == "family":
        train_family(shop)
    else:
        finetune(shop, args.start, args.out, Task(args.kind))


if __name__ == "__main__":
    main()
