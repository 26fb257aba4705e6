import { rename } from 'node:fs/promises';
import { exists } from '../../base/exists.js';
import { claimPlace } from '../../base/ownership/claimPlace.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import { ForeignContentError } from '../../base/ownership/placeErrors.js';
import { jobPaths } from '../outputPaths.js';
import { OutputError } from './errors.js';
import { obstacleLeft, obstacleOfOld, type Obstacle, type TakeOverChoices } from './leftPartial.js';
import { adoptOldPartial } from './oldPartial.js';

/**
 * Makes this process the one that writes an output.
 * @throws PlaceOwnedError when another process is at it, OutputError when what is left there may not be touched
 */
export async function claimOutput(output: string, choices: TakeOverChoices): Promise<Ownership> {
  for (;;) {
    try {
      return await claimPlace(output, {
        takeOver: choices.takeOver ?? false,
        mayTakeOver: async (left) => refuse(await obstacleLeft(output, left, choices)),
      });
    } catch (error) {
      if (!(error instanceof ForeignContentError)) throw error;
      const obstacle = await obstacleOfOld(output, choices);
      if (obstacle?.code === 'output-in-use') continue; // which says it again, with the owner
      refuse(obstacle);
      await adoptOldPartial(output);
    }
  }
}

function refuse(obstacle: Obstacle | null): void {
  if (obstacle !== null) throw new OutputError(obstacle.message);
}

/**
 * Gives an output back its name that was moved aside for a successor that did not come.
 * @returns whether there was one: its owner was told that it may be replaced
 */
export async function restoreReplaced(ownership: Ownership): Promise<boolean> {
  const { replaced } = jobPaths(ownership.folder);
  if (!(await exists(replaced))) return false;
  if (!(await exists(ownership.place))) await rename(replaced, ownership.place);
  return true;
}
