import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { callEndpoint } from '../../lib/webhooks/call-endpoint.ts';
import { type Resolve, whyNoEndpoint } from '../../lib/webhooks/endpoint-address.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

afterEach(() => {
  delete process.env.WEBHOOK_LOOPBACK;
});

describe('an address that is written', () => {
  test.each([
    'https://shop.example/telegram',
    'https://shop.example:8443/telegram?key=1',
    'https://shop.example:443/',
    'https://93.184.216.34/hook',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/hook',
    'https://bücher.example/hook',
  ])('%s may be called', (url) => expect(whyNoEndpoint(url)).toBeUndefined());

  test.each([
    // The ranges of RFC 1122, 1918, 3927 and 6598, and the address of the metadata of a cloud's machines.
    ...['https://127.0.0.1/', 'https://127.8.9.10/', 'https://10.0.0.1/', 'https://172.16.0.1/'],
    ...['https://172.31.255.255/', 'https://192.168.1.1/', 'https://169.254.169.254/latest/meta-data/'],
    ...['https://100.64.0.1/', 'https://100.127.255.255/', 'https://0.0.0.0/', 'https://224.0.0.1/'],
    ...['https://255.255.255.255/', 'https://198.18.0.1/', 'https://192.0.2.1/'],
    // The same in other notations: hexadecimal, octal, one number, fewer parts, full-width digits.
    ...['https://0x7f000001/', 'https://0177.0.0.1/', 'https://2130706433/', 'https://127.1/'],
    ...['https://0xa9fea9fe/', 'https://１２７.０.０.１/', 'https://0/'],
    // IPv6: loopback, any, link-local, unique local, mapped, NAT64, 6to4, Teredo, documentation, multicast, the metadata.
    ...[
      'https://[::1]/',
      'https://[::]/',
      'https://[fe80::1]/',
      'https://[fc00::1]/',
      'https://[fd00:ec2::254]/',
    ],
    ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:a9fe:a9fe]/', 'https://[64:ff9b::7f00:1]/'],
    ...['https://[64:ff9b:1::a9fe:a9fe]/', 'https://[2002:7f00:1::]/', 'https://[2001::1]/'],
    ...['https://[2001:db8::1]/', 'https://[ff02::1]/', 'https://[::127.0.0.1]/', 'https://[fec0::1]/'],
    // Names that lead nowhere public.
    ...['https://localhost/', 'https://LOCALHOST./', 'https://a.localhost/', 'https://server/'],
    ...['https://metadata.google.internal/', 'https://printer.local/', 'https://db.lan/'],
    ...[
      'https://metadata.google.internal../',
      'https://.../',
      'https://.shop.example/',
      'https://a..shop.example/',
    ],
    // What a URL parser repairs, and who reads it takes for another host.
    ...[
      'https://shop.example\\@127.0.0.1/',
      'https:shop.example',
      'https:///shop.example',
      ' https://shop.example/',
    ],
    ...[
      'https://shop.example/\n',
      'ht\ntps://shop.example/',
      'https://:@shop.example/',
      'https://shop%2eexample/',
    ],
    // Other protocols, other services, somebody's password.
    ...['http://shop.example/', 'ftp://shop.example/', 'file:///etc/passwd', 'javascript:alert(1)'],
    ...['https://shop.example:22/', 'https://shop.example:25/', 'https://shop.example:80/'],
    ...['https://user:password@shop.example/', 'https://user@shop.example/', 'shop.example', '', 'https://'],
  ])('%s is refused', (url) => expect(whyNoEndpoint(url)?.en).toMatch(/^Must be|^Must have/));

  test('in the local run a receiver on the same machine may be called, and nothing else that is private', () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    for (const url of [
      'http://127.0.0.1:3005/',
      'http://localhost:80/',
      'http://[::1]:1/',
      'https://127.0.0.1/',
    ])
      expect([url, whyNoEndpoint(url)]).toEqual([url, undefined]);
    for (const url of [
      'http://10.0.0.1/',
      'https://10.0.0.1/',
      'https://169.254.169.254/',
      'http://shop.example/',
    ])
      expect([url, typeof whyNoEndpoint(url)]).toEqual([url, 'object']);
  });
});

