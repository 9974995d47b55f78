/** The one message of an order, which follows its status (docs/templates.md, "One message for an order"). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Card } from '../../lib/store/cards.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { type App, startApp } from '../support/app.ts';
import { webhookOf } from '../support/bot-updates.ts';
import { ANNA, CHATS } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { cardTemplate, followed, reported, type Status } from '../support/order-cards.ts';
import { record } from '../support/sqs-events.ts';
import { attempt, factsOf } from './attempts.ts';

const SHIPPED = ['Spedito', 'In consegna', 'Consegnato'];

let app: App;
/** The requests to the tables. */
let requests: string[] = [];
beforeAll(async () => {
  const other = { botToken: '200:nuovo', chatId: ANNA, user: { id: ANNA, first_name: 'Anna' } };
  app = await startApp({ telegram: 'emulator', chats: [...CHATS, other] });
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { TableName = '' } = args.input as { TableName?: string };
        requests.push(`${commandName} ${TableName}`);
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  await app.setTemplates(
    cardTemplate('received', ['Ricevuto'], {}),
    cardTemplate('prepared', ['In preparazione', 'Pronto'], {}),
    cardTemplate('shipped', SHIPPED, { newMessageFor: ['spedito'] }),
  );
});
afterEach(endLater);

const HOUR = 3_600_000;

/** One status after the other, a minute apart. @returns the messages of the last one. */
async function follow(...statuses: (string | Status)[]) {
  let last: Awaited<ReturnType<typeof followed>> = [];
  for (const each of statuses) {
    last = await followed(app, typeof each === 'string' ? { status: each } : each);
    later(60_000);
  }
  return last;
}

/** The calls that Telegram took, in order. */
const calls = async () =>
  (await app.telegram.calls())
    .filter(({ status }) => status === 200)
    .map(({ method, params }) => {
      const sound = method === 'sendMessage' && params.disable_notification ? ' (silent)' : '';
      return `${method} ${params.text ?? params.message_id}${sound}`;
    });

const shown = () => app.telegram.textsIn(ANNA);

describe('an order', () => {
  test('followed through six statuses with three templates is one message; one status rings', async () => {
    await follow('Ricevuto', 'In preparazione', 'Pronto', ...SHIPPED);

    expect(await shown()).toEqual(['Consegnato']);
    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'editMessageText In preparazione',
      'editMessageText Pronto',
      'sendMessage Spedito',
      `deleteMessage ${(await app.telegram.lastIn(ANNA)).message_id - 1}`,
      'editMessageText In consegna',
      'editMessageText Consegnato',
    ]);
  });

  test('has a message of its own, and another order another one', async () => {
    await follow('Ricevuto', { status: 'Ricevuto', order: 'b' }, { status: 'Pronto', order: 'b' });

    expect(await shown()).toEqual(['Ricevuto', 'Pronto']);
  });

  test('gets a message for each status where the merchant has not chosen one for all', async () => {
    await app.setTemplates(cardTemplate('each', ['Ricevuto', 'Pronto']));

    await follow('Ricevuto', 'Pronto');

    expect(await shown()).toEqual(['Ricevuto', 'Pronto']);
    expect(await app.stack.items('ScheduleTable')).toHaveLength(1);
  });

  test('the log says that a message was changed', async () => {
    const [first] = await follow('Ricevuto');
    const [second] = await follow('Pronto');

    const { message_id: messageId } = await app.telegram.lastIn(ANNA);
    expect(first && (await app.findDelivery(first))).not.toHaveProperty('edited');
    expect(second && (await app.findDelivery(second))).toMatchObject({
      status: 'sent',
      edited: true,
      messageId,
    });
    const { json } = await app.call('GET', '/v1/sites/demo/deliveries');
    expect(json.deliveries[0]).toMatchObject({
      edited: true,
      message: { it: expect.stringContaining('Aggiornato'), en: expect.stringContaining('Updated') },
    });
  });

  test('the buttons are those of the present status', async () => {
    const button = (text: string) => ({ button: { it: text, en: text } });
    await app.setTemplates(
      cardTemplate('a', ['Ricevuto'], {}, button('Apri')),
      cardTemplate('b', ['Pronto'], {}, button('Ritira')),
    );
    await follow('Ricevuto', 'Pronto');

    const { reply_markup: markup } = await app.telegram.lastIn(ANNA);
    expect(markup?.inline_keyboard).toMatchObject([[{ text: 'Ritira' }]]);
  });
});

