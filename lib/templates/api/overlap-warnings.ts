/** Enabled templates that send the same event to the same people: these get several messages. */
import type { FieldError } from '../../domain/errors.ts';
import { type Sentence, sentence } from '../../domain/sentence.ts';
import { comparableStatus, type Template } from '../../domain/templates.ts';

type Sending = Pick<Template, 'event' | 'enabled' | 'statuses' | 'groups' | 'audience' | 'card' | 'step'> & {
  id?: string | undefined;
};

/** Templates that are enabled too, and send to some of the same people. */
interface Overlapping {
  other: Template;
  /** Statuses and groups that both name. */
  statuses: string[];
  groups: string[];
  isForAll: boolean;
}

/**
 * The other enabled templates of a site from which some people would get the same event too. Two groups may have common
 * members, which nobody knows here: only groups that both name count.
 *
 * @param template as it is saved. One that is switched off sends to nobody.
 */
export function overlapWarnings(template: Sending, templates: Template[]): FieldError[] {
  if (!template.enabled) return [];
  const overlapping = overlappingOf(template, templates);
  const isForOrders = template.event === 'order-status';
  const same = isForOrders ? overlapping.filter(({ statuses }) => statuses.length > 0) : overlapping;
  return [
    ...same.map(({ other, statuses, groups, isForAll }) => ({
      pointer: isForAll ? '/enabled' : '/groups',
      code: 'overlaps-another' as const,
      detail: template.card && other.card ? bothCards(other, statuses) : overlap(other, statuses, groups),
    })),
    ...severalMessages(
      template,
      overlapping.filter((each) => isForOrders && !same.includes(each)).map(({ other }) => other),
    ),
  ];
}

function overlappingOf(template: Sending, templates: Template[]): Overlapping[] {
  return templates
    .filter((other) => other.id !== template.id && other.enabled && other.event === template.event)
    .flatMap((other) => {
      const statuses = commonOf(template.statuses, other.statuses, comparableStatus);
      if (!haveCommonAudience(template, other) || stepOf(template) !== stepOf(other)) return [];
      const isForAll = isEmpty(template.groups) || isEmpty(other.groups);
      const groups = commonOf(template.groups, other.groups, (group) => group);
      if (!isForAll && groups.length === 0) return [];
      return [{ other, statuses, groups, isForAll }];
    });
}

/** Some follow the order in one message, and others send one for each status. */
function severalMessages(template: Sending, others: Template[]): FieldError[] {
  const unlike = others.filter(({ card }) => (card === undefined) !== (template.card === undefined));
  if (unlike.length === 0) return [];
  const names = sentence((language) =>
    quoted(
      unlike.map(({ name }) => name),
      AND[language],
    ),
  );
  const detail = template.card
    ? {
        en: `The order will have several messages: this one is updated, and the other enabled messages ${names.en} arrive each by itself. If one message for an order is wanted, choose it in all of them.`,
        it: `L'ordine avrà più messaggi: questo si aggiorna, mentre gli altri messaggi attivi ${names.it} arrivano ognuno per conto suo. Per avere un solo messaggio per ordine, sceglierlo in tutti.`,
      }
    : {
        en: `The order will have several messages: the other enabled messages ${names.en} update one, and this one arrives by itself. If one message for an order is wanted, choose it here too.`,
        it: `L'ordine avrà più messaggi: gli altri messaggi attivi ${names.it} ne aggiornano uno solo, mentre questo arriva per conto suo. Per avere un solo messaggio per ordine, sceglierlo anche qui.`,
      };
  return [{ pointer: '/card', code: 'overlaps-another', detail }];
}

/** The messages about a cart come one after the other. */
function stepOf({ step = 1 }: Sending): number {
  return step;
}

/** The creator of an activity, and its recipients, are others. */
function haveCommonAudience({ audience: one }: Sending, { audience: other }: Sending): boolean {
  const isForAll = (audience: Sending['audience']) => audience === undefined || audience === 'everybody';
  return one === other || isForAll(one) || isForAll(other);
}

function overlap({ id, name }: Template, statuses: string[], groups: string[]): Sentence {
  const hasStatus = statuses.length > 0;
  const status = sentence((language) => quoted(statuses, AND[language]));
  const group = sentence((language) => quoted(groups, AND[language]));
  const people = {
    en: groups.length > 0 ? `members of ${group.en} get` : 'some people get',
    it: groups.length > 0 ? `chi appartiene a ${group.it} riceve` : 'alcune persone ricevono',
  };
  return {
    en: `"${name}" (${id}) is enabled too${hasStatus ? `, for the status ${status.en}` : ''}, and ${people.en} a message from both. If one is enough, switch one of them off${hasStatus ? ', take the status out of one' : ''}, or give them different groups.`,
    it: `Anche "${name}" (${id}) è attivo${hasStatus ? `, per lo stato ${status.it}` : ''}: ${people.it} un messaggio da entrambi. Se ne basta uno, disattivare uno dei due${hasStatus ? ', togliere lo stato da uno' : ''}, oppure scegliere gruppi diversi.`,
  };
}

/** The order's message can show one of them only. */
function bothCards({ id, name }: Template, statuses: string[]): Sentence {
  const status = sentence((language) => quoted(statuses, AND[language]));
  return {
    en: `"${name}" (${id}) updates the order's message too, for the status ${status.en}. Some people get both: the one that comes first in the list of templates updates the message, the other one is sent as a message of its own. If one is enough, switch one of them off, take the status out of one, or give them different groups.`,
    it: `Anche "${name}" (${id}) aggiorna il messaggio dell'ordine, per lo stato ${status.it}. Alcune persone ricevono entrambi: il primo nell'elenco dei messaggi aggiorna, l'altro arriva come messaggio a parte. Se ne basta uno, disattivare uno dei due, togliere lo stato da uno, oppure scegliere gruppi diversi.`,
  };
}

const AND = { en: ' and ', it: ' e ' };

function quoted(names: string[], and: string): string {
  return names.map((name) => `"${name}"`).join(and);
}

function isEmpty(names: string[] = []): boolean {
  return names.length === 0;
}

function commonOf(ours: string[] = [], theirs: string[] = [], form: (name: string) => string): string[] {
  const known = new Set(theirs.map(form));
  return ours.filter((name) => known.has(form(name)));
}
