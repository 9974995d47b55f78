/** Bodies of requests, as text: valid ones with up to three changes, broken ones, and texts that are not JSON. */
import fc from 'fast-check';
import type { Fields } from '../tests/support/payloads.ts';
import { applied, change } from './changes.ts';
import { strangeBody } from './values.ts';

/** @param good valid or nearly valid bodies of the path. */
export function bodiesOf(good: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const changed = fc
    .tuple(good, fc.array(change, { maxLength: 3 }))
    .map(([body, changes]) => JSON.stringify(changes.reduce(applied, body as Fields)));
  const broken = fc
    .record({ body: good, at: fc.nat(), piece: fc.string({ unit: 'binary', maxLength: 3 }) })
    .map(({ body, at, piece }) => {
      const json = JSON.stringify(body);
      return json.slice(0, at % json.length) + piece + json.slice((at % json.length) + 1);
    });
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: strangeBody },
    { weight: 1, arbitrary: broken },
  );
}
