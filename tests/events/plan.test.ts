/** What is read before an event is sent, what is put into the queue, and what its reporter is answered. */
import { describe, expect, test } from '@jest/globals';
import { deliveryIdOf, scheduledKey, skippedIdOf, userKey } from '../../lib/domain/ids.ts';
import type { Outcome, SkipReason } from '../../lib/domain/outcomes.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { EventDefinition } from '../../lib/events/definition.ts';
import { type Plan, type Reported, toIntent, toPlan, wantedOf } from '../../lib/events/plan.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { Facts } from '../../lib/store/facts.ts';
import type { ScheduleItem } from '../../lib/store/schedule.ts';
import { type StoredUser, userFrom } from '../../lib/store/stored-user.ts';
import type { Subject } from '../../lib/store/subjects.ts';
import { definition, type Report, site } from './reports.ts';

const ACCEPTED_AT = '2026-11-22T10:00:00.000Z';

const news: Template = {
  ...{ id: 'news', name: 'News', event: 'message-sent', enabled: true },
  text: { it: 'Per {{nominativo}}: {{oggettoMessaggio}}', en: 'For {{nominativo}}: {{oggettoMessaggio}}' },
  button: { it: 'Leggi', en: 'Read' },
};
const forVips: Template = { ...news, id: 'vip', groups: ['vip'], text: { it: 'Solo per te' } };

const anna: StoredUser = {
  ...{ siteId: 'demo', userId: 'anna', chatId: 1001, botId: '100' },
  firstName: 'Anna',
};

const idOf = (userId: string, templateId = 'news') =>
  deliveryIdOf({ siteId: 'demo', eventId: 'e-1', templateId, userId });

const delivery = (userId: string, changes: object, templateId = 'news'): Delivery =>
  ({
    ...{ siteId: 'demo', deliveryId: idOf(userId, templateId), userId, templateId, eventId: 'e-1' },
    ...{ event: 'message-sent', recordedAt: ACCEPTED_AT, attempts: 1 },
    ...changes,
  }) as Delivery;

function factsOf({
  users = [anna],
  deliveries = [],
  scheduled = [],
}: Pick<Situation, 'users' | 'deliveries' | 'scheduled'>): Facts {
  return {
    users: new Map(users.map((user) => [userKey(user), userFrom(user)])),
    chats: new Map(),
    deliveries: new Map(deliveries.map((each) => [each.deliveryId, each])),
    scheduled: new Map(scheduled.map((item) => [scheduledKey(item), item])),
    ...{ rateLimits: new Map(), siteVersions: new Map(), lanes: new Map() },
  };
}

interface Situation {
  event?: Partial<Report>;
  templates?: Template[];
  users?: StoredUser[];
  deliveries?: Delivery[];
  scheduled?: ScheduleItem[];
  of?: Partial<EventDefinition<Report>>;
  skipReason?: SkipReason;
  reported?: Partial<Reported<Report>>;
}

function planOf({
  event,
  templates = [news],
  of,
  skipReason,
  reported: more,
  ...known
}: Situation): Omit<Plan, 'planned'> {
  const reported = {
    event: { eventId: 'e-1', subject: 'Novità', recipients: [{ id: 'anna' }], ...event },
    site: { ...site, templates },
    ...(skipReason && { skipReason }),
    ...more,
  };
  const defined = { ...definition, ...of };
  const { planned: _all, ...plan } = toPlan(
    defined,
    toIntent(defined, reported),
    factsOf(known),
    ACCEPTED_AT,
  );
  return plan;
}

const queued = (userId: string, templateId = 'news'): Outcome => ({
  ...{ userId, templateId, status: 'queued', deliveryId: idOf(userId, templateId) },
});
const skipped = (userId: string, reason: SkipReason): Outcome => ({ userId, status: 'skipped', reason });
/** The plan for one who gets nothing, with the line of the log. */
const nothingFor = (userId: string, reason: SkipReason) => ({
  notifications: [],
  skipped: [
    {
      ...{
        siteId: 'demo',
        deliveryId: skippedIdOf({ siteId: 'demo', event: 'message-sent', eventId: 'e-1', userId }),
      },
      ...{ event: 'message-sent', eventId: 'e-1', userId, reason },
    },
  ],
  outcomes: [skipped(userId, reason)],
});

