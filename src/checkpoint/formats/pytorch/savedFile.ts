import type { Finding } from '../../finding.js';
import type { PickleValue } from '../pickle/index.js';
import type { StorageStarts } from './placeTensors.js';
import type { TorchStorage } from './torchTensor.js';

/** What `torch.save` wrote, in either of its containers. */
export interface SavedFile {
  readonly root: PickleValue;
  /** Finds where storages lie. Those that are not there are left out. @throws FormatError */
  locate(storages: readonly TorchStorage[]): Promise<StorageStarts>;
  readonly findings: readonly Finding[];
}
