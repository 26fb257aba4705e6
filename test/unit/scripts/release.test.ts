import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveUnreleased, releaseProblems } from '../../../scripts/release.js';

const changelog = `# Changelog

## [Unreleased]

### Added

- Something.

## [0.1.0] - 2026-01-01

- The first.
`;

describe('release script', () => {
  it('moves what is unreleased under the version and the day', () => {
    assert.equal(
      moveUnreleased(changelog, '0.2.0', '2026-02-03'),
      `# Changelog

## [Unreleased]

## [0.2.0] - 2026-02-03

### Added

- Something.

## [0.1.0] - 2026-01-01

- The first.
`,
    );
  });

  it('moves all of the first release', () => {
    const first = '# Changelog\n\n## [Unreleased]\n\n- Something.\n';
    assert.equal(
      moveUnreleased(first, '0.1.0', '2026-02-03'),
      '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-02-03\n\n- Something.\n',
    );
  });

  it('works on the changelog as it is', () => {
    const real = readFileSync(join(__dirname, '../../../CHANGELOG.md'), 'utf8');
    const moved = moveUnreleased(real, '99.0.0', '2026-02-03');
    assert.ok(moved.includes('## [Unreleased]\n\n## [99.0.0] - 2026-02-03\n\n### Added\n'));
    assert.throws(() => moveUnreleased(moved, '99.0.1', '2026-02-04'), /nothing under/);
  });

  it('refuses what is no version, is there already, or has nothing in it', () => {
    assert.throws(() => moveUnreleased(changelog, 'v0.2.0', 'd'), /is not a version/);
    assert.throws(() => moveUnreleased(changelog, '0.2.0-rc.1', 'd'), /is not a version/);
    assert.throws(() => moveUnreleased(changelog, '0.1.0', 'd'), /already/);
    assert.throws(() => moveUnreleased('# Changelog\n', '0.2.0', 'd'), /no section/);
  });

  it('says what is still a placeholder, and what goes backwards', () => {
    const manifest = {
      version: '0.2.0',
      repository: { url: 'https://github.com/OWNER/x.git' },
      bugs: { url: 'https://github.com/me/x' },
      homepage: 'h',
    };
    assert.match(releaseProblems(manifest, '0.2.0').join(), /placeholders in repository:/);
    assert.deepEqual(releaseProblems({ ...manifest, repository: 'https://github.com/me/x' }, '0.2.0'), []);
    assert.deepEqual(releaseProblems({ ...manifest, repository: 'x' }, '0.10.0'), []);
    assert.match(releaseProblems({ ...manifest, repository: 'x' }, '0.1.9').join(), /earlier/);
    assert.equal(releaseProblems({ version: '0.2.0' }, '0.2.0').length, 1);
  });
});