describe('an older status', () => {
  test('never replaces a newer one, also where the order’s own memory is gone', async () => {
    await follow('Ricevuto');
    const [late] = await reported(app, { status: 'In preparazione' });
    later(60_000);
    await follow('Pronto');
    const { deleteItem } = await import('../../lib/aws/dynamodb.ts');
    await deleteItem('SCHEDULE_TABLE', { siteId: 'demo', key: 'order#84512' });
    if (!late) throw new Error('Nothing was queued.');
    expect(await app.deliver([record(late)])).toEqual([]);

    expect(await shown()).toEqual(['Pronto']);
    expect(await app.findDelivery(late)).toMatchObject({ status: 'skipped', reason: 'superseded' });
  });

  test('comes at the same moment as another one: the later message counts, and is not a second one', async () => {
    const occurredAt = new Date().toISOString();
    const messages = [
      ...(await reported(app, { status: 'Ricevuto', occurredAt })),
      ...(await reported(app, { status: 'Pronto', occurredAt })),
    ];
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);

    expect(await shown()).toEqual(['Pronto']);
  });
});

describe('what can’t be changed', () => {
  test.each([
    ['Bad Request: message to edit not found'],
    ["Bad Request: message can't be edited"],
    ['Bad Request: MESSAGE_ID_INVALID'],
    ['Bad Request: message is too old for that'],
  ])('%s: a new message at once, without a sound, which is changed from then on', async (description) => {
    await follow('Ricevuto');
    await app.telegram.refuse(400, description, { method: 'editMessageText', times: 1 });
    const [second] = await follow('In preparazione');
    expect(await shown()).toEqual(['In preparazione']);
    expect(second && (await app.findDelivery(second))).toMatchObject({ status: 'sent' });
    expect(second && (await app.findDelivery(second))).not.toHaveProperty('edited');

    await follow('Pronto');

    expect(await shown()).toEqual(['Pronto']);
    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage In preparazione (silent)',
      expect.stringMatching(/^deleteMessage \d+$/),
      'editMessageText Pronto',
    ]);
  });

  test('the person has deleted it', async () => {
    await follow('Ricevuto');
    const { message_id } = await app.telegram.lastIn(ANNA);
    await app.telegram.asBot('100:demo', 'deleteMessage', { chat_id: ANNA, message_id });
    await follow('In preparazione', 'Pronto');

    expect(await shown()).toEqual(['Pronto']);
  });

  test('what is so already is done', async () => {
    await follow('Ricevuto');
    const [again] = await follow('Ricevuto');

    expect(await shown()).toEqual(['Ricevuto']);
    expect(again && (await app.findDelivery(again))).toMatchObject({ status: 'sent', edited: true });
  });

  test('markup and buttons that Telegram refuses are left out', async () => {
    await follow('Ricevuto');
    const refusal = { method: 'editMessageText', times: 1 };
    await app.telegram.refuse(400, "Bad Request: can't parse entities: Unclosed start tag", refusal);
    const [second] = await follow('Pronto');

    expect(await calls()).toEqual(['sendMessage Ricevuto', 'editMessageText Pronto']);
    expect(second && (await app.findDelivery(second))).toMatchObject({
      status: 'sent',
      edited: true,
      failure: { class: 'unparsable' },
    });
  });

  test.each([
    [429, { parameters: { retry_after: 3 } }],
    [502, {}],
  ])('after a %d it waits, and is changed then', async (code, more) => {
    await follow('Ricevuto');
    await app.telegram.refuse(code, 'no', { method: 'editMessageText', times: 1, ...more });
    const [second] = await follow('Pronto');
    expect(await shown()).toEqual(['Ricevuto']);
    later(HOUR);
    await app.drain();

    expect(await shown()).toEqual(['Pronto']);
    expect(second && (await app.findDelivery(second))).toMatchObject({ status: 'sent', edited: true });
  });

  test('changed, but the answer was lost: once more, and nothing is sent', async () => {
    await follow('Ricevuto');
    await app.telegram.fault({ method: 'editMessageText', times: 1, drop: 'after' });
    await follow('Pronto');
    later(HOUR);
    await app.drain();

    expect(await app.telegram.calls('sendMessage')).toHaveLength(1);
    expect(await shown()).toEqual(['Pronto']);
  });

  test('a person who has blocked the bot gets nothing more', async () => {
    await follow('Ricevuto');
    await app.telegram.block(ANNA);
    const [second] = await follow('Pronto');

    expect(second && (await app.findDelivery(second))).toMatchObject({
      status: 'failed',
      failure: { class: 'unreachable' },
    });
  });
});

