/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // Random histories against a model: a search for faults that takes as long as it is given (tests/histories).
  testPathIgnorePatterns: process.env.HISTORIES ? [] : ['<rootDir>/tests/histories/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 30_000,
  // Most tests wait for something rather than reckon: two cores take two of them at once.
  maxWorkers: 2,
};
