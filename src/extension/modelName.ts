import { distinctNames } from '../base/distinctNames.js';
import { titleOf } from '../checkpoint/index.js';

/** Short names of models that are shown together, in their order: with folders before those that are called alike. */
export function modelNames(addresses: readonly string[]): string[] {
  return distinctNames(addresses, titleOf);
}

/** A model's title as part of a folder's name: without what paths and addresses are made of. */
export function folderNameOf(address: string): string {
  return titleOf(address).replaceAll(/[/\\:#@*]+/g, '-');
}