describe('what has to be known', () => {
  test('the users who have a template, and their deliveries', () => {
    const event = { eventId: 'e-1', recipients: [{ id: 'anna', groups: ['vip'] }, { id: 'bruno' }] };
    const intent = toIntent(definition, { event, site: { ...site, templates: [news, forVips] } });
    expect(intent).toMatchObject({ event, site: { siteId: 'demo' } });
    expect(wantedOf(intent)).toEqual({
      users: [
        { siteId: 'demo', userId: 'anna' },
        { siteId: 'demo', userId: 'bruno' },
      ],
      deliveries: [
        { siteId: 'demo', deliveryId: idOf('anna') },
        { siteId: 'demo', deliveryId: idOf('anna', 'vip') },
        { siteId: 'demo', deliveryId: idOf('bruno') },
      ],
      scheduled: [],
    });
  });

  test('nothing of who gets nothing anyway', () => {
    const event = { eventId: 'e-1', recipients: [{ id: 'anna' }, { id: 'bruno', groups: ['vip'] }] };
    const intent = toIntent(definition, { event, site: { ...site, templates: [forVips] } });
    expect(wantedOf(intent)).toEqual({
      users: [{ siteId: 'demo', userId: 'bruno' }],
      deliveries: [{ siteId: 'demo', deliveryId: idOf('bruno', 'vip') }],
      scheduled: [],
    });
  });

  test('what was said last of what its messages speak of', () => {
    const event = { eventId: 'e-1', recipients: [{ id: 'anna' }] };
    const about = [{ kind: 'status', key: 'order#7', at: ACCEPTED_AT }] as const;
    const intent = toIntent(definition, { event, site: { ...site, templates: [news] }, about: [...about] });
    expect(wantedOf(intent).scheduled).toEqual([{ siteId: 'demo', key: 'order#7' }]);
  });
});

describe('what is queued', () => {
  test('the whole notification', () => {
    expect(planOf({ event: { url: 'https://shop.example/messaggi/1' } })).toEqual({
      notifications: [
        {
          deliveryId: idOf('anna'),
          chatId: 1001,
          siteId: 'demo',
          eventId: 'e-1',
          templateId: 'news',
          userId: 'anna',
          event: 'message-sent',
          text: 'Per Anna: Novità',
          button: { text: 'Leggi', url: 'https://shop.example/messaggi/1' },
          acceptedAt: ACCEPTED_AT,
        },
      ],
      skipped: [],
      outcomes: [queued('anna')],
    });
  });

  test('what it speaks of, how its event came, and the hash of what it said go with it', () => {
    const about: Subject[] = [{ kind: 'status', key: 'order#7', at: ACCEPTED_AT }];
    const reported = { about, source: 'sqs', content: 'hash' } as const;
    expect(planOf({ reported }).notifications).toMatchObject([reported]);
  });

  test('another event with the same identity has the same deliveries; its log names the event', () => {
    const [notification] = planOf({ reported: { identity: 'the same' } }).notifications;
    expect(notification).toMatchObject({
      deliveryId: deliveryIdOf({ siteId: 'demo', eventId: 'the same', templateId: 'news', userId: 'anna' }),
      eventId: 'e-1',
    });
  });

  test('without a link there is no button', () => {
    const [notification] = planOf({}).notifications;
    expect(notification).not.toHaveProperty('button');
  });

  test('each template that is for a recipient makes a message; the outcomes are in the order of the recipients', () => {
    const bruno = { ...anna, userId: 'bruno', chatId: 1002 };
    const plan = planOf({
      event: { recipients: [{ id: 'bruno' }, { id: 'anna', groups: ['vip'] }] },
      templates: [news, forVips],
      users: [anna, bruno],
    });
    expect(plan.outcomes).toEqual([queued('bruno'), queued('anna'), queued('anna', 'vip')]);
    expect(plan.notifications.map(({ userId, templateId }) => [userId, templateId])).toEqual([
      ['bruno', 'news'],
      ['anna', 'news'],
      ['anna', 'vip'],
    ]);
  });
});

