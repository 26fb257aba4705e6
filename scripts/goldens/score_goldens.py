"""Writes test/goldens/scores/expected.json: scores of hard samples and their standard errors, as numpy computes them.

    pip install numpy==2.4.6
    python scripts/goldens/score_goldens.py

Losses are ratios Σ nats / Σ tokens; their standard error is the linearised one of a ratio, from the residuals'
covariance matrix. `jackknife` is the delete-one jackknife of the same ratio, computed by leaving windows out: another
estimator, which must come close where there are many windows. Accuracies have the sample standard deviation over √n.
"""
import json
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[2] / "test" / "goldens" / "scores" / "expected.json"
RNG = np.random.default_rng(20261125)


def ratio_error(amounts, tokens):
    """√(gᵀ Σ g / n) with the gradient of the ratio of means and the sample covariance of (amount, tokens)."""
    mean_amount, mean_tokens = amounts.mean(), tokens.mean()
    gradient = np.array([1 / mean_tokens, -mean_amount / mean_tokens**2])
    return float(np.sqrt(gradient @ np.cov(np.stack([amounts, tokens])) @ gradient / len(amounts)))


def jackknife_error(amounts, tokens):
    n = len(amounts)
    left = (amounts.sum() - amounts) / (tokens.sum() - tokens)
    return float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))


def loss_case(count, models):
    tokens = RNG.integers(1, 512, count).astype(float)
    hardness = RNG.gamma(9.0, 0.4, count)
    nats = [tokens * (hardness + RNG.normal(0.1 * k, 0.05, count)) for k in range(models)]
    coefficients = RNG.normal(size=models)
    contrast = sum(c * a for c, a in zip(coefficients, nats))
    byte_count = int(tokens.sum() * 3.7)
    return {
        "tokens": tokens.astype(int).tolist(),
        "nats": [a.tolist() for a in nats],
        "byteCount": byte_count,
        "losses": [a.sum() / tokens.sum() for a in nats],
        "standardErrors": [ratio_error(a, tokens) for a in nats],
        "jackknife": [jackknife_error(a, tokens) for a in nats],
        "perplexities": [float(np.exp(a.sum() / tokens.sum())) for a in nats],
        "bitsPerByte": [float(a.sum() / np.log(2) / byte_count) for a in nats],
        "coefficients": coefficients.tolist(),
        "contrast": {"value": contrast.sum() / tokens.sum(), "standardError": ratio_error(contrast, tokens)},
    }


def choice_case(count):
    likelihoods = RNG.normal(-20, 4, (count, 4))
    lengths = RNG.integers(1, 40, (count, 4))
    answers = RNG.integers(0, 4, count)
    correct = [(values.argmax(1) == answers).astype(float) for values in (likelihoods, likelihoods / lengths)]
    return {
        "logLikelihoods": likelihoods.tolist(), "byteLengths": lengths.tolist(), "answers": answers.tolist(),
        "accuracies": [float(c.mean()) for c in correct],
        "standardErrors": [float(c.std(ddof=1) / np.sqrt(count)) for c in correct],
    }


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    cases = {"losses": [loss_case(2, 2), loss_case(3, 1), loss_case(65, 3)], "choices": [choice_case(2), choice_case(60)]}
    TARGET.write_text(json.dumps({"numpy": np.__version__, **cases}) + "\n")
