"""The study's models, and how they and their training are kept on the disk."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from sample_family import samples


def new_model(vocabulary: int) -> LlamaForCausalLM:
    """A Llama model of 0.3 million parameters with random weights."""
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=64, intermediate_size=176, num_hidden_layers=4,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512,
        initializer_range=0.04, rms_norm_eps=1e-5, tie_word_embeddings=False,
        bos_token_id=samples.BOS_ID, eos_token_id=samples.EOS_ID, pad_token_id=None,
    )
    return LlamaForCausalLM(config)


def publish(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write a copy of the model in BF16 with its tokenizer; the model itself stays in float32."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f"{folder.name}.partial")
    samples.save_model(deepcopy(model), partial, 10_000_000)
    samples.save_tokenizer(tokenizer, partial, None)
    partial.rename(folder)


def published(folder: Path, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A model from its BF16 files, as anybody else would start from it."""
    model = new_model(len(tokenizer))
    weights = {k: v.float() for file in sorted(folder.glob("*.safetensors")) for k, v in load_file(file).items()}
    model.load_state_dict(weights)
    return model


def save_whole(value: object, path: Path) -> None:
    """torch.save that leaves either the whole file or none."""
    partial = path.with_suffix(".partial")
    torch.save(value, partial)
    partial.rename(path)
