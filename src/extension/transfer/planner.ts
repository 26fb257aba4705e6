import type { Engine } from '../kit/engineService.js';
import { readWorkers } from '../kit/settings.js';
import type { CombinePlan } from './combineRoom.js';
import { type Draft, requestOf } from './draft.js';

/** Plans drafts. A plan is kept until the draft is another one; `refresh` looks at files and disk again. */
export class Planner {
  private key = '';
  private latest: Promise<CombinePlan> | undefined;

  constructor(private readonly engine: Engine) {}

  plan(draft: Draft): Promise<CombinePlan> {
    const key = JSON.stringify(draft);
    if (this.latest === undefined || key !== this.key) return this.refresh(draft);
    return this.latest;
  }

  refresh(draft: Draft): Promise<CombinePlan> {
    this.key = JSON.stringify(draft);
    this.latest = this.engine.request('combine/plan', requestOf(draft, readWorkers()));
    return this.latest;
  }
}
