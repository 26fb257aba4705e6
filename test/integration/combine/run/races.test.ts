import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { recordPath } from '../../../../src/base/ownership/occupant.js';
import { readManifest, runCombine, verify } from '../../../../src/combine/run/index.js';
import { planTransfer, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { jobFolder, madeFolder } from '../../../support/partialFolder.js';
import { randomUint32s } from '../../../unit/compute/support/random.js';
import { drawRacers, race, type RacerEnd } from './support/race.js';

const raceCount = 210;
const racesAtOnce = 3;
const quick = { sync: false, workers: 2 } as const;

/** What lies at the place before a race. */
const beginnings = ['nothing', 'complete', 'partial', 'old partial', 'being replaced'] as const;
type Beginning = (typeof beginnings)[number];

const losses: readonly (readonly [name: string, message: RegExp])[] = [
  ['owned', new RegExp(`is being written by process (\\d+) on ${hostname()}, since 20\\d\\d-`)],
  ['lost', new RegExp(`was taken over by process (\\d+) on ${hostname()}, since 20|was taken over or removed by somebody else`)],
  ['there', /out exists already\.|out is complete already/],
  ['left', /out\.partial is left from a run that did not finish/],
  ['other', /out\.partial cannot be resumed: what is asked for now is another combination/],
];

/** What one leaves that is killed before it says who it is: nobody can tell that from a living one's until it has been silent for long. */
function isUnsigned(folder: string, name: string): boolean {
  const id = name.replace(/^\.model-rebase-/, '');
  return id !== name && !existsSync(recordPath(join(folder, name, id), id));
}

describe('races for one output', function () {
  this.timeout(900_000);
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 4, 120_000);
    for (const beginning of beginnings) await mkdir(space.path(beginning));
    await runCombine(await planTransfer(space.path('family'), space.path('complete', 'out'), 0.5), quick);
    await leaveHalf(space.path('partial', 'out'));
    await leaveHalf(space.path('old partial', 'out'));
    await makeOld(space.path('old partial', 'out'));
    await cp(space.path('partial'), space.path('being replaced'), { recursive: true });
    await cp(space.path('complete', 'out'), join(jobFolder(space.path('being replaced', 'out')), 'replaced'), { recursive: true });
  });
  after(() => space.remove());

  async function leaveHalf(output: string): Promise<void> {
    const controller = new AbortController();
    const options = { ...quick, keepPartial: true, signal: controller.signal, onProgress: () => controller.abort() };
    await assert.rejects(runCombine(await planTransfer(space.path('family'), output, 1), options), { name: 'AbortError' });
  }

  /** Lays a partial output out as earlier versions did. */
  async function makeOld(output: string): Promise<void> {
    for (const name of await readdir(madeFolder(output))) await rename(join(madeFolder(output), name), join(`${output}.partial`, name));
    await rm(jobFolder(output), { recursive: true });
  }

  /** What is wrong with the end of a process; null when nothing is. */
  function problemOf(end: RacerEnd, all: readonly RacerEnd[], beginning: Beginning): string | null {
    if (end.signal !== null) return end.signal === 'SIGKILL' && end.fate.kind === 'killed' ? null : `ended by ${end.signal}`;
    if (end.code === 0) return null;
    if (end.code !== 2) return `exit code ${String(end.code)}`;
    const [name, message] = losses.find(([, pattern]) => pattern.test(end.stderr)) ?? ['unexplained', /$/];
    const pid = Number(message.exec(end.stderr)?.[1] ?? Number.NaN);
    const others = all.filter((other) => other !== end);
    const hasKilled = others.some(({ signal, code, flags }) => signal !== null || code !== 0 || flags.includes('--take-over'));
    const isRight: Readonly<Record<string, boolean>> = {
      owned: others.some((other) => other.pid === pid),
      lost: others.some(({ flags }) => flags.includes('--take-over')) && (Number.isNaN(pid) || others.some((other) => other.pid === pid)),
      there: beginning === 'complete' || beginning === 'being replaced' || others.some(({ code, signal }) => code === 0 || signal !== null),
      left: !['nothing', 'complete'].includes(beginning) || hasKilled,
      other: end.flags.includes('--resume'),
    };
    return isRight[name] === true ? null : `${name}: ${end.stderr}`;
  }

  async function runRace(seed: number): Promise<readonly RacerEnd[]> {
    const next = randomUint32s(seed);
    const random = (below: number): number => next() % below;
    const beginning = beginnings[random(beginnings.length)]!;
    const folder = space.path(`race ${seed}`);
    const output = join(folder, 'out');
    if (beginning === 'nothing') await mkdir(folder);
    else await cp(space.path(beginning), folder, { recursive: true });
    const ends = await Promise.all(drawRacers(random).map((racer) => race(space.path('family'), output, racer)));
    const told = (): string => JSON.stringify({ seed, beginning, ends, left: existsSync(folder) }, null, 1);
    for (const end of ends) assert.equal(problemOf(end, ends, beginning), null, told());
    if (existsSync(output)) await assertWhole(output, told);
    else assert.ok(beginning !== 'complete' || ends.some(({ signal }) => signal !== null), told());
    await runCombine(await planTransfer(space.path('family'), output, 1, { overwrite: true }), { ...quick, overwrite: true });
    const left = (await readdir(folder)).filter((name) => !(ends.some(({ signal }) => signal !== null) && isUnsigned(folder, name)));
    assert.deepEqual(left, ['out'], told());
    await assertWhole(output, told);
    await rm(folder, { recursive: true });
    return ends;
  }

  async function assertWhole(output: string, told: () => string): Promise<void> {
    const { differences, unlisted } = await verify(output, { workers: 2 });
    assert.deepEqual([differences, unlisted], [[], []], told());
    assert.ok([0.5, 1].includes((await readManifest(join(output, 'model-rebase.json'))).combination.steps.at(-1)!.scale), told());
  }

  it('end with a whole output or none, and losers that say who has it', async function () {
    const ends: RacerEnd[] = [];
    let seed = 0;
    const runSome = async (): Promise<void> => {
      while (seed < raceCount) ends.push(...(await runRace(seed++)));
    };
    await Promise.all(Array.from({ length: racesAtOnce }, runSome));
    const tally = new Map<string, number>();
    for (const { code, signal, stderr } of ends) {
      const end = code === 0 ? 'won' : (signal ?? losses.find(([, message]) => message.test(stderr))![0]);
      tally.set(end, (tally.get(end) ?? 0) + 1);
    }
    for (const end of ['won', 'SIGKILL', 'owned', 'there', 'left']) assert.ok((tally.get(end) ?? 0) > 0, `${end} occurs`);
  });
});
