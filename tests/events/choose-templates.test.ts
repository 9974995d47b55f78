/** Which templates send to whom, as far as event and site tell (docs/events.md, "The answer"). */
import { describe, expect, jest, test } from '@jest/globals';
import type { SkipReason } from '../../lib/domain/outcomes.ts';
import type { Template } from '../../lib/domain/templates.ts';
import { chooseTemplates } from '../../lib/events/choose-templates.ts';
import type { EventDefinition } from '../../lib/events/definition.ts';
import type { Recipient } from '../../lib/events/schemas.ts';
import { log } from '../../lib/observability/logger.ts';
import type { Site } from '../../lib/store/sites.ts';
import { definition, type Report, site } from './reports.ts';

const anna: Recipient = { id: 'anna' };
const bruno: Recipient = { id: 'bruno', groups: ['vip', 'retail'] };

const template = (id: string, changes: Partial<Template> = {}): Template => ({
  ...{ id, name: id, event: 'message-sent', enabled: true, text: { it: id } },
  ...changes,
});

/** What each recipient gets: the ids of the templates, or the reason why there is none. */
function chosen(
  templates: Template[],
  {
    event = {},
    of = {},
    settings = {},
  }: { event?: Partial<Report>; of?: Partial<EventDefinition<Report>>; settings?: Partial<Site> } = {},
): Record<string, string[] | SkipReason | undefined> {
  const choices = chooseTemplates(
    { ...definition, ...of },
    { eventId: 'e-1', recipients: [anna], ...event },
    { ...site, templates, ...settings },
  );
  return Object.fromEntries(
    choices.map(({ recipient, templates, skipReason }) => [
      recipient.id,
      templates.length > 0 ? templates.map(({ id }) => id) : skipReason,
    ]),
  );
}

describe('the templates of a site', () => {
  test('every enabled one of the kind sends, in the order of the site', () => {
    expect(chosen([template('b'), template('a')])).toEqual({ anna: ['b', 'a'] });
  });

  test.each<[string, Partial<Template>]>([
    ['switched off', { enabled: false }],
    ['of another kind', { event: 'message-read' }],
  ])('one that is %s does not', (_what, changes) => {
    expect(chosen([template('a', changes), template('b')])).toEqual({ anna: ['b'] });
    expect(chosen([template('a', changes)])).toEqual({ anna: 'no-template' });
  });

  test('one that the event does not reach does not', () => {
    const of: Partial<EventDefinition<Report>> = { reaches: ({ id }, { eventId }) => id === eventId };
    expect(chosen([template('a'), template('e-1')], { of })).toEqual({ anna: ['e-1'] });
    expect(chosen([template('a')], { of })).toEqual({ anna: 'no-template' });
  });

  test('a choice with templates has no reason', () => {
    const choices = chooseTemplates(
      definition,
      { eventId: 'e-1', recipients: [anna] },
      { ...site, templates: [template('a')] },
    );
    expect(choices).toEqual([{ recipient: anna, templates: [template('a')] }]);
  });
});

describe('recipients', () => {
  test('one who is named twice is chosen for once, as named first', () => {
    const choices = chooseTemplates(
      definition,
      { eventId: 'e-1', recipients: [bruno, anna, { id: 'bruno', firstName: 'B.' }] },
      { ...site, templates: [template('a')] },
    );
    expect(choices.map(({ recipient }) => recipient)).toEqual([bruno, anna]);
  });

  test('a template without groups is for all, one with groups for their members', () => {
    const templates = [
      template('all'),
      template('none-chosen', { groups: [] }),
      template('vip', { groups: ['gold', 'vip'] }),
      template('gold', { groups: ['gold'] }),
    ];
    expect(chosen(templates, { event: { recipients: [anna, bruno] } })).toEqual({
      anna: ['all', 'none-chosen'],
      bruno: ['all', 'none-chosen', 'vip'],
    });
  });

  test('nobody outside of the groups gets anything', () => {
    const templates = [template('vip', { groups: ['vip'] })];
    expect(chosen(templates, { event: { recipients: [anna, bruno] } })).toEqual({
      anna: 'group-not-included',
      bruno: ['vip'],
    });
  });
});

