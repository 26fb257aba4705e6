import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { Engine } from '../kit/engineService.js';
import { guessRoles, type RoleGuess } from './guessRoles.js';
import { cluesOf } from './modelClues.js';
import { probeDistances } from './probeDistances.js';

interface GuessServices {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
}

/** Guesses the parts of selected models from what lies beside their weights and from the weights themselves. @throws as `guessRoles` */
export async function guessFromSelection(paths: readonly string[], { engine, library }: GuessServices): Promise<RoleGuess> {
  const models = await Promise.all(paths.map((path) => library.checkpointAt(path)));
  return guessRoles(await Promise.all(models.map(cluesOf)), await probeDistances(engine, models));
}
