/** How it stands with a person's link. */
import type { ListedPerson } from '../../clients/typescript/client.ts';
import { type Sentence, say } from '../i18n/language.ts';

export type PersonState = ListedPerson['state'];

export const STATES: Record<PersonState, { words: Sentence; many: Sentence; kind: string }> = {
  linked: {
    words: { it: 'Collegata', en: 'Linked' },
    many: { it: 'Collegate', en: 'Linked' },
    kind: 'good',
  },
  pending: {
    words: { it: 'Link inviato', en: 'Has a link' },
    many: { it: 'Con un link da usare', en: 'With a link to use' },
    kind: '',
  },
  'not-linked': {
    words: { it: 'Non collegata', en: 'Not linked' },
    many: { it: 'Non collegate', en: 'Not linked' },
    kind: '',
  },
  'opted-out': {
    words: { it: 'Non vuole messaggi', en: 'Wants no messages' },
    many: { it: 'Non vogliono messaggi', en: 'Want no messages' },
    kind: 'warning',
  },
  unreachable: {
    words: { it: 'Non raggiungibile', en: 'Not reachable' },
    many: { it: 'Non raggiungibili', en: 'Not reachable' },
    kind: 'bad',
  },
};
// `Object.keys` returns `string[]`; its strings are the keys of `STATES`.
export const STATE_NAMES = Object.keys(STATES) as PersonState[];

export function StateTag({ state }: { state: PersonState }) {
  const { words, kind } = STATES[state];
  return <span class={`tag ${kind}`}>{say(words)}</span>;
}