describe('who gets nothing', () => {
  const unreachable = { reason: 'Forbidden', since: ACCEPTED_AT };

  test.each<[SkipReason, StoredUser[]]>([
    ['not-linked', []],
    ['not-linked', [{ ...anna, botId: '99' }]],
    ['opted-out', [{ ...anna, optedOut: true }]],
    ['unreachable', [{ ...anna, unreachable }]],
    ['muted', [{ ...anna, mutedEvents: ['message-sent'] }]],
  ])('%s', (reason, users) => {
    expect(planOf({ users })).toEqual(nothingFor('anna', reason));
  });

  test('a user of another site with the same id is another user', () => {
    expect(planOf({ users: [{ ...anna, siteId: 'altro' }] }).outcomes).toEqual([
      skipped('anna', 'not-linked'),
    ]);
  });

  test('muted is the event, whatever the kind of the template', () => {
    const users = [{ ...anna, mutedEvents: ['message-read'] }];
    expect(planOf({ users }).outcomes).toEqual([queued('anna')]);
  });

  test('a reason of the event or the site comes before one of the user', () => {
    const users = [{ ...anna, optedOut: true }];
    expect(planOf({ users, templates: [] }).outcomes).toEqual([skipped('anna', 'no-template')]);
    expect(planOf({ users, skipReason: 'past' }).outcomes).toEqual([skipped('anna', 'past')]);
  });

  test('a reason that is given for the whole event: nothing more is sent', () => {
    expect(planOf({ skipReason: 'past' })).toEqual(nothingFor('anna', 'past'));
    expect(planOf({ skipReason: 'past', templates: [] }).outcomes).toEqual([skipped('anna', 'no-template')]);
  });

  test('a template that says nothing sends no empty message', () => {
    const silent: Template = {
      ...news,
      id: 'silent',
      text: { it: '{{#testoMessaggio}}Ciao{{/testoMessaggio}}' },
    };
    expect(planOf({ templates: [silent] })).toEqual(nothingFor('anna', 'no-template'));
    expect(planOf({ templates: [silent, news] }).outcomes).toEqual([queued('anna')]);
  });
});

describe('something newer is known', () => {
  const about: Subject[] = [{ kind: 'status', key: 'order#7', at: ACCEPTED_AT }];
  const statusAt = (time: string) => ({ siteId: 'demo', key: 'order#7', statusAt: time });

  test('nothing is sent', () => {
    const scheduled = [statusAt('2026-11-22T10:00:00.001Z')];
    expect(planOf({ reported: { about }, scheduled })).toEqual(nothingFor('anna', 'superseded'));
  });

  test.each([
    ['the same', [statusAt(ACCEPTED_AT)]],
    ['something older', [statusAt('2026-11-22T09:59:59.999Z')]],
    ['nothing', []],
  ])('not where it is %s', (_what, scheduled) => {
    expect(planOf({ reported: { about }, scheduled }).outcomes).toEqual([queued('anna')]);
  });
});

describe('an event that was reported before', () => {
  const failure = { class: 'refused', description: 'Bad Request' };

  test.each<[string, object]>([
    ['sent', { status: 'sent', messageId: 7, chatId: 1001 }],
    ['refused', { status: 'failed', failure }],
  ])('a delivery that was %s is answered as before, and not queued again', (_what, changes) => {
    const deliveries = [delivery('anna', changes)];
    const plan = { notifications: [], skipped: [], outcomes: [queued('anna')] };
    expect(planOf({ deliveries })).toEqual(plan);
    expect(planOf({ deliveries, users: [{ ...anna, optedOut: true }] })).toEqual(plan);
    expect(planOf({ deliveries, skipReason: 'past' })).toEqual(plan);
  });

  test('one that was skipped when it was to be sent, and would be now, has no second line in the log', () => {
    const deliveries = [delivery('anna', { status: 'skipped', reason: 'opted-out' })];
    const plan = planOf({ deliveries, users: [{ ...anna, optedOut: true }] });
    expect(plan).toEqual({ ...nothingFor('anna', 'opted-out'), skipped: [] });
  });

  test.each<[string, object]>([
    ['is being retried', { status: 'retrying', failure, failures: 1, nextAttemptAt: ACCEPTED_AT }],
    ['waits', { status: 'waiting', reason: 'rate-limit', until: ACCEPTED_AT }],
    ['is among the dead letters', { status: 'failed', failure, isDead: true }],
    ['was superseded when it was to be sent', { status: 'skipped', reason: 'superseded' }],
    ['was skipped when it was to be sent', { status: 'skipped', reason: 'muted' }],
  ])('a delivery that %s is queued again', (_what, changes) => {
    expect(planOf({ deliveries: [delivery('anna', changes)] }).notifications).toHaveLength(1);
  });

  test('a template that was added since is sent, or skipped without a word', () => {
    const deliveries = [delivery('anna', { status: 'sent', messageId: 7, chatId: 1001 })];
    const templates = [{ ...news, id: 'new' }, news];
    expect(planOf({ deliveries, templates }).outcomes).toEqual([queued('anna', 'new'), queued('anna')]);
    expect(planOf({ deliveries, templates, users: [{ ...anna, optedOut: true }] }).outcomes).toEqual([
      queued('anna'),
    ]);
  });

  test('a recipient who was missed is told now', () => {
    const bruno = { ...anna, userId: 'bruno', chatId: 1002 };
    const plan = planOf({
      event: { recipients: [{ id: 'anna' }, { id: 'bruno' }] },
      users: [anna, bruno],
      deliveries: [delivery('anna', { status: 'sent', messageId: 7, chatId: 1001 })],
    });
    expect(plan.notifications.map(({ userId }) => userId)).toEqual(['bruno']);
    expect(plan.outcomes).toEqual([queued('anna'), queued('bruno')]);
  });
});

