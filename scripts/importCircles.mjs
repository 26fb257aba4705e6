/**
 * Finds files that import each other in a circle: `node scripts/importCircles.mjs [folder …]`, `src`, `test` and `scripts` without
 * one. Types count: whoever reads a file has to know what it imports. Exits with 1 when there is a circle, and shows the shortest of each.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = /\.(?:ts|mjs|cjs)$/;
const importOf = /(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g;

function sourceFiles(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile() && source.test(entry.name)).map(({ parentPath, name }) => join(parentPath, name));
}

/** The file that a relative import means: TypeScript names the `.js` that will be. */
function resolveImport(from, path) {
  const target = normalize(join(dirname(from), path));
  return [target, target.replace(/\.js$/, '.ts')].find((candidate) => existsSync(candidate) && source.test(candidate));
}

function importsOf(file) {
  const paths = [...readFileSync(file, 'utf8').matchAll(importOf)].map(([, path]) => resolveImport(file, path));
  return new Set(paths.filter((path) => path !== undefined));
}

/** The shortest way from a file back to itself; null where there is none. */
function circleThrough(start, graph) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...wayTo(file, cameFrom), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return null;
}

function wayTo(file, cameFrom) {
  const way = [file];
  while (cameFrom.has(way[0])) way.unshift(cameFrom.get(way[0]));
  return way;
}

/** Shortest circles, each once, whichever of its files it is found from. */
function findCircles(graph) {
  const found = new Map();
  for (const file of graph.keys()) {
    const circle = circleThrough(file, graph);
    if (circle !== null) found.set([...new Set(circle)].sort().join(), circle);
  }
  return [...found.values()];
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['src', 'test', 'scripts'];
const graph = new Map(folders.flatMap(sourceFiles).map((file) => [file, importsOf(file)]));
const circles = findCircles(graph);
const shortName = (file) => relative(root, file).replaceAll(sep, '/');
for (const circle of circles) console.error(`Import circle: ${circle.map(shortName).join('\n  -> ')}`);
process.exitCode = circles.length > 0 ? 1 : 0;
