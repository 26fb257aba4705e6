"""Writes src/model/settings/libraryDefaults.txt: what transformers makes of fields that a config.json leaves out.

For every language model type and the types of its parts (text_config, vision_config, ...):
- `defaults`: values of fields that the file leaves out, as far as they depend on no other field. Null ones are left out.
- `synonyms`: other spellings of a field (`attribute_map`), spelling -> standard name.
- `parts`: nested configurations: their model type (`isFixed`: whatever they say), and what they have where they are missing.
- `derived`: fields that the library computes where they are left out, by the rule that does it
  (see src/model/settings/derivedSettings.ts). A rule is recorded only where varying the fields it reads confirms it.

    pip install transformers==5.24.0
    python scripts/goldens/library_defaults.py
"""

import json
import logging
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import transformers  # noqa: E402
from transformers.models.auto import modeling_auto as auto  # noqa: E402
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES  # noqa: E402

transformers.logging.set_verbosity_error()
logging.disable(logging.ERROR)

OUT = Path(__file__).resolve().parents[2] / "src/model/settings/libraryDefaults.txt"

# What src/model/settings/irrelevant.ts leaves out of every comparison.
IRRELEVANT = {
    "architectures", "chunk_size_feed_forward", "dtype", "id2label", "is_encoder_decoder", "label2id", "model_type",
    "output_attentions", "output_hidden_states", "problem_type", "return_dict", "transformers_version", "use_cache",
}

PATTERN_FIELDS = [
    "sliding_window_pattern", "full_attention_interval", "global_attn_every_n_layers", "layer_group_size",
    "no_rope_layer_interval", "attn_layer_period",
]


def load(model_type, **fields):
    """The configuration's fields as they would be saved; None where the library refuses these."""
    try:
        config = CONFIG_MAPPING[model_type](**fields)
        return json.loads(json.dumps(config._encode_special_floats(config.to_dict()), default=str, allow_nan=False))
    except Exception:
        return None


def language_model_types():
    tables = [
        auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
        auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
        auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    ]
    return sorted({model_type for table in tables for model_type in table})


def parts_of(model_type):
    """Nested configurations: model type, whether another one that the file states counts, values where there is no part."""
    specs = getattr(CONFIG_MAPPING[model_type], "sub_configs_defaults", {})
    parts = {}
    for name, spec in specs.items():
        if spec.model_type not in CONFIG_MAPPING_NAMES or spec.optional:
            continue
        part = {"type": spec.model_type, "isFixed": issubclass(spec.config_class, transformers.PreTrainedConfig)}
        given = {field: value for field, value in spec.init_kwargs.items() if value is not None}
        parts[name] = {**part, "given": given} if given else part
    return parts


def synonyms_of(model_type):
    seen = {}
    for standard, stored in CONFIG_MAPPING[model_type].attribute_map.items():
        if stored not in seen and stored != standard:
            seen[stored] = standard
    return seen


