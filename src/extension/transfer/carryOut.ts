import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { DiffPanels } from '../diff/diffPanels.js';
import type { Engine } from '../kit/engineService.js';
import type { Pages } from '../kit/pages.js';
import type { CombinePlan } from './combineRoom.js';
import type { PlanRunner } from './planRunner.js';
import { showResult } from './showResult.js';
import { askForDepth, verifyOutput } from './verifyOutput.js';

/** A plan that the user wants to be run. */
export interface Order {
  readonly plan: CombinePlan;
  /** Remove an unfinished run of it first. */
  readonly replace: boolean;
}

/** What commands that write checkpoints share. */
export interface WritingServices {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
  readonly diffPanels: DiffPanels;
  readonly pages: Pages;
  readonly runner: PlanRunner;
}

/** Runs a plan and shows what came of it. */
export async function carryOut({ plan, replace }: Order, services: WritingServices): Promise<void> {
  const { library, pages, diffPanels, runner } = services;
  const manifest = await runner.run(plan, { resume: plan.request.resume && !replace, replace });
  if (manifest === null) return;
  await library.refresh();
  await showResult(plan.output, manifest, { pages, diffPanels, verify: (folder) => verify(folder, services) });
}

/** Checks a folder that this tool wrote, as thoroughly as the user wants. */
export async function verify(folder: string, { engine, pages }: Pick<WritingServices, 'engine' | 'pages'>): Promise<void> {
  const deep = await askForDepth(folder);
  if (deep !== undefined) await verifyOutput(engine, pages, folder, deep);
}