describe('how it is written', () => {
  const textFor = (situation: Situation) => planOf(situation).notifications[0]?.text;

  test.each<[string, string | undefined, string | undefined, string]>([
    ['named in the event', 'en', 'it', 'For Anna: Novità'],
    ['stored with the link', undefined, 'en', 'For Anna: Novità'],
    ['unknown: that of the site', undefined, undefined, 'Per Anna: Novità'],
    ['one without a text: the stored one', 'de', 'en', 'For Anna: Novità'],
    ['none with a text: that of the site', 'de', 'fr', 'Per Anna: Novità'],
  ])('in the language of the recipient, %s', (_what, language, stored, text) => {
    const recipients = [{ id: 'anna', ...(language && { language }) }];
    const users = [{ ...anna, ...(stored && { language: stored }) }];
    expect(textFor({ event: { recipients }, users })).toBe(text);
  });

  test('in the language of the event before that of the recipient', () => {
    const recipients = [{ id: 'anna', language: 'it' }];
    expect(textFor({ event: { recipients, language: 'en' } })).toBe('For Anna: Novità');
    expect(textFor({ event: { recipients, language: 'de' } })).toBe('Per Anna: Novità');
    expect(textFor({ event: { recipients: [{ id: 'anna', language: 'en' }] } })).toBe('For Anna: Novità');
  });

  test.each<[string, object, Partial<StoredUser>, string]>([
    ['of the event', { firstName: 'Annamaria' }, {}, 'Per Annamaria: Novità'],
    ['of a company', { companyName: 'Rossi SRL' }, {}, 'Per Rossi SRL: Novità'],
    ['stored, where the event has none', {}, { lastName: 'Rossi' }, 'Per Anna Rossi: Novità'],
    ['stored, where the event has blanks', { firstName: ' ' }, {}, 'Per Anna: Novità'],
  ])('with the names %s', (_what, names, stored, text) => {
    const event = { recipients: [{ id: 'anna', ...names }] };
    expect(textFor({ event, users: [{ ...anna, ...stored }] })).toBe(text);
  });

  test('with the address of the site, and what the event says in place of the rest', () => {
    const templates = [{ ...news, text: { it: '{{urlSito}} {{nome}}' } }];
    expect(textFor({ templates })).toBe('https://shop.example Anna');
    const of = { values: () => ({ nome: 'Carla' }) };
    expect(textFor({ templates, of })).toBe('https://shop.example Carla');
  });

  test('with dates in the time zone of the site', () => {
    const templates = [{ ...news, text: { en: '{{dataAttivita}}', it: '{{dataAttivita}}' } }];
    const of = { values: () => ({ dataAttivita: '2026-11-22T23:30:00Z' }) };
    expect(textFor({ templates, of })).toContain('23');
  });
});

test('a plan ends where there is no time for the next recipient; the first one is always in it', () => {
  const recipients = ['anna', 'bruno', 'carla'].map((id) => ({ id }));
  const event = { eventId: 'e-1', subject: 'Novità', recipients };
  const intent = toIntent(definition, { event, site: { ...site, templates: [news] } });
  const planUntil = (left: number) => {
    let times = left;
    return toPlan(definition, intent, factsOf({}), ACCEPTED_AT, { mayGoOn: () => times-- > 0 });
  };
  expect([0, 1, 5].map((left) => planUntil(left).planned)).toEqual([1, 2, 3]);
  expect(planUntil(1).outcomes.map(({ userId }) => userId)).toEqual(['anna', 'bruno']);
});
