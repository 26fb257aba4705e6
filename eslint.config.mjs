import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The house's floors, lowest first: a folder may import itself and what stands before it (docs/architecture.md). */
const floors = [
  'base',
  'checkpoint',
  'model',
  'compute',
  'compare',
  'combine',
  'evaluate',
  'connectivity',
  'recycle',
  'engine',
  'agent',
  'cli',
  'extension',
];
const oneWay =
  'Imports run one way: base <- checkpoint <- model <- compute <- compare <- combine <- evaluate <- connectivity <- recycle <- engine <- agent <- cli | extension.';

const browserGlobals = ['window', 'document', 'navigator', 'HTMLElement', 'localStorage'].map((name) => ({
  name,
  message: 'Only src/webview may touch the DOM.',
}));

const noVscode = { name: 'vscode', message: 'Only src/extension may import vscode.' };

/** VS Code makes links and icons of what it shows, and names are strangers' input. */
const shownAsText = [
  ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage'].map((property) => ({ property, from: 'kit/notices.js' })),
  { property: 'showQuickPick', from: 'kit/quickPick.js' },
].map(({ property, from }) => ({ object: 'window', property, message: `Use ${from}, which shows names as text.` }));

/** The command line runs jobs in its own process: the client's transport would double its size and start-up. */
const noClient = {
  regex: 'engine/(index|client)\\.js$',
  allowTypeImports: true,
  message: 'Import engine/jobs.js: the command line needs no client.',
};

/** `floor` may not import from the rooms above it. The two shells, cli and extension, do not know each other. */
function floorRules(floor) {
  const shell = floor === 'extension';
  const forbidden = shell ? ['cli'] : [...floors.slice(floors.indexOf(floor) + 1), 'webview'];
  const patterns = [{ regex: `^(\\.\\./)+(${forbidden.join('|')})/`, message: oneWay }, ...(floor === 'cli' ? [noClient] : [])];
  return {
    files: [`src/${floor}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: shell ? [] : [noVscode], patterns }],
      'no-restricted-globals': shell ? 'off' : ['error', ...browserGlobals],
    },
  };
}

/** As arguments, the elements of an array go onto the stack, which a hundred thousand of them overflow: tensors may be a million. */
const noSpreadOfArrays = {
  selector:
    ':matches(CallExpression[callee.object.name="Math"], CallExpression[callee.property.name=/^(push|unshift|splice|concat|fromCharCode|fromCodePoint|apply)$/]) > SpreadElement.arguments',
  message: 'An array of any length may stand here: use a loop, or maxOf and minOf of base/extremes.js.',
};

/** Pictures are the panels' drawing code without a page: what is pure of the webview, and reports. */
const pictureRules = {
  files: ['src/pictures/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', ...browserGlobals],
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: [noVscode],
        patterns: [
          {
            regex: '^\\.\\./(?!base/|compare/report/|connectivity/report/|webview/(chart|model)/|webview/(diffView|visibleValues)\\.js$)',
            message: 'src/pictures imports only src/base, reports, and the pure drawing code of src/webview.',
          },
        ],
      },
    ],
  },
};

/** The webview sees report types and pure functions over them, and itself. `up` climbs to src/ from a file of that depth. */
function webviewRules(files, up) {
  const message = 'src/webview imports only src/base, src/compare/report, src/connectivity/report, src/recycle/report and itself.';
  const patterns = [
    { regex: `^${up}(checkpoint|model|compute|combine|evaluate|engine|agent|pictures|cli|extension)/`, message },
    { regex: `^${up}(compare|connectivity|recycle)/(?!report/)`, message },
  ];
  return { files: [files], rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [noVscode], patterns }] } };
}

export default tseslint.config(
  { ignores: ['study/.work/**', 'dist/**', 'out/**', '.tools/**', 'src/compute/assembly/**', 'samples/**', 'test/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', noSpreadOfArrays] } },
  ...floors.map(floorRules),
  pictureRules,
  webviewRules('src/webview/*.ts', '\\.\\./'),
  webviewRules('src/webview/*/**/*.ts', '\\.\\./\\.\\./'),
  {
    files: ['src/extension/**/*.ts'],
    ignores: ['src/extension/kit/notices.ts', 'src/extension/kit/quickPick.ts'],
    rules: { 'no-restricted-properties': ['error', ...shownAsText] },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs'], languageOptions: { globals: { ...globals.node } } },
);
