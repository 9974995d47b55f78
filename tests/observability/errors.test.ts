/** What the log says of an error: enough to know what happened, and no secret. */
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { log } from '../../lib/observability/logger.ts';
import { writtenDuring } from '../support/log-lines.ts';

async function logged(error: unknown): Promise<Record<string, unknown>> {
  const { entries } = await writtenDuring(async () => log.error('it failed', { error }));
  return entries[0]?.error as Record<string, unknown>;
}

const refused = (address: string) =>
  Object.assign(new Error(`connect ECONNREFUSED ${address}:443`), {
    ...{ code: 'ECONNREFUSED', address, port: 443 },
  });

test("an AggregateError of a refused connection over IPv4 and IPv6: its causes' codes and addresses are logged", async () => {
  const error = new Error('fetch failed', {
    cause: new AggregateError([refused('::1'), refused('127.0.0.1')]),
  });
  expect(await logged(error)).toMatchObject({
    message: 'fetch failed',
    cause: {
      name: 'AggregateError',
      errors: [
        { code: 'ECONNREFUSED', address: '::1', port: 443, message: 'connect ECONNREFUSED ::1:443' },
        { code: 'ECONNREFUSED', address: '127.0.0.1', port: 443 },
      ],
    },
  });
});

test('as Node itself makes it, for a name with two addresses', async () => {
  const closed = createServer();
  const port = await new Promise<number>((resolve) => {
    closed.listen(0, () => {
      const address = closed.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => closed.close(resolve));
  const { connect } = await import('node:net');
  const lookup = (_name: string, _options: object, answer: (error: null, found: object[]) => void) =>
    answer(null, [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]);
  const error = await new Promise((resolve) => {
    const socket = connect({ port, host: 'both.example', lookup: lookup as never, autoSelectFamily: true });
    socket.once('error', resolve);
  });

  expect(await logged(error)).toMatchObject({
    errors: expect.arrayContaining([
      expect.objectContaining({ code: 'ECONNREFUSED', address: '127.0.0.1', port }),
    ]),
  });
});

test('an address that is no IP address is not logged: it may hold a secret', async () => {
  const error = Object.assign(new Error('no'), {
    code: 'ENOENT',
    address: '/tmp/segreto',
    errors: 'segreto',
  });
  expect(JSON.stringify(await logged(error))).not.toContain('segreto');
});

test('causes that lead in a circle end', async () => {
  const circle = new Error('circle');
  circle.cause = new AggregateError([circle, circle]);
  expect(await logged(circle)).toMatchObject({ message: 'circle', cause: { errors: expect.any(Array) } });
});
