/** The parts of a request other than its path and body: keys, headers, query. */
import fc from 'fast-check';
import { POOLS } from './pools.ts';
import type { HttpRoute } from './routes.ts';
import { strangeName, text } from './values.ts';

export interface Credential {
  /** Whose key: the right one for the path, that of a certain site, of the platform, a wrong one, or none. */
  key: 'own' | 'demo' | 'strano' | 'altro' | 'platform' | 'wrong' | 'none';
  /** The header, with `KEY` in place of the key. */
  form: string;
  /** Whether the header has the right form. */
  isRightForm: boolean;
}

const rightForm = fc.constantFrom('Bearer KEY', 'bearer KEY', 'BEARER   KEY');
const wrongForm = fc.oneof(
  fc.constantFrom(
    'KEY',
    'Basic KEY',
    'Bearer',
    'Bearer KEY, Bearer KEY',
    'Bearer KEY KEY',
    'Bearer\tKEY',
    ' Bearer KEY',
    'Bearer KEY\u0000',
    'Bearer "KEY"',
    'Digest username="KEY"',
    `Bearer KEY${'x'.repeat(10_000)}`,
    'Bearer KEY\r\nX-Injected: 1',
    'Bearer \u202eKEY',
  ),
  text,
);

export const credential: fc.Arbitrary<Credential> = fc.oneof(
  {
    weight: 36,
    arbitrary: fc.record({
      key: fc.constant('own' as const),
      form: rightForm,
      isRightForm: fc.constant(true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      key: fc.constantFrom('demo', 'strano', 'altro', 'platform', 'wrong', 'none'),
      form: rightForm,
      isRightForm: fc.constant(true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      key: fc.constant('own' as const),
      form: wrongForm,
      isRightForm: fc.constant(false),
    }),
  },
);

const etag = fc.oneof(
  fc.constantFrom(
    '*',
    '"0"',
    '"1"',
    'W/"0"',
    '"0", "1"',
    '0',
    '"',
    '""',
    '"0" "1"',
    '"99999999999999999999"',
    ',',
  ),
  fc.constant(`${'"1",'.repeat(2_000)}"x"`),
  fc.constant(' '.repeat(8_000)),
  text,
);

const strangeHeaders = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom(
        'text/plain',
        'application/xml',
        'multipart/form-data; boundary=x',
        ';;;',
        'application/json; charset=utf-16',
      ),
      text,
    ),
    'if-match': etag,
    host: fc.oneof(
      fc.constantFrom('evil.example', 'api.example:1', 'api.example, evil.example', '[::1]', ''),
      text,
    ),
    'x-forwarded-proto': fc.constantFrom('http', 'javascript', 'https, http', ''),
    'x-forwarded-host': fc.constant('evil.example'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', 'x'.repeat(8_000)),
    'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
    'accept-language': fc.oneof(
      fc.constantFrom('en', 'it;q=x', 'en;q=0,it;q=1e9', ',;,;q=', 'en,'.repeat(2_000)),
      text,
    ),
    'content-length': fc.constantFrom('-1', '0', '999999999999'),
    cookie: fc.oneof(fc.constantFrom('telegram-login=x', 'telegram-login=', 'a; b; c'), text),
    [`x-${'long'.repeat(10)}`]: fc.constant('y'.repeat(9_000)),
  },
  { requiredKeys: [] },
);

export const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ 'if-match': etag }) },
  { weight: 1, arbitrary: strangeHeaders },
) as fc.Arbitrary<Record<string, string>>;

/** All or some of the route's parameters, and sometimes others; some of them twice. */
export function query({ query: known, functionName, caller }: HttpRoute): fc.Arbitrary<[string, string][]> {
  const stray = fc.tuple(fc.oneof(strangeName, text), text);
  const strays = fc.oneof(
    { weight: 6, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 1, arbitrary: fc.array(stray, { maxLength: 3 }) },
  );
  const pools = Object.fromEntries(
    known.map((name) => [name, POOLS[`${functionName} ${name}`] ?? POOLS[name] ?? text]),
  );
  // The parameters of a browser belong together; those of a search are independent.
  const given =
    caller === 'everybody'
      ? fc.oneof({ weight: 4, arbitrary: fc.record(pools) }, { weight: 1, arbitrary: some(pools) })
      : some(pools);
  return fc
    .tuple(given, strays)
    .map(([named, others]) => [...(Object.entries(named) as [string, string][]), ...others]);
}

function some(pools: Record<string, fc.Arbitrary<string>>) {
  return fc.record(pools, { requiredKeys: [] });
}