describe('a call', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  /** DNS that answers each question with the next of these addresses. */
  function dns(...answers: string[][]): Resolve & { asked: () => number } {
    let asked = 0;
    const resolve: Resolve = (_hostname, _options, callback) => {
      const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return Object.assign(resolve, { asked: () => asked });
  }

  const call = (url: string, options?: Parameters<typeof callEndpoint>[1]) =>
    callEndpoint({ url, headers: {}, body: '{}' }, options);

  test.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['::1'],
    ['fd00:ec2::254'],
    ['::ffff:127.0.0.1'],
  ])('a name that leads to %s is not called', async (address) => {
    const result = await call(`https://shop.example:${receiver.port}/`, { resolve: dns([address]) });
    expect(result).toMatchObject({ error: expect.stringContaining('not on the public Internet') });
    expect(receiver.connections()).toBe(0);
  });

  test('nor one of whose addresses one is private', async () => {
    const result = await call(`https://shop.example:${receiver.port}/`, {
      resolve: dns(['93.184.216.34', '127.0.0.1']),
    });
    expect(result.error).toContain('127.0.0.1');
    expect(receiver.connections()).toBe(0);
  });

  test('what was looked up is what is connected to: a name that is asked once can not lead elsewhere afterwards', async () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    // A name for this machine, so that the connection can be made.
    const resolve = dns(['127.0.0.1'], ['169.254.169.254']);
    const result = await call(`http://localhost:${receiver.port}/`, { resolve });
    expect(result.status).toBe(204);
    expect(resolve.asked()).toBe(1);
  });

  test('an address that is not allowed any more is not called, whatever was saved', async () => {
    expect(await call(receiver.url)).toMatchObject({ error: expect.stringContaining('https') });
    expect(receiver.connections()).toBe(0);
  });

  test.each([301, 302, 307, 308])('a redirect (%i) is not followed', async (status) => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    const inner = await startReceiver();
    receiver.answer = (response) => response.writeHead(status, { location: inner.url }).end();
    expect(await call(receiver.url)).toMatchObject({ status });
    expect(inner.connections()).toBe(0);
    await inner.close();
  });

  test('of an answer of 10 MB only the beginning is read', async () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    let written = 0;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    receiver.answer = (response) => {
      const write = () => {
        while (written < 10_000_000 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      response.writeHead(200);
      write();
    };
    const result = await call(receiver.url);
    expect(result.status).toBe(200);
    expect(result.answer).toHaveLength(301);
    expect(written).toBeLessThan(10_000_000);
  });

  test('an endpoint that never answers, or never ends its answer, takes no more than its time', async () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    receiver.answer = () => undefined;
    expect(await call(receiver.url, { milliseconds: 60 })).toMatchObject({
      error: 'no answer within 0.06 s',
    });
    receiver.answer = (response) => response.writeHead(200).write('still');
    // It has taken the call: only its words are missing.
    expect(await call(receiver.url, { milliseconds: 200 })).toMatchObject({ status: 200, answer: 'still' });
    const silent = createServer();
    // It takes connections, and says nothing: not even HTTP.
    silent.removeAllListeners('request');
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const result = await call(`http://127.0.0.1:${port}/`, { milliseconds: 60 });
    expect(result).toMatchObject({ error: 'no answer within 0.06 s' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  test.each([
    [
      'a switch to another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['what is no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['interim answers alone, and the end', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['nothing, and the end', ''],
  ])('an endpoint that answers with %s has not taken it', async (_, answer) => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    receiver.answer = (_response, { socket }) => socket.end(answer);
    const result = await call(receiver.url);
    expect(result).toEqual({ error: expect.stringMatching(/./), milliseconds: expect.any(Number) });
  });

  test('the scheme may be written in capitals', async () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    expect(await call(receiver.url.replace('http:', 'HTTP:'))).toMatchObject({ status: 204 });
  });

  test('what it answers is shown in one line, cut, and without what looks like a secret', async () => {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    receiver.answer = (response) =>
      response
        .writeHead(500)
        .end(
          `Error:\n\u0007 no whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9 ${'x'.repeat(400)}`,
        );
    const { answer = '' } = await call(receiver.url);
    expect(answer).toMatch(/^Error: no …, … x+…$/);
    expect(answer.length).toBe(301);
  });
});
