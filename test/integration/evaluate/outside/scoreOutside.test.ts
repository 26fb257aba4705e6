import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess } from '../../../../src/base/ownership/processIdentity.js';
import { inputsOf, interpolation, transfer, type Combination } from '../../../../src/combine/index.js';
import type { CandidateRequest, OutsideScore } from '../../../../src/evaluate/index.js';
import { outsideTask, scoreOutside, type OutsideProgress, type OutsideRequest } from '../../../../src/evaluate/outside/index.js';
import { roles, tensorBytes, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { mountDisk } from '../../../support/mountedDisk.js';
import { familyOf, nodeCommand, shellCommand, stubbornFamily } from './support/scripts.js';

const choices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' } as const;
const target: Combination = { steps: [{ scale: 1, plus: 'target', minus: null }] };
const halfway = interpolation('base', 'target', 0.5);

/** Prints the sum of the first layer's weights in the model's folder, read without our code, and that folder. */
const sumOfWeights = `
  const fs = require('node:fs'), path = require('node:path'), folder = process.argv[1];
  const bytes = fs.readFileSync(path.join(folder, 'model.safetensors'));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const [from, to] = JSON.parse(bytes.subarray(8, start).toString())['model.layers.0.mlp.weight'].data_offsets;
  const bits = new Uint16Array(bytes.buffer.slice(bytes.byteOffset + start + from, bytes.byteOffset + start + to));
  const sum = new Float32Array(Uint32Array.from(bits, (value) => value << 16).buffer).reduce((a, b) => a + b, 0);
  console.log(folder); console.log(JSON.stringify({ sum }))`;

/** Values of bfloat16, and a value rounded to it: to nearest, ties to even. */
function widen(bytes: Buffer): Float32Array {
  const bits = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return new Float32Array(Uint32Array.from(bits, (value) => value << 16).buffer);
}
function rounded(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const kept = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(kept).buffer)[0]!;
}

function push<Value>(list: Value[], value: Value): Promise<void> {
  list.push(value);
  return Promise.resolve();
}

