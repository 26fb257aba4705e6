/**
 * Prepares a release: `npm run release -- 0.2.0`. Moves what is under [Unreleased] in the changelog to the version and the day, sets the
 * version in package.json and its lock, and says what to do next. Publishes and commits nothing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** The form of a version: the store takes neither pre-release tags nor build numbers. */
const versionForm = /^\d+\.\d+\.\d+$/;

function parts(version: string): number[] {
  return version.split('.').map(Number);
}

function isLater(version: string, than: string): boolean {
  const [a, b] = [parts(version), parts(than)];
  const index = a.findIndex((part, i) => part !== b[i]);
  return index >= 0 && a[index]! > b[index]!;
}

/** @returns the changelog with the unreleased changes under the version. @throws Error where there is nothing to release */
export function moveUnreleased(changelog: string, version: string, day: string): string {
  if (!versionForm.test(version)) throw new Error(`"${version}" is not a version: expected three numbers, such as 0.2.0.`);
  const found = /^## \[Unreleased\][^\S\n]*\n(?<changes>[\s\S]*?)(?=^## \[|(?![\s\S]))/m.exec(changelog);
  if (found === null) throw new Error('The changelog has no section [Unreleased].');
  if (changelog.includes(`## [${version}]`)) throw new Error(`The changelog has a section [${version}] already.`);
  const changes = found.groups!['changes']!.trim();
  if (changes === '') throw new Error('There is nothing under [Unreleased].');
  const after = changelog.slice(found.index + found[0].length);
  return `${changelog.slice(0, found.index)}## [Unreleased]\n\n## [${version}] - ${day}\n\n${changes}\n${after === '' ? '' : `\n${after}`}`;
}

interface Manifest {
  readonly version: string;
  readonly [key: string]: unknown;
}

/** What keeps a version from being released. */
export function releaseProblems(manifest: Manifest, version: string): string[] {
  const placeholders = ['repository', 'bugs', 'homepage'].filter((key) => JSON.stringify(manifest[key] ?? 'OWNER').includes('OWNER'));
  const placeholder =
    placeholders.length === 0
      ? []
      : [`package.json has placeholders in ${placeholders.join(', ')}: put the owner's name in place of OWNER.`];
  const isPast = version !== manifest.version && !isLater(version, manifest.version);
  return [...placeholder, ...(isPast ? [`${version} is earlier than ${manifest.version}.`] : [])];
}

function main([version = '']: readonly string[]): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const changelog = moveUnreleased(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version, new Date().toISOString().slice(0, 10));
  const problems = releaseProblems(manifest, version);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(join(root, 'CHANGELOG.md'), changelog);
  execFileSync('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'], { cwd: root, stdio: 'inherit' });
  console.log(`Look at the changes, commit them, tag v${version} and push the tag: the workflow "release" packages and publishes it.`);
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