describe('a new message', () => {
  test('leaves the former one where it is older than Telegram lets a bot delete', async () => {
    await follow('Ricevuto');
    later(48 * HOUR);
    await follow('Spedito', 'Consegnato');

    expect(await shown()).toEqual(['Ricevuto', 'Consegnato']);
    expect(await app.telegram.calls('deleteMessage')).toEqual([]);
  });

  test('is sent also where the former one can’t be deleted', async () => {
    await follow('Ricevuto');
    await app.telegram.fault({ method: 'deleteMessage', status: 500 });
    const [second] = await follow('Spedito');

    expect(await shown()).toEqual(['Ricevuto', 'Spedito']);
    expect(second && (await app.findDelivery(second))).toMatchObject({ status: 'sent' });
  });

  test.each([
    [429, { times: 1 }, 'a change'],
    [429, { times: 1 }, 'a new message'],
    [500, { times: 2 }, 'a change'],
  ])('after a %d the former one is deleted with the next changes: %o, %s', async (status, times, next) => {
    await follow('Ricevuto');
    await app.telegram.fault({ method: 'deleteMessage', status, ...times });
    await follow('Spedito');
    expect(await shown()).toEqual(['Ricevuto', 'Spedito']);
    await follow(...(next === 'a change' ? ['In consegna', 'Pronto'] : ['Spedito']));

    expect(await shown()).toEqual([next === 'a change' ? 'Pronto' : 'Spedito']);
    const before = await app.telegram.calls('deleteMessage');
    await follow('Consegnato');
    expect(await app.telegram.calls('deleteMessage')).toHaveLength(before.length);
  });

  test('48 hours after the former one was sent nothing more is asked of Telegram', async () => {
    await follow('Ricevuto');
    await app.telegram.fault({ method: 'deleteMessage', status: 500, times: 1 });
    await follow('Spedito');
    later(48 * HOUR);
    await follow('In consegna');

    expect(await app.telegram.calls('deleteMessage')).toHaveLength(1);
    const [card] = (await app.stack.items('ScheduleTable')).filter(({ key }) =>
      String(key).startsWith('order-card#'),
    );
    expect(card).not.toHaveProperty('left');
  });

  test('where the person has linked the chat anew: the former one is not touched', async () => {
    await follow('Ricevuto');
    await app.setUser('anna', { linkedAt: new Date().toISOString() });
    await follow('In preparazione', 'Pronto');

    expect(await shown()).toEqual(['Ricevuto', 'Pronto']);
    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage In preparazione',
      'editMessageText Pronto',
    ]);
  });

  test('where the person has blocked the bot, and begun again with /start', async () => {
    const webhook = webhookOf(app);
    await follow('Ricevuto');
    await app.telegram.block(ANNA);
    await follow('In preparazione');
    await app.telegram.unblock(ANNA);
    await webhook.write(ANNA, '/start');
    later(60_000);
    await follow('Pronto', 'In consegna');

    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      expect.stringContaining('sendMessage'),
      'sendMessage Pronto',
      expect.stringMatching(/^deleteMessage/),
      'editMessageText In consegna',
    ]);
    expect(await shown()).toEqual([expect.stringContaining('Demo Shop'), 'In consegna']);
  });

  test('where the site has another bot: that one can’t change what the former one has sent', async () => {
    await follow('Ricevuto');
    const bot = { id: '200', username: 'nuovo_bot', sealedToken: encryptToken('200:nuovo', 'demo') };
    await app.setSite({ templates: app.site.templates, bot });
    await app.setUser('anna', { botId: '200' });
    await follow('In preparazione', 'Pronto');

    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage In preparazione',
      'editMessageText Pronto',
    ]);
  });

  test('where the site gets another bot while the message waits for its slot', async () => {
    await follow('Ricevuto');
    const [message] = await reported(app, { status: 'Pronto' });
    if (!message) throw new Error('Nothing was queued.');
    const key = `order-card#${ANNA}#order#84512`;
    const card = (await app.stack.items('ScheduleTable')).find((item) => item.key === key) as unknown as Card;
    await attempt(
      app,
      message,
      {
        refresh: 'as the function',
        beforeDecision: async (round) => {
          if (round > 1) return;
          const bot = { id: '200', username: 'nuovo_bot', sealedToken: encryptToken('200:nuovo', 'demo') };
          await app.setSite({ templates: app.site.templates, bot });
          await app.setUser('anna', { botId: '200' });
          later(2_000);
        },
      },
      { ...(await factsOf(app, message)), card },
    );

    expect(await calls()).toEqual(['sendMessage Ricevuto', expect.stringContaining('sendMessage Pronto')]);
  });

  test('of a message of the log, once more: it is changed from then on', async () => {
    const [first] = await follow('Ricevuto');
    later(HOUR);
    const { status } = await app.call('POST', `/v1/sites/demo/deliveries/${first?.deliveryId}/resend`);
    expect(status).toBe(202);
    for (const message of await app.takeQueued()) await app.deliver([record(message)]);
    later(60_000);
    await follow('Pronto');

    expect(await shown()).toEqual(['Pronto']);
    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage Ricevuto',
      expect.stringMatching(/^deleteMessage/),
      'editMessageText Pronto',
    ]);
  });
});

