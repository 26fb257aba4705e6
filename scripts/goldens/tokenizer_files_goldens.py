"""Writes test/goldens/tokenizer-files.json.gz: random sets of tokenizer files, and what transformers makes of them.

    pip install transformers==5.24.0 sentencepiece protobuf tiktoken
    python scripts/goldens/tokenizer_files_goldens.py

Each case has the files of a folder (SentencePiece models as base64), and: `vocabulary`, every token's id; `lead`, the ids that stand before
a text; `template`, the chat template in use (null: none, false: the library finds none to use); `stop`, where `generate` ends.
"""
import base64
import gzip
import json
import logging
import os
import random
import shutil
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
import sentencepiece
import transformers
from transformers import AutoConfig, AutoTokenizer, GenerationConfig

logging.disable(logging.WARNING)
ROOT = Path(__file__).resolve().parents[2]
SEED, COUNT = 20261128, 400
WORDS = ["<unk>", "<s>", "</s>", "<pad>", "<|endoftext|>", "<bos>", "<eos>", "<mask>", "<|padding|>", "<FILL_ME>", "▁<PRE>", "▁<MID>", "▁<SUF>", "▁<EOT>", "a", "b", "ab", "▁", "▁a", "Ġb", "<0x0A>"]
EXTRA = ["<|im_start|>", "<|im_end|>", "[PAD]", "<tool>", "zz", "<|reserved_0|>", "b"]
CLASSES = [None, "PreTrainedTokenizerFast", "LlamaTokenizerFast", "LlamaTokenizer", "GemmaTokenizerFast", "GPT2Tokenizer", "GPTNeoXTokenizerFast",
           "CodeLlamaTokenizer", "Qwen2Tokenizer", "CodeGenTokenizer"]
TYPES = ["llama", "gpt2", "gpt_neox", "gemma", "mistral", "qwen2"]


def entry(random, content, **more):
    flags = dict(lstrip=False, rstrip=False, normalized=random.random() < 0.3, single_word=False, special=random.random() < 0.6)
    return dict(content=content, **flags, **more)


def processor(random, words):
    def template(before, after=()):
        special = lambda token: {"SpecialToken": {"id": token, "type_id": 0}}
        text = {"Sequence": {"id": "A", "type_id": 0}}
        single = [*map(special, before), text, *map(special, after)]
        return {"type": "TemplateProcessing", "single": single, "pair": [*single, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {token: {"id": token, "ids": [words.index(token)], "tokens": [token]} for token in {*before, *after}}}
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    return random.choice([
        None, byte_level, template(["<s>"]), template(["<s>"]), template(["<bos>"]), template([], ["</s>"]), template(["<s>"], ["</s>"]),
        template(["<s>", "<bos>"]), {"type": "Sequence", "processors": [byte_level, template(["<bos>"])]},
        {"type": "BertProcessing", "sep": ["</s>", words.index("</s>")], "cls": ["<s>", words.index("<s>")]},
        {"type": "RobertaProcessing", "sep": ["</s>", words.index("</s>")], "cls": ["<s>", words.index("<s>")], "trim_offsets": True, "add_prefix_space": True},
    ])


def tokenizer_json(random):
    words = list(WORDS)
    vocabulary = {word: id for id, word in enumerate(words)}
    if random.random() < 0.15:
        vocabulary = {word: id + (id > 16) * random.randint(1, 3) for word, id in vocabulary.items()}
    added = []
    for content in random.sample(EXTRA, random.randint(0, 4)) + random.sample(words[:8], 3):
        id = vocabulary.get(content, len(words) + len(added) if random.random() < 0.8 else random.randint(0, 40))
        added.append({"id": id, **entry(random, content)})
    if random.random() < 0.8:
        added.sort(key=lambda token: token["id"])
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False,
             "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary, "merges": ["a b"]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None, "pre_tokenizer": None,
            "post_processor": processor(random, words), "decoder": None, "model": model}


def train_pieces(folder):
    text = folder / "text.txt"
    text.write_text("the quick brown fox jumps over a lazy dog\nmerging models with padded rows\n" * 40)
    models = []
    for kind, more in [("bpe", {"byte_fallback": True, "user_defined_symbols": ["<|im_start|>"]}), ("unigram", {"pad_id": 3, "control_symbols": ["<tool>"]})]:
        size = 300 if kind == "bpe" else 34
        sentencepiece.SentencePieceTrainer.train(input=str(text), model_prefix=str(folder / kind), vocab_size=size, model_type=kind, minloglevel=2, **more)
        models.append((folder / f"{kind}.model").read_bytes())
    return models


