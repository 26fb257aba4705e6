"""Configurations as transformers 4 and transformers 5 save them, and how the library says they differ.

Every sample of a family is a configuration with random fields, saved by transformers 4 (`four`), loaded and saved again by
transformers 5 (`five`), and a copy of it with one field changed (`changed`). `differs` names the fields in which
transformers 5 sees the two as different; an empty list where the change means nothing.

    pip install 'transformers<5'      # 4.57.6
    python scripts/goldens/settings_goldens.py four four.json
    pip install transformers==5.24.0  # in another environment
    python scripts/goldens/settings_goldens.py five four.json
"""

import gzip
import inspect
import json
import logging
import random
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import transformers  # noqa: E402
from transformers.models.auto.configuration_auto import CONFIG_MAPPING  # noqa: E402

transformers.logging.set_verbosity_error()
logging.disable(logging.ERROR)

OUT = Path(__file__).resolve().parents[2] / "test/goldens/settings.json.gz"

FAMILIES = {
    # Those that are evaluated, with more samples.
    **dict.fromkeys("llama mistral qwen2 qwen3 olmo2 phi3 gpt2 gpt_neox gemma2 gemma3_text gemma3".split(), 24),
    **dict.fromkeys(
        "gemma mixtral qwen2_moe qwen3_moe granite cohere cohere2 glm4 olmo3 starcoder2 stablelm smollm3 gpt_oss deepseek_v3 "
        "llama4_text exaone4 nemotron phi falcon opt bloom qwen2_vl qwen2_5_vl llava mistral3 bert modernbert t5 mamba2 "
        "seed_oss glm4_moe ministral apertus arcee helium".split(),
        6,
    ),
}