def varied(model_type, base):
    """Fields that change when one other field does, with the fields they change with: they are computed."""
    computed = {}
    for field, value in base.items():
        if isinstance(value, bool):
            candidates = [not value]
        elif isinstance(value, int) and not field.endswith("token_id"):
            candidates = [value * 2, value + 1, max(1, value // 2)]
        else:
            continue
        for candidate in candidates:
            other = load(model_type, **{field: candidate})
            if other is None:
                continue
            for name in other:
                if name != field and other[name] != base.get(name):
                    computed.setdefault(name, set()).add(field)
            break
    return computed


def period_of(types):
    """The shortest list that repeats to `types`; None where there is none up to 12."""
    for period in range(1, 13):
        if all(types[i] == types[i % period] for i in range(len(types))):
            return types[:period]
    return None


def layer_rule(model_type, name, standard):
    """How the library makes a list with an entry a layer where it is left out."""
    layers = standard.get("num_hidden_layers", "num_hidden_layers")

    def types(**fields):
        loaded = load(model_type, **{layers: 48}, **fields)
        return None if loaded is None else loaded.get(name)

    usual = types()
    if usual is None or len(usual) != 48:
        return None
    if types(use_sliding_window=True, max_window_layers=7, sliding_window=64) == ["full_attention"] * 7 + ["sliding_attention"] * 41:
        if set(usual) == {"full_attention"}:
            return {"rule": "lateWindows"}
    cycle = period_of(usual)
    for field in PATTERN_FIELDS:
        others = [types(**{field: n}) for n in (3, 5)]
        if all(other is not None and other == [other[0] if (i + 1) % n else other[n - 1] for i in range(48)] and len(set(other)) == 2
               for other, n in zip(others, (3, 5))):
            if cycle is not None and len(set(cycle)) == 2:
                return {"rule": "everyNth", "field": field, "usual": len(cycle), "others": cycle[0], "nth": cycle[-1]}
    if cycle is None:
        return None
    isSwitched = types(use_sliding_window=True, sliding_window=64) not in (None, usual)
    return {"rule": "cycle", "types": cycle, **({"unless": "use_sliding_window"} if isSwitched else {})}


def is_all(rule, drivers, layers):
    """Whether a rule reads every field that its result changes with."""
    read = {"lateWindows": {"use_sliding_window", "max_window_layers", "sliding_window"}}.get(
        rule["rule"], {rule.get("field"), rule.get("unless")}
    )
    return drivers <= read | {layers}


def dense_rule(model_type):
    """How the library makes `mlp_layer_types`: the first so many layers are dense."""
    def types(**fields):
        loaded = load(model_type, num_hidden_layers=24, **fields)
        return None if loaded is None else loaded.get("mlp_layer_types")

    usual = types()
    if usual is None:
        return None
    count = next((i for i, kind in enumerate(usual) if kind != "dense"), len(usual))
    if usual != ["dense"] * count + ["sparse"] * (24 - count):
        return None
    has_field = types(first_k_dense_replace=5) == ["dense"] * 5 + ["sparse"] * 19
    return {"rule": "firstDense", "field": "first_k_dense_replace" if has_field else None, "usual": count}


def simple_rules(model_type, computed):
    """Rules that compute a number from others, confirmed by varied sizes."""
    sizes = {"hidden_size": 384, "num_attention_heads": 12}
    checks = {
        "num_key_value_heads": ("same", ["num_attention_heads"], sizes, lambda c: c.get("num_attention_heads")),
        "head_dim": ("quotient", ["hidden_size", "num_attention_heads"], sizes, lambda c: c["hidden_size"] // c["num_attention_heads"]),
        "qk_head_dim": ("sum", ["qk_nope_head_dim", "qk_rope_head_dim"], {"qk_nope_head_dim": 48, "qk_rope_head_dim": 16}, lambda c: 64),
    }
    rules = {}
    for field, (rule, fields, given, expected) in checks.items():
        config = load(model_type, **given)
        if config is None:
            config = load(model_type, **given, num_key_value_heads=None)
        try:
            if field in computed and config is not None and config[field] == expected(config):
                rules[field] = {"rule": rule, "fields": fields}
        except (KeyError, TypeError):
            continue
    if "head_dim" in computed and "head_dim" not in rules:
        config = load(model_type, qk_rope_head_dim=16)
        if config is not None and config.get("head_dim") == 16:
            rules["head_dim"] = {"rule": "same", "fields": ["qk_rope_head_dim"]}
    return rules


def tie_rules(model_type, parts):
    """Whether a tie stated for the language model counts, and T5, which ties always and reads something else from it."""
    rules = {}
    untied = load(model_type, tie_word_embeddings=False)
    if untied is not None and untied.get("tie_word_embeddings") is True:
        rules["tie_word_embeddings"] = {"rule": "constant", "value": True}
        if untied.get("scale_decoder_outputs") is False:
            rules["scale_decoder_outputs"] = {"rule": "same", "fields": ["tie_word_embeddings"]}
    if "text_config" in parts:
        text = {"model_type": parts["text_config"]["type"], "tie_word_embeddings": True}
        tied = load(model_type, text_config=text, tie_word_embeddings=False)
        if tied is not None and tied.get("tie_word_embeddings") is True:
            rules["tie_word_embeddings"] = {"rule": "orText"}
    return rules


def describe(model_type):
    base = load(model_type)
    if base is None:
        return None
    parts = parts_of(model_type)
    synonyms = synonyms_of(model_type)
    stored = {standard: name for name, standard in synonyms.items()}
    computed = varied(model_type, base)
    layers = stored.get("num_hidden_layers", "num_hidden_layers")
    derived = simple_rules(model_type, computed)
    for name in ("layer_types", "no_rope_layers", "layers_block_type"):
        if name in base and base[name] and (rule := layer_rule(model_type, name, stored)):
            if is_all(rule, computed.get(name, set()), layers):
                derived[name] = rule
    if "mlp_layer_types" in base and (rule := dense_rule(model_type)):
        if is_all(rule, computed.get("mlp_layer_types", set()), layers):
            derived["mlp_layer_types"] = rule
    derived |= tie_rules(model_type, parts)
    defaults = {}
    for name, value in sorted(base.items()):
        if name in IRRELEVANT or name in parts or name.startswith("_") or value is None or (name in derived and name != "tie_word_embeddings"):
            continue
        if name in ("sliding_window", "tie_word_embeddings") or name not in computed:
            defaults[synonyms.get(name, name)] = value
    if "use_sliding_window" in computed.get("sliding_window", set()):
        derived["sliding_window"] = {"rule": "switched", "field": "use_sliding_window"}
        defaults["sliding_window"] = load(model_type, use_sliding_window=True)["sliding_window"]
    entry = {"defaults": defaults, "synonyms": synonyms, "parts": parts, "derived": derived}
    return {key: value for key, value in entry.items() if value}


def main():
    queue, table = language_model_types(), {}
    while queue:
        model_type = queue.pop()
        if model_type in table or model_type not in CONFIG_MAPPING_NAMES:
            continue
        entry = describe(model_type)
        if entry is None:
            continue
        table[model_type] = entry
        queue += [part["type"] for part in entry.get("parts", {}).values()]
    rows = {name: json.dumps(table[name], separators=(",", ":")) for name in sorted(table)}
    lines = [f"{name} {row}" for name, row in rows.items()]
    text = f"# transformers {transformers.__version__}\n" + "\n".join(lines) + "\n"
    OUT.write_text(text)
    print(f"{OUT.name}: {len(table)} model types, {len(text)} bytes")


main()