describe('a status that must ring, and that a silent one overtakes', () => {
  /** `Spedito` rings and waits; the next status is reported meanwhile. */
  async function overtaken(): Promise<Notification[]> {
    await follow('Ricevuto');
    const ringing = await reported(app, { status: 'Spedito' });
    later(60_000);
    return [...ringing, ...(await reported(app, { status: 'In consegna' }))];
  }
  const deliver = async (...messages: Notification[]) =>
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);

  test.each(['in one batch', 'one after the other'])('%s: that one rings in its place, once', async (how) => {
    const messages = await overtaken();
    if (how === 'in one batch') await deliver(...messages);
    else for (const message of messages) await deliver(message);
    later(60_000);
    await follow('Consegnato');

    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage In consegna',
      expect.stringMatching(/^deleteMessage/),
      'editMessageText Consegnato',
    ]);
  });

  test('dropped after that one was shown, or twice: the next one rings, once', async () => {
    const [ringing, silent] = await overtaken();
    if (!ringing || !silent) throw new Error('Nothing was queued.');
    await deliver(silent);
    await deliver(ringing);
    later(60_000);
    expect(await shown()).toEqual(['In consegna']);
    await follow('Consegnato');
    await deliver({ ...ringing, droppedAt: new Date().toISOString() });
    later(60_000);
    await follow('Pronto');

    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'editMessageText In consegna',
      'sendMessage Consegnato',
      expect.stringMatching(/^deleteMessage/),
      'editMessageText Pronto',
    ]);
  });

  test('before the order has a message: its first one rings anyway, and nothing is owed', async () => {
    const [ringing] = await reported(app, { status: 'Spedito' });
    later(60_000);
    const [silent] = await reported(app, { status: 'In consegna' });
    if (!ringing || !silent) throw new Error('Nothing was queued.');
    requests = [];
    await deliver(ringing);
    expect(requests.filter((request) => request.startsWith('UpdateItem schedule'))).toEqual([]);
    await deliver(silent);
    later(60_000);
    await follow('Consegnato');

    expect(await calls()).toEqual(['sendMessage In consegna', 'editMessageText Consegnato']);
  });

  test('quiet hours hold as for a new message', async () => {
    const messages = await overtaken();
    const clockAt = (at: number) => new Date(at).toISOString().slice(11, 16);
    const now = Date.now();
    const quietHours = { from: clockAt(now - HOUR), to: clockAt(now + 8 * HOUR), mode: 'after' as const };
    await app.setSite({ timeZone: 'UTC', quietHours, templates: app.site.templates });
    await deliver(...messages);

    expect(await shown()).toEqual(['Ricevuto']);
    const [, silent] = messages;
    expect(silent && (await app.findDelivery(silent))).toMatchObject({ reason: 'quiet-hours' });
  });

  test('a change that is not possible makes no sound, and the next one rings still', async () => {
    const [ringing, silent] = await overtaken();
    if (!ringing || !silent) throw new Error('Nothing was queued.');
    await app.telegram.refuse(400, 'Bad Request: message to edit not found', { method: 'editMessageText' });
    await deliver(silent);
    await deliver(ringing);
    later(60_000);
    await follow('Consegnato');

    expect(await calls()).toEqual([
      'sendMessage Ricevuto',
      'sendMessage In consegna (silent)',
      expect.stringMatching(/^deleteMessage/),
      'sendMessage Consegnato',
      expect.stringMatching(/^deleteMessage/),
    ]);
  });
});