def special_fields(random, named):
    fields = {}
    for role in ["bos_token", "eos_token", "unk_token", "pad_token"]:
        if random.random() < 0.5:
            choices = {"bos_token": ["<s>", "<bos>"], "eos_token": ["</s>", "<|im_end|>"], "unk_token": ["<unk>"], "pad_token": ["<pad>", "[PAD]"]}[role]
            content = random.choice(choices)
            fields[role] = content if random.random() < 0.7 else {"content": content, "lstrip": False, "rstrip": False, "normalized": False, "single_word": False, **({"__type": "AddedToken"} if named else {})}
    if random.random() < 0.2:
        fields[random.choice(["additional_special_tokens", "extra_special_tokens"])] = random.sample(["<tool>", "<|im_start|>", "<q>"], 2)
    elif random.random() < 0.1:
        fields["extra_special_tokens"] = {"image_token": "<image>"}
    if random.random() < 0.1:
        fields["image_token"] = "<image>"
    return fields


def case(random, pieces):
    files = {}
    kind = random.choice(["json"] * 6 + ["pieces"] * 2 + ["vocab"])
    name, model_type = random.choice(CLASSES), random.choice(TYPES)
    if kind == "json":
        files["tokenizer.json"] = tokenizer_json(random)
    elif kind == "pieces":
        name, model_type = random.choice([("LlamaTokenizer", "llama"), ("PreTrainedTokenizerFast", "mistral")])
        files["tokenizer.model"] = random.choice(pieces if model_type == "mistral" else pieces[:1])
    else:
        name, model_type = "GPT2Tokenizer", "gpt2"
        files.update({"vocab.json": {word: id for id, word in enumerate(WORDS)}, "merges.txt": "#version: 0.2\na b\n"})
    size = len(WORDS) if kind != "pieces" else 300
    config = {} if name is None else {"tokenizer_class": name}
    config.update(special_fields(random, True))
    if random.random() < 0.4:
        config["add_bos_token"] = random.random() < 0.5
    if random.random() < 0.4:
        chosen = random.sample(EXTRA[:6], random.randint(0, 3))
        config["added_tokens_decoder"] = {str(size + i * random.choice([1, 1, 1, 2])): entry(random, content) for i, content in enumerate(chosen)}
    templates = {"chat_template.jinja": "jinja", "additional_chat_templates/tool_use.jinja": "further", "chat_template.json": {"chat_template": "json"}}
    if random.random() < 0.3:
        config["chat_template"] = random.choice(["config", [{"name": "default", "template": "listed"}, {"name": "other", "template": "o"}], [{"name": "other", "template": "o"}]])
    files.update({file: text for file, text in templates.items() if random.random() < 0.15})
    if random.random() < 0.9:
        files["tokenizer_config.json"] = config
    if random.random() < 0.3:
        files["special_tokens_map.json"] = special_fields(random, False)
    if random.random() < 0.3:
        files["added_tokens.json"] = {content: size + i * random.choice([1, 1, 2]) for i, content in enumerate(random.sample(EXTRA[:6], 2))}
    if kind == "pieces":  # the library forgets these where it converts a SentencePiece model
        for fields in (config, files.get("special_tokens_map.json", {})):
            fields.pop("additional_special_tokens", None)
    files["config.json"] = {"model_type": model_type, **({"eos_token_id": random.choice([2, 6, [2, 6]])} if random.random() < 0.7 else {})}
    if random.random() < 0.5:
        files["generation_config.json"] = {"eos_token_id": random.choice([2, 6, [2, 6], None])} if random.random() < 0.8 else {"temperature": 0.5}
    return files


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode())


def lead(tokenizer):
    plain, full = (tokenizer("ab", add_special_tokens=special)["input_ids"] for special in (False, True))
    start = next(start for start in range(len(full) + 1) if full[start : start + len(plain)] == plain)
    return full[:start]


def template(tokenizer):
    if tokenizer.chat_template is None:
        return None
    try:
        return tokenizer.get_chat_template()
    except ValueError:
        return False


def stop(folder):
    if (folder / "generation_config.json").exists():
        return GenerationConfig.from_pretrained(folder).eos_token_id
    return GenerationConfig.from_model_config(AutoConfig.from_pretrained(folder)).eos_token_id


def main():
    rng = random.Random(SEED)
    cases, failures = [], 0
    with tempfile.TemporaryDirectory() as place:
        pieces = train_pieces(Path(place))
        for _ in range(COUNT):
            files = case(rng, pieces)
            folder = Path(place) / "model"
            shutil.rmtree(folder, ignore_errors=True)
            write(folder, files)
            try:
                tokenizer = AutoTokenizer.from_pretrained(folder)
                facts = dict(vocabulary=sorted(tokenizer.get_vocab().items(), key=lambda item: (item[1], item[0])), lead=lead(tokenizer), template=template(tokenizer), stop=stop(folder))
            except Exception as error:  # sets that the library cannot load say nothing
                failures += 1
                continue
            stored = {name: {"base64": pieces.index(content)} if isinstance(content, bytes) else content for name, content in files.items()}
            cases.append(dict(files=stored, **facts))
    root = dict(transformers=transformers.__version__, pieces=[base64.b64encode(model).decode() for model in pieces], cases=cases)
    target = ROOT / "test" / "goldens" / "tokenizer-files.json.gz"
    target.write_bytes(gzip.compress(json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0))
    print(f"{len(cases)} cases, {failures} that the library does not load, {target.stat().st_size} bytes")


main()
