import './local/isolated.ts';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // A mutation run that was interrupted leaves copies of the project here. In such a copy, rootDir is the copy itself.
  modulePathIgnorePatterns: ['<rootDir>/.stryker/'],
  // For what hangs. A slow machine takes its time, above all for tests that start programs.
  testTimeout: 120_000,
  // Most tests wait for something rather than reckon: two cores take three of them at once.
  maxWorkers: 3,
  // Modules of finished test files stay in a worker's memory; near its end it would do little but look for free memory.
  workerIdleMemoryLimit: '1GB',
};
