"""Questions with a choice of answers, made from held-out text: in which order do the words stand?"""

from __future__ import annotations

import json
import random

CHOICES = 4
PROMPT_WORDS = 6
SHUFFLED_WORDS = 6


def word_order_questions(pages: list[str], count: int, seed: int) -> list[str]:
    """JSON lines {"prompt", "choices", "answer"}: the start of a paragraph and its next six words, in the right order and in
    three wrong ones. All choices hold the same words, so that only their order can tell. Guessing gives a quarter."""
    chance = random.Random(seed)
    paragraphs = [line.split() for page in pages for line in page.split("\n")]
    long_enough = [words for words in paragraphs if len(words) >= PROMPT_WORDS + SHUFFLED_WORDS]
    starts = [
        words[i : i + PROMPT_WORDS + SHUFFLED_WORDS]
        for words in long_enough
        for i in range(0, len(words) - PROMPT_WORDS - SHUFFLED_WORDS + 1, SHUFFLED_WORDS)
        if len(set(words[i + PROMPT_WORDS : i + PROMPT_WORDS + SHUFFLED_WORDS])) == SHUFFLED_WORDS
    ]
    return [question(words, chance) for words in chance.sample(starts, min(count, len(starts)))]


def question(words: list[str], chance: random.Random) -> str:
    """One line of the file."""
    right = words[PROMPT_WORDS:]
    orders = [right]
    while len(orders) < CHOICES:
        order = chance.sample(right, len(right))
        if order not in orders:
            orders.append(order)
    chance.shuffle(orders)
    choices = [" " + " ".join(order) for order in orders]
    item = {"prompt": " ".join(words[:PROMPT_WORDS]), "choices": choices, "answer": orders.index(right)}
    return json.dumps(item, ensure_ascii=False) + "\n"
