import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The house's floors, lowest first: a folder may import itself and what stands before it (docs/architecture.md). */
const floors = ['checkpoint', 'compute', 'compare', 'combine', 'engine', 'cli', 'extension'];

/** `webview` sees only what crosses the message channel: report types and pure functions over them. */
const webviewMayImport = ['./src/webview', './src/compare/report'];

const upward = floors.slice(0, -1).flatMap((folder, floor) => ({
  target: `./src/${folder}`,
  from: [...floors.slice(floor + 1).map((above) => `./src/${above}`)],
  message: 'Imports run one way: checkpoint <- compute <- compare <- combine <- engine <- cli | extension.',
}));

const browserGlobals = ['window', 'document', 'navigator', 'HTMLElement', 'localStorage'].map((name) => ({
  name,
  message: 'Only src/webview may touch the DOM.',
}));

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', '.tools/**', 'src/compute/assembly/**', 'samples/**', 'test/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...upward, { target: './src/webview', from: './src', except: webviewMayImport.map((path) => path.replace('./src/', './')) }] },
      ],
    },
  },
  {
    files: ['src/{checkpoint,compute,compare,combine,engine,cli}/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'vscode', message: 'Only src/extension may import vscode.' }] }],
      'no-restricted-globals': ['error', ...browserGlobals],
    },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs'], languageOptions: { globals: { ...globals.node } } },
);
