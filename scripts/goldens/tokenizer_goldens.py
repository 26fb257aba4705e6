"""Writes test/goldens/tokenizers/: small tokenizers of the kinds that model families use, and the ids they give to hard texts.

    pip install tokenizers==0.23.3
    python scripts/goldens/tokenizer_goldens.py

Each file `<kind>.json.gz` holds the text of a `tokenizer.json`, trained here on the samples' texts and the texts below,
and the ids of every text of `texts.json` and of one long text, without special tokens, as the Rust library computes them. `sample.json.gz` has
the ids for the samples' own tokenizer. The texts are hard cases of many scripts, and seeded random mixtures of their parts.
"""
import gzip
import hashlib
import json
import math
import random
from collections import Counter
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "test" / "goldens" / "tokenizers"
SEED = 20261125
VOCABULARY = 700

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")

HARD_TEXTS = [
    "a", " ", "\n", "  ", "\t", " a", "a ", "  two  spaces   three ", "line\nline\r\nline\rline\n\n\n", "\u00a0no-break\u3000wide\u2009thin",
    "It's I'LL we'Ve they'D 'tis rock'n'roll ſ's K's", "1 12 123 1234 12345678 3.14159 1e-05 ٣٤٥ १२३ ½ ² Ⅷ",
    "def f(x):\n    return {'a': [x**2, \"b\"]}  # done\n\n\n        deep\n",
    "naïve café — “quotes” … ‘single’ l’été œuvre Straße İstanbul ıI ſtraße ﬁne ﬃ",
    "cafe\u0301 vs café; A\u030a Å \u212b; q\u0307\u0323 q\u0323\u0307", "Привет, мир! Ёлка ёж — это «кавычки».",
    "Καλημέρα κόσμε, ὕβρις ΣΊΣΥΦΟΣ ς σ", "你好，世界。今天天气很好！龍龜 㐀 \U00020000", "こんにちは世界、カタカナ ｶﾀｶﾅ ﾊﾟ パ が が",
    "안녕하세요 세계 \u1112\u1161\u11ab 한", "שָׁלוֹם עוֹלָם مرحبا بالعالم ﷺ لا", "नमस्ते दुनिया क्षत्रिय தமிழ் ไทยแลนด์ ກຂ",
    "🙂👍🏽👨‍👩‍👧‍👦🇩🇪 ☃️ ♥ ✈︎ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "x² + y³ ≤ ∑ᵢ αᵢ·βᵢ ⊗ ℝ 𝔸 𝒜 ①②", "\u0000\u0001\u001f\u007f\u0085\u009f control",
    "\ufeffmark \u200b\u200c\u200d\u2060 joiners \u202eright", "e" + "\u0301" * 12, "<s> </s> <unk> <|endoftext|> <|im_start|>user\nhi<|im_end|>",
    "a<s>b <s> c</s> d  <mask>  e<0x41>▁f ▁ ▁▁g", "<start_of_turn>model\n\n\nok<end_of_turn>", "http://example.com/a?b=c&d=%20e#f user@host.org",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "word" * 80, "ab " * 60, "....!!!???---___***///\\\\\\",
    "MixedCASE camelCase snake_case kebab-case ALLCAPS", "\u0370\u0378 \ufdd0 \uffff \U0010ffff \ue000", "ǅ ǆ Ǆ ﬀ ẞ ß ŉ ΐ", "tab\there\tand\vthere\f.",
    "१०० ೧೨ 〇一二 ㊀ ㍿ ％＄＃ ＡＢＣ ａｂｃ", "a\u0300\u0316b\u0323\u0302", " \u2028 \u2029 \n \u2028", "é" * 30 + " " * 30 + "\n" * 10,
]
PARTS = ["a", "the", "The", "ing", "é", "e\u0301", "'s", "'", '"', " ", "  ", "   ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "0", "12", "345", "6789", ".", ",",
         "...", "-", "_", "(", ")", "{", "/", "ж", "мир", "你", "好的", "の", "カ", "한", "ع", "ל", "न", "ि", "ท", "🙂", "👍🏽", "\u200d", "\ufe0f", "\u0301",
         "ß", "İ", "ﬁ", "²", "½", "٣", "▁", "<s>", "</s>", "<unk>", "<|endoftext|>", "<mask>", "\ufeff", "\u200b", "\u0085", "\u2028", "ǅ", "\U00020000", "\x00"]
