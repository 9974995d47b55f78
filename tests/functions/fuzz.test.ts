/** A small share of `npm run fuzz`: some requests to every route and queue of the package, always the same ones. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allTargets, hunt } from '../../fuzz/hunt.ts';
import { openWorld, type World } from '../../fuzz/world.ts';

const REQUESTS = 100;
const { targets, functionNames } = await allTargets();

let world: World;
beforeAll(async () => {
  world = await openWorld(functionNames);
});
afterAll(() => world?.close());

describe.each(targets)('$name', ({ name, ...target }) => {
  test(`stands ${REQUESTS} requests`, async () => {
    const report = await hunt({ name, ...target }, world, { requests: REQUESTS, seed: 1 });
    expect(report.findings).toEqual([]);
    // Of a queue, a batch has up to three.
    expect(report.requests).toBeGreaterThanOrEqual(REQUESTS);

    // The requests are of both kinds, or the test would prove little.
    const { 202: answered = 0, 400: refused = 0, taken = 0, 'dead letter': dead = 0 } = report.outcomes;
    if (!/^SQS |^POST .*\/events\//.test(name)) return;
    expect(answered + taken).toBeGreaterThan(REQUESTS / 20);
    expect(refused + dead).toBeGreaterThan(REQUESTS / 4);
  }, 120_000);
});
