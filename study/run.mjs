/**
 * The study, from a terminal:
 *
 *   npm run study -- --quick                     everything that needs no training, from the shipped checkpoints
 *   npm run study -- --seeds 1 2 --python PATH   training, then everything; goes on where it was stopped
 *
 * Prints the tables as Markdown and writes them to `--tables FILE` (default: tables.md beside the results). `--ship` copies
 * the trained models to checkpoints/.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkpoints, openSeed, seedsIn, ship, work } from './pipeline/family.mjs';
import { measure } from './pipeline/measurements.mjs';
import { train } from './pipeline/programs.mjs';
import { measureRounds, trainRounds } from './pipeline/rounds.mjs';
import { allTables } from './pipeline/tables.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string', multiple: true, default: [] },
    python: { type: 'string', default: 'python3' },
    tables: { type: 'string' },
    ship: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const models = options.quick ? checkpoints : work;
const results = join(work, options.quick ? 'results-quick' : 'results');
const chosen = [...options.seeds, ...positionals].map(Number);
if (!options.quick) for (const seed of chosen) train(options.python, 'family', '--seed', `${seed}`);
const seeds = (chosen.length > 0 ? chosen : seedsIn(models)).map((seed) => openSeed(seed, models, results));
for (const seed of seeds) measure(seed);
if (!options.quick) for (const seed of seeds) (trainRounds(seed, options.python), measureRounds(seed));
if (options.ship && !options.quick) seeds.forEach(ship);
const tables = allTables(seeds, !options.quick);
writeFileSync(options.tables ?? join(results, 'tables.md'), tables);
console.log(tables);