PAIRS = [
    ["The sky is", " blue"], ["The sky is ", "blue"], ["The sky is  ", " blue"], ["Answer:", "yes"], ["The function ret", "urn the value"],
    ["", "The end"], ["  ", "The end"], ["Question?\n", "Answer."], ["line\n\n", "\n\nline"], ["Le caf", "é est là"], ["12", "345 and 6"],
    ["人人生而", "自由，在尊严"], ["Привет, ", "мир!"], ["e", "\u0301t\u00e9 en"], ["def f(x):\n    ", "return x"], ["It", "'s fine"], ["a<s>", " b c"],
]
MULTILINGUAL = [
    "Привет, мир! Все люди рождаются свободными и равными в своём достоинстве и правах.", "Καλημέρα κόσμε. Όλοι οι άνθρωποι γεννιούνται ελεύθεροι.",
    "你好，世界。人人生而自由，在尊严和权利上一律平等。", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है।",
]


def mixtures(count):
    """Random sequences of the parts, short and long."""
    rng = random.Random(SEED)
    return ["".join(rng.choice(PARTS) for _ in range(rng.choice([2, 3, 5, 8, 13, 40]))) for _ in range(count)]


def corpus():
    """What the tokenizers learn from: some of every held-out text of the samples, and many scripts."""
    kinds = ["english", "french", "python"]
    texts = [(ROOT / "samples" / "text" / f"{kind}.txt").read_text(encoding="utf-8")[:15000] for kind in kinds]
    return [line for text in texts for line in text.splitlines(keepends=True)] + MULTILINGUAL * 3


def added(content, special=True, **options):
    return AddedToken(content, special=special, normalized=options.pop("normalized", not special), **options)


def common_characters():
    """The corpus without rare characters. (A trainer's own limit breaks ties at random.)"""
    counts = Counter("".join(corpus()))
    return ["".join(c for c in line if counts[c] >= 6) for line in corpus()]


def train_bpe(tokenizer, specials, lines, **options):
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=specials, show_progress=False, **options)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def byte_level(pre_tokenizer, specials, normalizer=None, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizer, decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    return train_bpe(tokenizer, specials, corpus(), initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))


def split_then_bytes(pattern, behavior="isolated"):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior=behavior), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def with_template(tokenizer, bos):
    bos_id = tokenizer.token_to_id(bos)
    template = processors.TemplateProcessing(single=f"{bos} $A", pair=f"{bos} $A {bos}:1 $B:1", special_tokens=[(bos, bos_id)])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def gpt2():
    return byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), ["<|endoftext|>"])


def prefix_space():
    return byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True), ["<s>", "</s>", added("<mask>", lstrip=True)])


def llama3():
    tokenizer = byte_level(split_then_bytes(LLAMA3), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], ignore_merges=True)
    return with_template(tokenizer, "<|endoftext|>")


def qwen2():
    return byte_level(split_then_bytes(QWEN), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], normalizers.NFC())


def neox():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), ["<|endoftext|>"], normalizers.NFC())
    tokenizer.add_tokens([added(" " * n, special=False) for n in (24, 8, 4, 3, 2)])
    return tokenizer


def digits():
    return byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]), ["<|endoftext|>"])


def merged():
    """Matches that join their neighbours."""
    parts = [pre_tokenizers.Split(Regex(r"\n+|[.,]"), behavior="merged_with_previous"), pre_tokenizers.Split("(", behavior="merged_with_next")]
    return byte_level(pre_tokenizers.Sequence([*parts, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), ["<|endoftext|>"])


def whitespace():
    parts = [pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=False)]
    return byte_level(pre_tokenizers.Sequence([*parts, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), ["<|endoftext|>"])


def learn_pieces(specials):
    learner = Tokenizer(models.BPE(unk_token="<unk>"))
    learner.pre_tokenizer = pre_tokenizers.Metaspace()
    return train_bpe(learner, ["<unk>", "<s>", "</s>", *specials], common_characters())


def byte_fallback(normalizer, pre_tokenizer=None):
    """BPE over characters, with bytes for characters that it lacks, as converted from SentencePiece."""
    learned = json.loads(learn_pieces([f"<0x{byte:02X}>" for byte in range(256)]).to_str())["model"]
    merges = [tuple(merge) for merge in learned["merges"]]
    vocabulary = learned["vocab"] | {run: len(learned["vocab"]) + i for i, run in enumerate(("▁▁", "▁▁▁▁"))}
    merges = [("▁", "▁"), ("▁▁", "▁▁"), *merges]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def llama2():
    return byte_fallback(normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]))


