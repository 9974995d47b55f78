/** Enabled templates that send the same event to the same people: these get several messages. */
import type { FieldError } from '../../domain/errors.ts';
import { type Sentence, sentence } from '../../domain/sentence.ts';
import { comparableStatus, type Template } from '../../domain/templates.ts';

type Sending = Pick<Template, 'event' | 'enabled' | 'statuses' | 'groups' | 'audience' | 'card' | 'step'> & {
  id?: string | undefined;
};

/**
 * The other enabled templates of a site from which some people would get the same event too. Two groups may have common
 * members, which nobody knows here: only groups that both name count.
 *
 * @param template as it is saved. One that is switched off sends to nobody.
 */
export function overlapWarnings(template: Sending, templates: Template[]): FieldError[] {
  if (!template.enabled) return [];
  return templates
    .filter((other) => other.id !== template.id && other.enabled && other.event === template.event)
    .flatMap((other) => {
      const statuses = commonOf(template.statuses, other.statuses, comparableStatus);
      if (template.event === 'order-status' && statuses.length === 0) return [];
      if (!haveCommonAudience(template, other) || stepOf(template) !== stepOf(other)) return [];
      const isForAll = isEmpty(template.groups) || isEmpty(other.groups);
      const groups = commonOf(template.groups, other.groups, (group) => group);
      if (!isForAll && groups.length === 0) return [];
      return [
        {
          pointer: isForAll ? '/enabled' : '/groups',
          code: 'overlaps-another',
          detail: template.card && other.card ? bothCards(other, statuses) : overlap(other, statuses, groups),
        },
      ];
    });
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
