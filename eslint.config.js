import tseslint from 'typescript-eslint';
import rxjs from 'eslint-plugin-rxjs-x';
import ava from 'eslint-plugin-ava';

const noBarrels = [
  { selector: 'ExportAllDeclaration', message: 'No barrels: import the file that owns the name.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  {
    selector: 'CallExpression[callee.name="pipe"] CallExpression[callee.name="pipe"]',
    message: 'No pipe within a pipe: name the inner one.',
  },
  {
    selector: 'CallExpression[callee.name="pipe"][arguments.length>7]',
    message: 'A pipe has at most six steps.',
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/*.cjs', '**/*.mjs', 'data/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'rxjs-x': rxjs },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/array-type': ['error', { default: 'generic' }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off', // Json refers to itself
      'rxjs-x/no-async-subscribe': 'error',
      'rxjs-x/no-nested-subscribe': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...noBarrels],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^fp-ts(?!/lib/[A-Za-z]+\\.js$)', message: 'fp-ts/lib/X.js' }] },
      ],
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'crypto', 'console', 'process', 'fetch', 'performance'],
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    plugins: { ava },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'ava/no-only-test': 'error',
      'ava/no-identical-title': 'error',
      'ava/test-title': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['eslint.config.js'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'rxjs-x/no-async-subscribe': 'off', 'rxjs-x/no-nested-subscribe': 'off' },
  },
);