VALUES = {
    "hidden_size": [32, 48, 64], "n_embd": [32, 48], "intermediate_size": [40, 80], "n_inner": [None, 96],
    "num_attention_heads": [2, 4], "n_head": [2, 4], "num_key_value_heads": [1, 2, None], "head_dim": [8, 16],
    "num_hidden_layers": [2, 5, 8, 13], "n_layer": [2, 5], "vocab_size": [99, 120], "max_position_embeddings": [64, 256], "n_positions": [64],
    "rms_norm_eps": [1e-5, 1e-6, 2e-5], "layer_norm_eps": [1e-5, 1e-6], "layer_norm_epsilon": [1e-5, 1e-6],
    "hidden_act": ["silu", "gelu"], "hidden_activation": ["gelu_pytorch_tanh", "gelu"], "activation_function": ["gelu_new", "relu"],
    "tie_word_embeddings": [True, False], "rope_theta": [10000.0, 500000.0, 123.0], "partial_rotary_factor": [0.5, 1.0],
    "rotary_pct": [0.25, 0.5], "rotary_emb_base": [10000, 5000], "rope_local_base_freq": [10000.0, 777.0],
    "rope_scaling": [
        None,
        {"rope_type": "linear", "factor": 2.0},
        {"type": "dynamic", "factor": 4.0},
        {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32},
        {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
        {"rope_type": "yarn", "factor": 4.0, "beta_fast": 32.0, "beta_slow": 1.0, "original_max_position_embeddings": 32},
        {"rope_type": "yarn", "factor": 4.0, "beta_fast": 16.0},
    ],
    "sliding_window": [None, 16, 4096], "use_sliding_window": [True, False], "max_window_layers": [1, 28],
    "sliding_window_pattern": [2, 3, 6], "attention_bias": [True, False], "mlp_bias": [True, False],
    "query_pre_attn_scalar": [256, 64], "final_logit_softcapping": [None, 10.0, 30.0], "attn_logit_softcapping": [None, 50.0, 20.0],
    "embedding_multiplier": [1.0, 12.0], "residual_multiplier": [1.0, 0.22], "logits_scaling": [1.0, 8.0], "attention_multiplier": [1.0, 0.5],
    "logit_scale": [0.0625, 0.5], "norm_topk_prob": [True, False], "routed_scaling_factor": [1.0, 2.5], "num_experts_per_tok": [1, 2],
    "num_local_experts": [4, 8], "num_experts": [4, 8], "n_routed_experts": [8], "no_rope_layer_interval": [2, 4],
    "eos_token_id": [1, [1, 2], 2], "bos_token_id": [1, 3], "use_parallel_residual": [True, False], "torch_dtype": ["bfloat16", None],
    "scale_attn_weights": [True, False], "use_bidirectional_attention": [False], "initializer_range": [0.02], "attention_dropout": [0.0, 0.1],
    "use_cache": [True, False],
}
PHI_ROPE = [None, {"type": "longrope", "short_factor": [1.0] * 4, "long_factor": [2.0] * 4}]

# Notes of a program that say nothing about the model (src/model/settings/irrelevantSettings.ts).
IRRELEVANT = {
    "architectures", "chunk_size_feed_forward", "is_encoder_decoder", "label2id", "id2label", "output_attentions", "output_hidden_states",
    "problem_type", "return_dict", "transformers_version", "use_cache", "model_type",
}
# Older spellings that transformers 5 keeps as attributes although others took over what they mean.
LEFTOVERS = {"partial_rotary_factor", "rotary_pct", "rope_theta", "sliding_window_pattern", "no_rope_layer_interval"}
# Fields that transformers 4 knows of a type without naming them in its constructor, or keeps under another object.
EXTRA = {"gemma3_text": ["sliding_window_pattern"], "cohere2": ["sliding_window_pattern"]}


def fields_of(family):
    names = [name for name in inspect.signature(CONFIG_MAPPING[family].__init__).parameters if name in VALUES]
    if family == "qwen2_moe":
        # It gives every other of its first layers a window; no published model does, and no rule here knows it.
        names.remove("use_sliding_window")
    return names + ["torch_dtype", "tie_word_embeddings"] + EXTRA.get(family, [])


def values_of(family, name):
    return PHI_ROPE if family == "phi3" and name == "rope_scaling" else VALUES[name]


def sizes(family):
    """Small sizes that fit each other, so that random ones can be laid over them."""
    fields = {"hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2, "n_embd": 32, "n_head": 4}
    if family == "phi3":
        fields["num_key_value_heads"] = 4
    return {name: value for name, value in fields.items() if name in inspect.signature(CONFIG_MAPPING[family].__init__).parameters}


def draw(family, rng):
    names = fields_of(family)
    chosen = {name: rng.choice(values_of(family, name)) for name in names if rng.random() < 0.45}
    if family == "phi3":
        chosen = {name: value for name, value in chosen.items() if name not in ("hidden_size", "num_attention_heads", "partial_rotary_factor")}
    return {**sizes(family), **chosen}


def saved(config):
    return json.loads(config.to_json_string(use_diff=True))


def save_four(family, fields):
    part = "text_config" if "text_config" in inspect.signature(CONFIG_MAPPING[family].__init__).parameters else None
    if part is None:
        return saved(CONFIG_MAPPING[family](**fields))
    return saved(CONFIG_MAPPING[family](text_config=fields, tie_word_embeddings=fields.get("tie_word_embeddings", False)))


def make_four(path):
    rng, samples = random.Random(20261128), []
    for family, count in FAMILIES.items():
        text = {"gemma3": "gemma3_text", "llava": "llama", "mistral3": "mistral", "qwen2_vl": "qwen2_vl", "qwen2_5_vl": "qwen2_5_vl"}.get(family, family)
        made = 0
        for _ in range(count * 20):
            if made == count:
                break
            fields = draw(text, rng)
            name = rng.choice(fields_of(text))
            other = {**fields, name: rng.choice(values_of(text, name))}
            if text != family and family in ("llava", "mistral3"):
                fields, other = {"model_type": text, **fields}, {"model_type": text, **other}
            try:
                samples.append({"family": family, "field": name, "four": save_four(family, fields), "changed": save_four(family, other)})
                made += 1
            except Exception:
                continue
    Path(path).write_text(json.dumps(samples))
    print(len(samples), "samples by transformers", transformers.__version__)


def loaded(config):
    return CONFIG_MAPPING[config["model_type"]].from_dict(json.loads(json.dumps(config)))


def meaning(config):
    """What transformers 5 makes of a configuration, under standard names."""
    def named(value):
        fields = value.to_dict()
        stored = {name: standard for standard, name in reversed(list(type(value).attribute_map.items()))}
        return {stored.get(key, key): fields[key] for key in fields if key not in IRRELEVANT | LEFTOVERS and not key.startswith("_")}

    outer = named(config)
    text = named(config.text_config) if hasattr(config, "text_config") and config.text_config is not None else {}
    outer.pop("text_config", None)
    return {**outer, **{key: value for key, value in text.items() if key not in ("tie_word_embeddings", "dtype")}}


def make_five(path):
    kept, refused = [], 0
    for sample in json.loads(Path(path).read_text()):
        try:
            config, changed = loaded(sample["four"]), loaded(sample["changed"])
            config.validate(), changed.validate()
        except Exception:
            refused += 1
            continue
        a, b = (json.loads(json.dumps(meaning(each), default=str)) for each in (config, changed))
        differs = sorted(key for key in a.keys() | b.keys() if a.get(key) != b.get(key))
        kept.append({**sample, "five": saved(config), "differs": differs})
    text = "[\n" + ",\n".join(json.dumps(sample, separators=(",", ":")) for sample in kept) + "\n]\n"
    OUT.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{OUT.name}: {len(kept)} samples, {refused} that transformers {transformers.__version__} refuses, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    {"four": make_four, "five": make_five}[sys.argv[1]](sys.argv[2])
