"""Which files of a folder transformers and diffusers load, over seeded random folders: test/goldens/which-files.json.

Needs torch, transformers, diffusers (their versions stand in the file). No weights are written: the libraries decide by names and indices.
"""
import json, os, random, sys, tempfile
from pathlib import Path

import diffusers, transformers
from diffusers.models.model_loading_utils import _fetch_index_file
from diffusers.utils.hub_utils import _get_checkpoint_shard_files, _get_model_file
from transformers.modeling_utils import _get_resolved_checkpoint_files

COUNT = 200
OUT = Path(__file__).resolve().parents[2] / 'test' / 'goldens' / 'which-files.json'


def shards(stem, count, variant=''):
    return [f'{stem}{variant}-{number:05d}-of-{count:05d}.safetensors' for number in range(1, count + 1)]


def layout(rng, stem):
    """Files, indices with the shards they name, and what config.json names."""
    files, indices = set(), {}
    for variant in ('', '.fp16'):
        if rng.random() < 0.45:
            files.add(f'{stem}{variant}.safetensors')
        for count in (2, 3):
            if rng.random() < 0.4:
                files.update(shards(stem, count, variant))
        if rng.random() < 0.5:
            name = f'{stem}.safetensors.index{variant}.json'
            indices[name] = rng.choice([shards(stem, 2, variant), shards(stem, 3, variant), [f'{stem}{variant}.safetensors'], shards(stem, 5, variant)])
    for name in ('consolidated.safetensors', 'other.safetensors', 'pytorch_model.bin', 'params.json'):
        if rng.random() < 0.2:
            files.add(name)
    named = rng.choice([None] * 9 + ['other.safetensors'])
    return {'files': sorted(files), 'indices': indices, 'named': named if stem == 'model' else None}


def write(folder, case):
    for name in case['files']:
        Path(folder, name).write_bytes(b'')
    for name, of in case['indices'].items():
        Path(folder, name).write_text(json.dumps({'metadata': {}, 'weight_map': {file: file for file in of}}))


def relative(folder, paths):
    return [os.path.relpath(path, folder) for path in paths]


def ask_transformers(folder, case, variant):
    try:
        found, _ = _get_resolved_checkpoint_files(
            folder, variant=variant, gguf_file=None, use_safetensors=None, user_agent=None, is_remote_code=False,
            transformers_explicit_filename=case['named'] if variant is None else None,
        )
    except OSError:
        return None
    return relative(folder, found)


def ask_diffusers(folder, _case, variant):
    """As `ModelMixin.from_pretrained` with safetensors does for a local folder."""
    place = dict(cache_dir=None, force_download=False, proxies=None, local_files_only=True, token=None, revision=None, user_agent=None)
    index = _fetch_index_file(
        is_local=True, pretrained_model_name_or_path=folder, subfolder=None, use_safetensors=True, variant=variant, commit_hash=None, **place
    )
    try:
        if index.is_file():
            found, _ = _get_checkpoint_shard_files(folder, index, subfolder='')
            return relative(folder, found)
        name = 'diffusion_pytorch_model.safetensors' if variant is None else f'diffusion_pytorch_model.{variant}.safetensors'
        return relative(folder, [_get_model_file(folder, weights_name=name, subfolder=None, commit_hash=None, **place)])
    except (OSError, ValueError):
        return None


def main():
    rng = random.Random(14)
    cases = []
    for number in range(COUNT):
        stem, ask = (('model', ask_transformers), ('diffusion_pytorch_model', ask_diffusers))[number % 2]
        case = layout(rng, stem)
        with tempfile.TemporaryDirectory() as folder:
            write(folder, case)
            case['loads'] = {'default': ask(folder, case, None), 'fp16': ask(folder, case, 'fp16')}
        cases.append(case)
    versions = {'transformers': transformers.__version__, 'diffusers': diffusers.__version__}
    lines = ',\n'.join(json.dumps(case) for case in cases)
    OUT.write_text(f'{{"versions": {json.dumps(versions)}, "cases": [\n{lines}\n]}}\n')
    print(f'{OUT}: {len(cases)} folders', file=sys.stderr)


if __name__ == '__main__':
    main()
