/** What is wrong with a template for a site: each wrong place (docs/templates.md, "Over HTTP"). */
import { describe, expect, test } from '@jest/globals';
import type { TemplateDraft } from '../../lib/templates/api/schemas.ts';
import { draftErrors, textErrors } from '../support/english.ts';

const draft = (changes: Partial<TemplateDraft> = {}): TemplateDraft => ({
  ...{ event: 'message-sent', text: { it: 'Ciao {{nome}}' } },
  ...changes,
});
const placesOf = (changes: Partial<TemplateDraft>, languages = ['it']) =>
  draftErrors(draft(changes), { languages }).map(({ pointer }) => pointer);
const detailsOf = (changes: Partial<TemplateDraft>, languages = ['it']) =>
  draftErrors(draft(changes), { languages }).map(({ detail }) => detail);

const order = { event: 'order-status' as const, statuses: ['Evaso'] };

test('a template without mistakes', () => {
  expect(placesOf({})).toEqual([]);
  expect(placesOf({ button: { it: 'Apri' }, groups: ['vip', 'retail'] })).toEqual([]);
  expect(placesOf({ ...order, statuses: ['Evaso', 'Nuovo'] })).toEqual([]);
  expect(placesOf({ event: 'welcome' })).toEqual([]);
  expect(placesOf({ event: 'welcome', groups: [], button: {} })).toEqual([]);
  expect(placesOf({ statuses: [] })).toEqual([]);
});

describe('buttons', () => {
  const second = { secondButton: { it: 'Scrivici' } };

  test('may be several', () => {
    const all = {
      ...second,
      secondButtonUrl: 'https://shop.example/contatti',
      buttonStyle: 'primary' as const,
    };
    expect(placesOf({ ...order, ...all, trackingButton: { it: 'Copia {{codiceTracking}}' } })).toEqual([]);
    expect(placesOf(all)).toEqual([]);
  });

  test('are written as the first one', () => {
    expect(placesOf({ secondButton: { it: '<b>Scrivici</b>', xx: 'x' } })).toEqual([
      '/secondButton/it',
      '/secondButton/xx',
    ]);
    expect(placesOf({ ...order, trackingButton: { it: 'x'.repeat(65) } })).toEqual(['/trackingButton/it']);
    expect(placesOf({ secondButton: { it: '{{codiceTracking}}' } })).toEqual(['/secondButton/it']);
  });

  test('a link needs a text, a tracking code an order, and a welcome has none', () => {
    expect(draftErrors(draft({ secondButtonUrl: 'https://shop.example/x' }), { languages: ['it'] })).toEqual([
      {
        pointer: '/secondButton',
        detail: 'The second button has a link and no text: write the text, or leave the link out.',
      },
    ]);
    expect(detailsOf({ trackingButton: { it: 'Copia' } })).toEqual([
      'Only templates for order-status have a button for the tracking code: leave it out.',
    ]);
    expect(placesOf({ event: 'welcome', ...second, buttonStyle: 'danger' })).toEqual([
      '/buttonStyle',
      '/secondButton',
    ]);
  });

  test('those that a template has already are not checked again', () => {
    const known = { ...order, text: { it: 'Ciao' }, trackingButton: { it: 'x'.repeat(65) } };
    const errorsOf = (changes: Partial<TemplateDraft>) =>
      draftErrors(draft({ ...known, ...changes }), { languages: ['it'] }, draft(known)).map(
        ({ pointer }) => pointer,
      );
    expect(errorsOf({})).toEqual([]);
    expect(errorsOf({ trackingButton: { it: 'y'.repeat(65) } })).toEqual(['/trackingButton/it']);
  });
});

describe('languages', () => {
  test('each language of the site needs a text, a text of its language will do', () => {
    const text = { it: 'Ciao', en: 'Hello' };
    expect(placesOf({ text }, ['it', 'en', 'de'])).toEqual(['/text/de']);
    expect(placesOf({ text }, ['it', 'en-GB'])).toEqual([]);
    expect(detailsOf({ text }, ['it', 'de'])).toEqual([
      'The site is also in German ("de"): write the text in that language too.',
    ]);
    expect(detailsOf({}, ['it', 'de-u-co-phonebk'])).toEqual([
      expect.stringContaining('German ("de-u-co-phonebk")'),
    ]);
  });

  test('no text at all is one mistake, whatever the languages of the site', () => {
    expect(draftErrors(draft({ text: {} }), { languages: ['it', 'en'] })).toEqual([
      { pointer: '/text', detail: 'Write the text in at least one language.' },
    ]);
  });

  test('a blank text is a mistake of its own', () => {
    expect(placesOf({ text: { it: 'Ciao', en: ' ' } }, ['it', 'en'])).toEqual(['/text/en']);
  });

  test('a key that is no language', () => {
    expect(draftErrors(draft({ text: { it: 'Ciao', 'it_IT/~': 'Ciao' } }), { languages: ['it'] })).toEqual([
      {
        pointer: '/text/it_IT~1~0',
        detail: 'Must be the BCP 47 tag of a real language, such as "it" or "en-GB". Did you mean "it"?',
      },
    ]);
  });

  test('one language twice', () => {
    expect(detailsOf({ text: { it: 'Ciao', IT: 'Ciao' } })).toEqual([
      '"IT" is the same language as "it": write its text once.',
    ]);
    expect(placesOf({ text: { it: 'Ciao', IT: 'Ciao', It: 'Ciao' } })).toEqual(['/text/IT', '/text/It']);
  });

  test('a draft that is not finished yet is checked as far as it is', () => {
    expect(textErrors(draft({ text: { it: '{{nome' } }))).toMatchObject([{ pointer: '/text/it' }]);
    expect(textErrors(draft({ ...order, statuses: [], text: { en: 'Hello' } }))).toEqual([]);
  });
});

