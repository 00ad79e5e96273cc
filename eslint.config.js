import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['.data', '.artifacts', 'coverage', 'reports', '.stryker-tmp', 'client/dist']),
  // Generated from the OpenAPI document.
  globalIgnores(['client/src/api-types.ts']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers print as expected in messages; other types stay checked.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [regexp.configs['flat/recommended']],
    rules: {
      // Every regular expression of the service must take linear time. "potential" also reports cases for which the
      // plugin finds no attack string, because an input may come from a client later.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      // A sticky expression is tried at one position only, so it cannot move.
      'regexp/no-super-linear-move': [
        'error',
        { report: 'potential', ignorePartial: false, ignoreSticky: true },
      ],
      // Groups also make alternatives easier to read.
      'regexp/no-unused-capturing-group': 'off',
    },
  },
  {
    // Durations are measured by performance.now(): the time of day can be set. The exceptions compare with the time of
    // a file or of a token, or print the time.
    files: ['src/**/*.ts'],
    ignores: [
      'src/infrastructure/cache/verified-tokens.ts',
      'src/infrastructure/embedded-postgres/{cluster,postmaster-pid}.ts',
      'src/infrastructure/jose/verify-token.ts',
      'src/infrastructure/observability/json-log.ts',
      'src/interfaces/http/streams/{event-stream,piped-stream}.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Measure durations by performance.now().' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression statement, and tests narrow types with `!`.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['examples/*/page/*.js'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        Event: 'readonly',
        FormData: 'readonly',
        atob: 'readonly',
        document: 'readonly',
        fetch: 'readonly',
        location: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