describe('two templates for one status', () => {
  test('the first changes the message, and what the other says is sent', async () => {
    const says = (text: string) => ({ text: { it: text, en: text } });
    await app.setTemplates(
      cardTemplate('a', ['Ricevuto', 'Pronto'], { newMessageFor: ['Pronto'] }),
      cardTemplate('b', ['Pronto'], { newMessageFor: ['Pronto'] }, says('Vieni a ritirarlo')),
    );
    await follow('Ricevuto', 'Pronto');

    expect(await shown()).toEqual(['Pronto', 'Vieni a ritirarlo']);
  });
});

describe('quiet hours', () => {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

  test('nobody waits for a change, since it makes no sound; a new message waits', async () => {
    await follow('Ricevuto');
    const now = Date.now();
    const quietHours = { from: clock(now - HOUR), to: clock(now + 8 * HOUR), mode: 'after' as const };
    await app.setSite({ timeZone: 'UTC', quietHours, templates: app.site.templates });
    await follow('Pronto');
    expect(await shown()).toEqual(['Pronto']);

    const [waiting] = await follow('Spedito');
    expect(await shown()).toEqual(['Pronto']);
    expect(waiting && (await app.findDelivery(waiting))).toMatchObject({ reason: 'quiet-hours' });
  });
});

describe('what it costs', () => {
  /** Without the reading of a site that is remembered for some seconds, and the slots: a busy machine may miss one. */
  async function requestsOf(status: string): Promise<string[]> {
    const messages = await reported(app, { status });
    later(60_000);
    requests = [];
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    return requests.filter((request) => !request.startsWith('GetItem') && !request.endsWith('-paces'));
  }

  test('nothing where it is not used; else one write more to remember it, or before it is changed', async () => {
    await app.setTemplates(cardTemplate('each', ['Ricevuto']));
    await requestsOf('Ricevuto');
    const floor = await requestsOf('Ricevuto');

    await app.setTemplates(cardTemplate('one', ['Ricevuto', 'Pronto'], {}));
    expect(await requestsOf('Ricevuto')).toHaveLength(floor.length + 1);
    expect(await requestsOf('Pronto')).toHaveLength(floor.length + 1);
  });
});