describe('statuses', () => {
  test.each<[string, Partial<TemplateDraft>, string[]]>([
    ['order-status without any', { event: 'order-status' }, ['/statuses']],
    ['order-status with an empty list', { event: 'order-status', statuses: [] }, ['/statuses']],
    ['another event with one', { statuses: ['Evaso'] }, ['/statuses']],
    ['one named twice', { ...order, statuses: ['Evaso', 'Nuovo', 'Evaso'] }, ['/statuses/2']],
    ['one written in another way', { ...order, statuses: ['Evaso', ' EVASO '] }, ['/statuses/1']],
    [
      'one named three times',
      { ...order, statuses: ['Evaso', 'evaso', 'EVASO'] },
      ['/statuses/1', '/statuses/2'],
    ],
  ])('%s', (_what, changes, places) => {
    expect(placesOf(changes)).toEqual(places);
  });

  test('the answer says which event, and which status', () => {
    expect(detailsOf({ event: 'order-status' })).toEqual([expect.stringContaining('"Evaso"')]);
    expect(detailsOf({ statuses: ['Evaso'] })).toEqual([expect.stringContaining('message-sent')]);
    expect(detailsOf({ ...order, statuses: ['Evaso', 'evaso'] })).toEqual([
      '"evaso" is the same as "Evaso": name it once.',
    ]);
  });
});

describe('groups', () => {
  test('a group named twice; upper and lower case are different groups', () => {
    expect(placesOf({ groups: ['vip', 'retail', 'vip'] })).toEqual(['/groups/2']);
    expect(placesOf({ groups: ['vip', 'VIP'] })).toEqual([]);
  });

  test('a welcome may be for some of them', () => {
    expect(placesOf({ event: 'welcome', groups: ['vip'] })).toEqual([]);
    expect(placesOf({ event: 'welcome', groups: ['vip', 'vip'] })).toEqual(['/groups/1']);
  });
});

describe('the audience', () => {
  test('only the status of an activity has one', () => {
    expect(placesOf({ event: 'activity-status', audience: 'recipients' })).toEqual([]);
    expect(placesOf({ event: 'activity-viewed', audience: 'creator' })).toEqual(['/audience']);
    expect(detailsOf({ event: 'activity-viewed', audience: 'creator' })).toEqual([
      'Only templates for activity-status have an audience: leave it out of one for activity-viewed.',
    ]);
  });
});

describe('buttons', () => {
  test('are checked as texts are, in their languages', () => {
    expect(placesOf({ button: { it: '<b>Apri</b>', xx_: 'Open' } })).toEqual(['/button/it', '/button/xx_']);
    expect(placesOf({ button: { it: 'x'.repeat(65) } })).toEqual(['/button/it']);
  });

  test('a welcome has none', () => {
    expect(placesOf({ event: 'welcome', button: { it: 'Apri' } })).toEqual(['/button']);
    expect(detailsOf({ event: 'welcome', button: { it: 'Apri' } })).toEqual([
      'A welcome leads nowhere: it has no button. Leave the button out.',
    ]);
  });
});

describe('texts', () => {
  test('the place of a mistake, as an editor counts it', () => {
    expect(detailsOf({ text: { it: 'Perché 😀\nciao {{cliente}}' } })).toEqual([
      expect.stringMatching(/\(Line 2, character 6\.\)$/),
    ]);
    expect(detailsOf({ text: { it: 'Perché 😀 {{cliente}}' } })).toEqual([
      expect.stringMatching(/\(Line 1, character 10\.\)$/),
    ]);
    expect(detailsOf({ text: { it: '{{cliente}}' } })).toEqual([
      expect.stringMatching(/\(Line 1, character 1\.\)$/),
    ]);
  });

  test('a mistake without a place', () => {
    expect(detailsOf({ text: { it: '' } })).toEqual(['The text is empty: write what the message says.']);
  });

  test('each mistake of each text is named', () => {
    expect(placesOf({ text: { it: '{{a}} {{b}}', en: '{{c}}' } })).toEqual([
      '/text/it',
      '/text/it',
      '/text/en',
    ]);
  });

  test('placeholders are those of the event', () => {
    expect(placesOf({ ...order, text: { it: '{{siglaDocumento}}' } })).toEqual([]);
    expect(placesOf({ text: { it: '{{siglaDocumento}}' } })).toEqual(['/text/it']);
    expect(placesOf({ ...order, button: { it: '{{siglaDocumento}}' } })).toEqual([]);
    expect(placesOf({ button: { it: '{{siglaDocumento}}' } })).toEqual(['/button/it']);
  });

  test('more than any text needs is not read at all: bytes, not characters', () => {
    const tags = '<b>a</b>'.repeat(4_096);
    expect(Buffer.byteLength(tags)).toBe(32_768);
    expect(placesOf({ text: { it: tags } })).toEqual([]);
    expect(detailsOf({ text: { it: `${tags}è` } })).toEqual([expect.stringContaining('32768 bytes')]);
    expect(placesOf({ text: { it: `{{cliente}}${'è'.repeat(17_000)}` } })).toEqual(['/text/it']);
  });
});