describe('more than ten templates, as a site of the former release may have', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `t-${index}`);

  test('the first ten that are for a person send', () => {
    const templates = ids(30).map((id, index) => template(id, index % 2 === 0 ? { groups: ['vip'] } : {}));
    const forAll = ids(30).filter((_, index) => index % 2 === 1);
    expect(chosen(templates, { event: { recipients: [anna, bruno] } })).toEqual({
      anna: forAll.slice(0, 10),
      bruno: ids(10),
    });
  });

  test('a template for each of thirty groups sends to its group', () => {
    const templates = ids(30).map((id) => template(id, { groups: [id] }));
    const recipients = [{ id: 'anna', groups: ['t-29'] }];
    expect(chosen(templates, { event: { recipients } })).toEqual({ anna: ['t-29'] });
  });

  test.each([
    [10, 0],
    [200, 1],
  ])('with %d templates the log names the site %d times for an event', (count, times) => {
    const warn = jest.spyOn(log, 'warn').mockImplementation(() => {});
    chosen(
      ids(count).map((id) => template(id)),
      { event: { recipients: [anna, bruno] } },
    );
    expect(warn).toHaveBeenCalledTimes(times);
    if (times > 0) {
      expect(warn).toHaveBeenCalledWith(expect.any(String), {
        ...{ siteId: 'demo', event: 'message-sent', leftOut: 190 },
      });
    }
    warn.mockRestore();
  });
});

describe('order statuses', () => {
  const managing = (...statuses: string[]) => template(statuses.join('+'), { statuses });
  const status = (written: string) => ({ of: { status: () => written } });

  test('only the templates that manage the status send', () => {
    const templates = [managing('Nuovo', 'Evaso'), managing('Evaso'), template('without')];
    expect(chosen(templates, status('Evaso'))).toEqual({ anna: ['Nuovo+Evaso', 'Evaso'] });
    expect(chosen(templates, status('Nuovo'))).toEqual({ anna: ['Nuovo+Evaso'] });
    expect(chosen(templates, status('Sospeso'))).toEqual({ anna: 'status-not-managed' });
  });

  test.each(['evaso', 'EVASO', ' Evaso '])('%j is the status Evaso', (written) => {
    expect(chosen([managing('Evaso')], status(written))).toEqual({ anna: ['Evaso'] });
    expect(chosen([managing(written)], status('Evaso'))).toEqual({ anna: [written] });
  });

  test('without a template of the kind the status is of no account', () => {
    expect(chosen([template('a', { enabled: false })], status('Evaso'))).toEqual({ anna: 'no-template' });
  });

  test('an event without a status takes templates with any', () => {
    expect(chosen([managing('Evaso')])).toEqual({ anna: ['Evaso'] });
  });
});

describe('the person acting in the reserved area', () => {
  const actor = (groups?: string[]) => ({
    of: { actor: () => ({ id: 'carla', ...(groups && { groups }) }) },
    settings: { telegramGroups: ['agenti', 'uffici'] },
  });
  const templates = [template('a')];

  test.each<[string, string[] | undefined, string[] | SkipReason]>([
    ['in one of the groups', ['clienti', 'uffici'], ['a']],
    ['in other groups', ['clienti'], 'sender-group-not-enabled'],
    ['in no group', [], 'sender-group-not-enabled'],
    ['of unknown groups', undefined, 'sender-group-not-enabled'],
  ])('%s', (_what, groups, expected) => {
    expect(chosen(templates, actor(groups))).toEqual({ anna: expected });
  });

  test('a site without such groups lets everybody cause a message', () => {
    const settings = { telegramGroups: [] };
    expect(chosen(templates, { ...actor(['clienti']), settings })).toEqual({ anna: ['a'] });
  });

  test('an event in which nobody acts, or whose actor is not named, is sent', () => {
    const settings = { telegramGroups: ['agenti'] };
    expect(chosen(templates, { settings })).toEqual({ anna: ['a'] });
    expect(chosen(templates, { settings, of: { actor: () => undefined } })).toEqual({ anna: ['a'] });
  });
});

test('a reason of the event itself comes before all others, and holds for all', () => {
  const of: Partial<EventDefinition<Report>> = {
    skipReason: (_event, { docuvision }) => (docuvision ? undefined : 'docuvision-disabled'),
    actor: () => ({ id: 'carla' }),
  };
  const event = { recipients: [anna, bruno] };
  const settings = { telegramGroups: ['agenti'], docuvision: false };
  expect(chosen([], { of, event, settings })).toEqual({
    anna: 'docuvision-disabled',
    bruno: 'docuvision-disabled',
  });
  expect(chosen([template('a')], { of, settings: { docuvision: true } })).toEqual({ anna: ['a'] });
});
