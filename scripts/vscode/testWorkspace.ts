import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './lifetime.js';
import { writeSafetensors } from './safetensorsFile.js';
import { projectRoot } from './tools.js';

/** Sample models that a workspace of the tests holds; trained, so their numbers are those of real models. */
export const sampleModels = ['base-1', 'finetuned-1', 'base-2'] as const;
