import { describe, expect, test } from '@jest/globals';
import { StartError } from '../../local/run.ts';
import { readSettings } from '../../local/settings.ts';
import { freePorts, occupy } from '../support/local-run.ts';

async function knownPorts(): Promise<{ PORT: string; TELEGRAM_PORT: string }> {
  const [api, telegram] = await freePorts(2);
  return { PORT: String(api), TELEGRAM_PORT: String(telegram) };
}

test('ports inside are the usual ones, and move aside', async () => {
  expect(await readSettings(await knownPorts(), '/repository')).toMatchObject({
    lambda: { port: 3002, anyIfTaken: true },
    sqs: { port: 3003, anyIfTaken: true },
    dynamodb: { port: 3004, anyIfTaken: true },
  });
});

test('a port inside that is asked for does not move aside', async () => {
  const [port = 0] = await freePorts(1);
  const settings = await readSettings({ ...(await knownPorts()), SQS_PORT: String(port) }, '/repository');
  expect(settings.sqs).toEqual({ port, anyIfTaken: false });
});

test('data is kept in the repository, in the folder that is named, or not at all', async () => {
  const ports = await knownPorts();
  const usual = await readSettings(ports, '/repository');
  expect(usual.dataDirectory).toBe('/repository/.local');
  expect(usual.ownDataDirectory).toBe(`/repository/.local/port-${ports.PORT}`);
  const named = await readSettings({ ...ports, LOCAL_DATA: 'kept' }, '/repository');
  expect([named.dataDirectory, named.ownDataDirectory]).toEqual(['/repository/kept', undefined]);
  expect((await readSettings({ ...ports, LOCAL_DATA: '/else/where' }, '/repository')).dataDirectory).toBe(
    '/else/where',
  );
  expect(
    (await readSettings({ ...ports, LOCAL_DATA: 'memory' }, '/repository')).dataDirectory,
  ).toBeUndefined();
});

test('with another Bot API server the emulator needs no port', async () => {
  const { port, release } = await occupy();
  const environment = {
    ...(await knownPorts()),
    TELEGRAM_PORT: String(port),
    TELEGRAM_API_ROOT: 'http://localhost:8081',
  };
  const settings = await readSettings(environment, '/repository');
  expect(settings).toMatchObject({ telegramApiRoot: 'http://localhost:8081' });
  expect(settings).not.toHaveProperty('telegramPort');
  await release();
});

describe('what can not be is refused in a sentence:', () => {
  test.each([
    [{ PORT: 'three' }, 'PORT=three is not a port'],
    [{ PORT: '0' }, 'PORT=0 is not a port'],
    [{ PORT: '70000' }, 'PORT=70000 is not a port'],
    [{ PORT: '3e3' }, 'PORT=3e3 is not a port'],
    [{ SQS_PORT: '-1' }, 'SQS_PORT=-1 is not a port'],
    [{ PORT: '45123', TELEGRAM_PORT: '45123' }, 'TELEGRAM_PORT and PORT are both 45123'],
    [{ PORT: '3001' }, 'TELEGRAM_PORT and PORT are both 3001'],
    [{ TELEGRAM_API_ROOT: 'telegram' }, 'TELEGRAM_API_ROOT=telegram is not the address'],
  ])('%j', async (environment, sentence) => {
    const reading = readSettings(environment, '/repository');
    await expect(reading).rejects.toBeInstanceOf(StartError);
    await expect(reading).rejects.toThrow(sentence);
  });

  test('a port that is taken', async () => {
    const { port, release } = await occupy();
    const reading = readSettings({ ...(await knownPorts()), PORT: String(port) }, '/repository');
    await expect(reading).rejects.toThrow(`Port ${port} (PORT) is in use by another program`);
    await release();
  });
});
