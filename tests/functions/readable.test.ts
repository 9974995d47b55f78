/** What shops send from web editors and back offices arrives as a text that people can read. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toPlainText } from '../../lib/telegram/html/index.ts';
import { type App, startApp } from '../support/app.ts';
import { templatesWithMessageText } from '../support/fixtures.ts';
import { changed, type EventKind, type Fields, payload } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

/** The text of the message, as Telegram reads its HTML. */
async function textOf(event: EventKind, body: Fields): Promise<string> {
  const answer = await app.report(event, { ...body, eventId: `readable-${++count}` });
  expect(answer).toMatchObject({ status: 202 });
  const [queued] = await app.takeQueued();
  return toPlainText(queued?.text ?? '');
}

const MESSAGES = ['message-sent', 'message-read'] as const;

describe.each(MESSAGES)('the text of %s', (event) => {
  beforeEach(() => app.setTemplates(...templatesWithMessageText()));

  const html =
    '<p>Buongiorno,<br>il&nbsp;preventivo &egrave; pronto</p><ul><li>tende</li><li>posa &lt;b&gt;</li></ul>';
  const withText = (text: string, format?: string) => {
    const body = changed(payload(event), '/message/text', text);
    return format === undefined ? body : changed(body, '/message/format', format);
  };

  test.each([undefined, 'html'])('from a web editor (format %s)', async (format) => {
    expect(await textOf(event, withText(html, format))).toContain(
      '\nBuongiorno,\nil preventivo è pronto\n\n• tende\n• posa <b>\n',
    );
  });

  test('that is plain, as the event says', async () => {
    expect(await textOf(event, withText(html, 'text'))).toContain(`\n${html}\n`);
  });

  test.each(['a < b & c > d', '<3', 'x<y', 'AT&T'])('%s stays as it is', async (text) => {
    expect(await textOf(event, withText(text))).toContain(`\n${text}\n`);
  });

  test('with another format is refused', async () => {
    const answer = await app.report(event, withText('x', 'markdown'));
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/message/format' }] } });
  });

  test.each(['\u2028', '\u2029', '\u000b', '\u000c', '\u0085', '\r\n', '\r'])(
    'with the line break %j',
    async (br) => {
      expect(await textOf(event, withText(`Buongiorno,${br}a presto`))).toContain(
        '\nBuongiorno,\na presto\n',
      );
    },
  );
});

/** The values that an event writes, besides the text of a message. */
const VALUES: [EventKind, string][] = [
  ['order-status', '/order/reference'],
  ['order-status', '/holder/firstName'],
  ['message-sent', '/message/subject'],
  ['message-sent', '/sender/lastName'],
  ['message-read', '/message/subject'],
  ['activity-status', '/activity/subject'],
  ['activity-status', '/oldStatus'],
  ['activity-status', '/newStatus'],
  ['activity-viewed', '/activity/subject'],
  ['file-upload', '/file/name'],
  ['file-upload', '/folder/name'],
  ['file-access', '/file/name'],
  ['file-access', '/folder/name'],
];

describe.each(VALUES)('in %s, %s', (event, pointer) => {
  test.each(['\n', '\r\n', '\u2028', '\u2029', '\u000b', '\u000c', '\u0085', '\t', '\n\n'])(
    'with %j is one line',
    async (br) => {
      const text = await textOf(event, changed(payload(event), pointer, `Z${br}Stato: Pagato`));
      expect(text).toContain('Z Stato: Pagato');
      expect(text).not.toMatch(/^Stato: Pagato/m);
    },
  );

  test('is composed (NFC)', async () => {
    const text = await textOf(event, changed(payload(event), pointer, 'A\u030angstro\u0308m perche\u0301'));
    expect(text).toContain('Ångström perché');
  });

  test('shows no entities', async () => {
    const text = await textOf(
      event,
      changed(payload(event), pointer, 'Caff&egrave; &amp; t&#232; &lt;b&gt; AT&T'),
    );
    expect(text).toContain('Caffè & tè <b> AT&T');
  });
});

test('a status with a line break is the status of the order', async () => {
  const body = changed(payload('order-status'), '/order/status', 'Evaso\u2028');
  expect(await textOf('order-status', body)).toContain('Stato: Evaso\n');
});

test('a template has line breaks and composed characters too', async () => {
  const text = { it: 'Perche\u0301\u2028<b>\u0338 {{nome}}</b>', en: 'x' };
  const button = { it: 'A\u030a {{oggettoMessaggio}}' };
  await app.setTemplates({ id: 't', name: 't', event: 'message-sent', enabled: true, text, button });
  await app.report('message-sent', payload('message-sent', { eventId: 'template' }));
  const [queued] = await app.takeQueued();
  expect(queued?.text).toBe('Perché\n<b>\u0338 Anna</b>');
  expect(queued?.button?.text).toBe('Å Preventivo tende');
});

test('ids are left alone: two that only differ in their composition are two people', async () => {
  const ids = ['e\u0301', '\u00e9'];
  for (const id of ids) await app.setUser(id);
  const answer = await app.report(
    'message-sent',
    payload('message-sent', { eventId: 'ids', recipients: ids.map((id) => ({ id })) }),
  );
  expect(answer.json.notifications.map(({ userId }: { userId: string }) => userId)).toEqual(ids);
});

test.each(['-', '.', '\u200b', '***'])('a first name of %j is none, as of a company', async (firstName) => {
  await app.setSite();
  const body = changed(payload('order-status'), '/holder/firstName', firstName);
  expect(await textOf('order-status', body)).toContain('Ciao, il tuo ordine');
});
