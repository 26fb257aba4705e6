/** Folders of torch.distributed.checkpoint: a description of what was saved, and files that each hold parts of many tensors. */
export { openDistributed, type DistributedFiles } from './openDistributed.js';
export { distributed } from './distributedFile.js';