def phi3():
    tokenizer = llama2()
    tokenizer.add_special_tokens([added("<|im_start|>", rstrip=True), added("<|im_end|>", rstrip=True), added("<|endoftext|>")])
    return tokenizer


def gemma():
    tokenizer = byte_fallback(normalizers.Replace(" ", "▁"), pre_tokenizers.Split(" ", behavior="merged_with_previous"))
    tokenizer.add_special_tokens(["<start_of_turn>", "<end_of_turn>"])
    tokenizer.add_tokens([added("\n" * n, special=False, normalized=False) for n in (2, 3)])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def mistral():
    return byte_fallback(normalizers.Sequence([]), pre_tokenizers.Metaspace(prepend_scheme="first", split=False))


def scored_pieces():
    """Pieces with the logarithm of their share. (The library's own trainer gives other scores in every run.) No two are equal."""
    learner = learn_pieces([])
    counts = Counter(piece for line in common_characters() for piece in learner.encode(line).tokens)
    pieces = [piece for piece, _ in sorted(learner.get_vocab().items(), key=lambda item: item[1])]
    total = sum(counts.values())
    return [(piece, math.log((counts[piece] + 0.5) / total) - 1e-4 * i) for i, piece in enumerate(pieces)]


def unigram(pre_tokenizer, normalizer):
    tokenizer = Tokenizer(models.Unigram(scored_pieces(), 0, False))
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = normalizer, pre_tokenizer, decoders.Metaspace()
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def unigram_nfkc():
    return unigram(pre_tokenizers.Metaspace(), normalizers.NFKC())


def unigram_words():
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    return unigram(pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), normalizers.Sequence([normalizers.NFKC(), spaces]))


KINDS = [gpt2, prefix_space, llama3, qwen2, neox, digits, merged, whitespace, llama2, phi3, gemma, mistral, unigram_nfkc, unigram_words]


def write(name, content):
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def continuation(tokenizer, prompt, follower):
    """Ids of both texts together, and where those of the prompt end, by lm-evaluation-harness's rule (`_encode_pair`)."""
    head = prompt.rstrip()
    whole = tokenizer.encode(prompt + follower, add_special_tokens=False).ids
    return [whole, min(len(whole), len(tokenizer.encode(head, add_special_tokens=False).ids))]


def expectation(text, texts):
    """The ids that a tokenizer read back from its JSON gives, and a hash of those of a long text (32-bit, little-endian)."""
    tokenizer = Tokenizer.from_str(text)
    ids = [tokenizer.encode(entry, add_special_tokens=False).ids for entry in texts]
    whole = "".join((ROOT / "samples" / "text" / f"{kind}.txt").read_text(encoding="utf-8") for kind in ("french", "python"))
    long_ids = tokenizer.encode(whole, add_special_tokens=False).ids
    packed = b"".join(token.to_bytes(4, "little") for token in long_ids)
    pairs = [continuation(tokenizer, *pair) for pair in PAIRS]
    return {"ids": ids, "pairs": pairs, "longCount": len(long_ids), "longSha256": hashlib.sha256(packed).hexdigest()}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = HARD_TEXTS + mixtures(400)
    (FOLDER / "texts.json").write_text(json.dumps({"library": f"tokenizers {tokenizers.__version__}", "texts": texts, "pairs": PAIRS}, ensure_ascii=True, indent=0) + "\n")
    sample = (ROOT / "samples" / "base-1" / "tokenizer.json").read_text(encoding="utf-8")
    write("sample", {"tokenizer": None, **expectation(sample, texts)})
    for kind in KINDS:
        text = kind().to_str()
        write(kind.__name__, {"tokenizer": text, **expectation(text, texts)})


if __name__ == "__main__":
    main()