describe('scores of an outside command', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 2, 80_000);
  });
  after(() => space.remove());

  function request(candidates: readonly CandidateRequest[], command = nodeCommand(sumOfWeights, 'sum')): OutsideRequest {
    const named = new Set(candidates.flatMap(({ combination }) => inputsOf(combination)));
    const inputs = roles.map((role) => ({ role, path: space.path('family', role), expect: 'checkpoint' as const }));
    return { candidates, inputs: inputs.filter(({ role }) => named.has(role)), choices, command, workers: 1 };
  }

  /** A temporary folder of the test's own, which has to be empty in the end. */
  async function inRoot<Result>(name: string, use: (root: string) => Promise<Result>): Promise<Result> {
    try {
      return await use(space.path(name));
    } finally {
      assert.deepEqual(await readdir(space.path(name)), []);
    }
  }

  async function expectedSum(value: (t: number, f: number, b: number) => number): Promise<number> {
    const weights = await Promise.all(roles.map((role) => tensorBytes(space.path('family', role))));
    const [t, f, b] = weights.map((tensors) => widen(tensors.get('model.layers.0.mlp.weight')!));
    return t!.reduce((sum, _, i) => sum + rounded(value(t![i]!, f![i]!, b![i]!)), 0);
  }

  it('are those of the checkpoints that would be saved, in the order of the candidates', async () => {
    const candidates = [
      { label: 'λ = 0.5', combination: transfer('target', 'finetuned', 'base', 0.5) },
      { label: 'halfway', combination: halfway },
      { label: 'target', combination: target },
    ];
    const known: [number, OutsideScore][] = [];
    const scores = await inRoot('scores', (temporaryRoot) =>
      scoreOutside(request(candidates), { temporaryRoot, onScore: (candidate, score) => push(known, [candidate, score]) }),
    );
    const expected = [
      await expectedSum((t, f, b) => t + 0.5 * (f - b)),
      await expectedSum((t, _, b) => (t + b) / 2),
      await expectedSum((t) => t),
    ];
    assert.deepEqual(
      scores.map(({ value }) => value),
      expected,
    );
    assert.deepEqual(
      known,
      scores.map((score, i) => [i, score]),
    );
    assert.deepEqual(scores[0], { kind: 'outside', value: expected[0], higherIsBetter: true });
  });

  it('of an input come from where it lies; every other candidate is written, alone on the disk', async () => {
    const candidates = [
      { label: 'halfway', combination: halfway },
      { label: 'λ = 0', combination: transfer('target', 'finetuned', 'base', 0) },
      { label: 'again', combination: halfway },
    ];
    const script = 'echo "$0"; ls "$0/.."; echo 1';
    const lines: string[] = [];
    const progress: OutsideProgress[] = [];
    await inRoot('places', (temporaryRoot) =>
      scoreOutside(request(candidates, shellCommand(script)), {
        temporaryRoot,
        onOutput: ({ text }) => lines.push(text),
        onProgress: (step) => progress.push(step),
      }),
    );
    const folders = lines.filter((line) => line.startsWith('/'));
    assert.equal(folders[1], space.path('family', 'target'));
    assert.match(folders[0]!, /places\/model-rebase-outside-[0-9a-f]{8}-\d+(-\d+)?-\w{6}\/candidate-1$/);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('candidate')),
      ['candidate-1', 'candidate-3'],
    );
    const phases = progress.map(({ label, phase }) => `${label} ${phase}`);
    assert.deepEqual([...new Set(phases)], ['halfway writing', 'halfway running', 'λ = 0 running', 'again writing', 'again running']);
    assert.ok(progress.every(({ doneBytes, totalBytes }) => doneBytes <= totalBytes && totalBytes > 320_000));
  });

  it('of an input that is laid out in its own way come from a copy', async () => {
    await mkdir(space.path('odd'));
    await symlink(space.path('family', 'target', 'model.safetensors'), space.path('odd', 'weights.safetensors'));
    const odd = {
      ...request([{ label: 'odd', combination: target }]),
      inputs: [{ role: 'target', path: space.path('odd'), expect: 'checkpoint' as const }],
    };
    const [score] = await inRoot('odd root', (temporaryRoot) => scoreOutside(odd, { temporaryRoot }));
    assert.equal(score!.value, await expectedSum((t) => t));
  });

  it('leave nothing behind when the command fails; what was known before is not lost', async () => {
    const known: number[] = [];
    const script = 'case "$0" in *candidate-2) echo no >&2; exit 4;; *) echo 7;; esac';
    const candidates = ['a', 'b', 'c'].map((label) => ({ label, combination: halfway }));
    const run = inRoot('failure', (temporaryRoot) =>
      scoreOutside(request(candidates, shellCommand(script)), { temporaryRoot, onScore: (_, { value }) => push(known, value) }),
    );
    await assert.rejects(run, { name: 'OutsideCommandError', message: /^b: sh ended with exit code 4.*\n {2}no$/ });
    assert.deepEqual(known, [7]);
  });

  it('leave nothing behind when cancelled while a candidate is written, or while the command runs', async () => {
    const candidates = [{ label: 'halfway', combination: halfway }];
    for (const phase of ['writing', 'running'] as const) {
      const cancellation = new AbortController();
      const onProgress = (progress: OutsideProgress) => {
        if (progress.phase === phase) setTimeout(() => cancellation.abort(new Error(`enough ${phase}`)), phase === 'running' ? 100 : 0);
      };
      const run = inRoot(phase, (temporaryRoot) =>
        scoreOutside(request(candidates, shellCommand('exec sleep 1000')), { temporaryRoot, onProgress, signal: cancellation.signal }),
      );
      await assert.rejects(run, { message: `enough ${phase}` });
    }
  });

  it('fail before anything is written where a command or a candidate cannot work', async () => {
    const candidates = [
      { label: 'halfway', combination: halfway },
      { label: 'lost', combination: interpolation('base', 'other', 0.5) },
    ];
    await writeFamily(space.path('other'), 3, 8_000);
    const { inputs, ...rest } = request(candidates, shellCommand(`touch '${space.path('ran')}'`));
    const mismatched = {
      ...rest,
      inputs: [...inputs, { role: 'other', path: space.path('other', 'base'), expect: 'checkpoint' as const }],
    };
    const temporaryRoot = space.path('early');
    await assert.rejects(scoreOutside(mismatched, { temporaryRoot }), { name: 'OutputError', message: /^lost: / });
    assert.deepEqual([await readdir(temporaryRoot), existsSync(space.path('ran'))], [[], false]);
    await assert.rejects(scoreOutside({ ...mismatched, command: shellCommand('', 'a..b') }, { temporaryRoot }), /The value path a\.\.b/);
  });

  it('refuse candidates that do not fit on the disk', async function () {
    const disk = mountDisk(space.path('disk'), 'size=256k');
    if (disk === null) this.skip();
    try {
      const run = inRoot('disk', (temporaryRoot) => scoreOutside(request([{ label: 'halfway', combination: halfway }]), { temporaryRoot }));
      await assert.rejects(
        run,
        /halfway: The output needs 3\d\d kB, but its disk has 2\d\d kB left\. .* temporary folder, \/.*disk, which TMPDIR chooses\./,
      );
    } finally {
      disk.unmount();
    }
  });

  it('remove what a killed process left, and nothing else', async () => {
    const root = space.path('killed');
    const family = space.path('killed-family');
    const order = JSON.stringify(request([{ label: 'halfway', combination: halfway }], stubbornFamily(family)));
    const module = JSON.stringify(join(__dirname, '../../../../src/evaluate/outside/index.ts'));
    const script = `void require(${module}).scoreOutside(${order}, { temporaryRoot: ${JSON.stringify(root)} })`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'inherit', 'inherit'] });
    const pids = await familyOf(family);
    const reaped = once(child, 'exit'); // until then, its number is still taken
    child.kill('SIGKILL');
    await reaped;
    for (const pid of pids) process.kill(pid, 'SIGKILL'); // nobody could do that for a process that was killed itself
    const [left] = await readdir(root);
    assert.match(left!, new RegExp(`^model-rebase-outside-[0-9a-f]{8}-${child.pid}(-\\d+)?-\\w{6}$`));
    const { startTicks } = identifyProcess(process.pid);
    const others = [
      left!.replace(new RegExp(`-${child.pid}(-\\d+)?-`), startTicks === null ? `-${process.pid}-` : `-${process.pid}-${startTicks}-`),
      left!.replace(/outside-[0-9a-f]{8}/, 'outside-00000000'),
      `${left!}-2`,
    ];
    for (const name of others) await mkdir(join(root, name));
    await scoreOutside(request([{ label: 'target', combination: target }]), { temporaryRoot: root });
    assert.deepEqual((await readdir(root)).sort(), others.sort());
  });
});

describe('an outside command as a task', () => {
  it('is named by program and value, and told apart by command and value alone', () => {
    const command = {
      command: ['/usr/bin/lm_eval', '--model_args', 'pretrained={model}'],
      value: 'results.arc.acc',
      higherIsBetter: true,
      timeoutSeconds: 5,
    };
    const { name, path, kind, hash } = outsideTask(command);
    assert.deepEqual([name, path, kind], ['lm_eval results.arc.acc', '/usr/bin/lm_eval --model_args pretrained={model}', 'outside']);
    assert.equal(outsideTask({ ...command, timeoutSeconds: 6 }).hash, hash);
    assert.notEqual(outsideTask({ ...command, value: 'results.arc.acc_norm' }).hash, hash);
  });
});
