/** When a message is sent, and to whom. */
import type { Site, Template } from '../../clients/typescript/client.ts';
import { number, say } from '../i18n/language.ts';
import { Choice, TextField } from '../ui/field.tsx';
import type { Catalogue } from './api.ts';
import { type Draft, isOfFiles } from './draft.ts';
import { ArticleTable, OneMessage } from './order-options.tsx';
import type { Place } from './places.ts';
import { TwoBoxes } from './two-boxes.tsx';
import { AUDIENCES, audienceWords, kindOf, minuteWords, STEPS } from './words.ts';

/** Those of Passweb; a shop may have others. */
const KNOWN_STATUSES = [
  'Nuovo',
  'Memorizzato',
  'Modificato',
  'Sospeso',
  'Confermato',
  'Annullato',
  'Evaso',
  'Bollato',
  'Fatturato',
  'Trasformato',
  'Pagamento non confermato',
  'Da verificare',
];

/** For how long notices may be collected. */
const MINUTES = [5, 10, 15, 30, 60];

/** Also what was chosen without the console. */
function minutesWith(chosen: number | undefined): number[] {
  const all = new Set([...MINUTES, ...(chosen === undefined ? [] : [chosen])]);
  return [...all].toSorted((one, other) => one - other);
}

interface WhoGetsItProps {
  draft: Draft;
  site: Site;
  catalogue: Catalogue;
  templates: readonly Template[];
  places: readonly Place[];
  onChange: (change: Partial<Draft>) => void;
}

export function WhoGetsIt({ draft, site, catalogue, templates, places, onChange }: WhoGetsItProps) {
  const errorOf = (field: string) =>
    places
      .filter((place) => place.field === field)
      .map(({ detail }) => detail)
      .join(' ') || undefined;
  const kind = kindOf(catalogue, draft.event);
  return (
    <div class="stack">
      <div data-place="name">
        <TextField
          label={say({ it: 'Nome del messaggio', en: 'Name of the message' })}
          hint={say({
            it: 'Serve solo a voi, per riconoscerlo.',
            en: 'Only for you, to tell it from others.',
          })}
          value={draft.name}
          error={errorOf('name')}
          onInput={(name) => onChange({ name })}
        />
      </div>
      <Choice
        label={say({ it: 'Evento', en: 'Event' })}
        hint={kind && say(kind.description)}
        value={draft.event}
        error={errorOf('event')}
        options={catalogue.kinds.map((each) => ({ value: each.kind, label: say(each.name) }))}
        onChange={(event) => onChange({ event })}
      />
      {kind?.hasStatuses && (
        <TwoBoxes
          field="statuses"
          label={say({ it: 'Stati dell’ordine', en: 'Order statuses' })}
          hint={say({
            it: 'Il messaggio parte quando un ordine entra in uno degli stati gestiti.',
            en: 'The message is sent when an order enters one of the managed statuses.',
          })}
          chosenLabel={say({ it: 'Gestiti', en: 'Managed' })}
          noneChosen={say({ it: 'Ancora nessuno', en: 'None yet' })}
          otherLabel={say({ it: 'Un altro stato', en: 'Another status' })}
          chosen={draft.statuses}
          known={known(
            KNOWN_STATUSES,
            templates.flatMap(({ statuses = [] }) => statuses),
          )}
          error={errorOf('statuses')}
          onChange={(statuses) => onChange({ statuses })}
        />
      )}
      {draft.event === 'order-status' && (
        <>
          <OneMessage draft={draft} error={errorOf('card')} onChange={onChange} />
          <ArticleTable draft={draft} error={errorOf('rich')} onChange={onChange} />
        </>
      )}
      {draft.event === 'abandoned-cart' && (
        <Choice
          label={say({ it: 'Quale messaggio sul carrello', en: 'Which message about the cart' })}
          hint={stepHint(draft.step, site)}
          value={String(draft.step)}
          error={errorOf('step')}
          options={STEPS.map((words, index) => ({ value: String(index + 1), label: say(words) }))}
          onChange={(step) => onChange({ step: Number(step) })}
        />
      )}
      {draft.event === 'activity-status' && (
        <Choice
          label={say({ it: 'A chi', en: 'For whom' })}
          value={draft.audience}
          error={errorOf('audience')}
          options={AUDIENCES.map(({ value, words }) => ({ value, label: say(words) }))}
          onChange={(audience) => onChange({ audience })}
        />
      )}
      {isOfFiles(draft.event) && (
        <Choice
          label={say({
            it: 'Raccogli gli avvisi di una cartella in un solo messaggio',
            en: 'Collect the notices of a folder in one message',
          })}
          hint={say({
            it: 'Il primo avviso aspetta per questo tempo: quelli della stessa cartella che arrivano nel frattempo partono insieme, con l’elenco dei file.',
            en: 'The first notice waits for so long: those of the same folder that come meanwhile go out with it, with the list of the files.',
          })}
          value={String(draft.digestMinutes ?? '')}
          error={errorOf('digestMinutes')}
          options={[
            {
              value: '',
              label: say({ it: 'No, un messaggio per ogni avviso', en: 'No, a message for each notice' }),
            },
            ...minutesWith(draft.digestMinutes).map((minutes) => ({
              value: String(minutes),
              label: minuteWords(minutes),
            })),
          ]}
          onChange={(minutes) => onChange({ digestMinutes: minutes ? Number(minutes) : undefined })}
        />
      )}
      <TwoBoxes
        field="groups"
        label={say({ it: 'Gruppi di utenti', en: 'User groups' })}
        hint={say({
          it: 'Senza gruppi lo ricevono tutti; con uno o più gruppi, solo chi ne fa parte.',
          en: 'Without groups everybody gets it; with one or more, only their members.',
        })}
        chosenLabel={say({ it: 'Lo ricevono solo', en: 'Only these get it' })}
        noneChosen={say({ it: 'Tutti gli utenti', en: 'All users' })}
        otherLabel={say({ it: 'Un altro gruppo', en: 'Another group' })}
        chosen={draft.groups}
        known={known(
          site.telegramGroups,
          templates.flatMap(({ groups = [] }) => groups),
        )}
        error={errorOf('groups')}
        onChange={(groups) => onChange({ groups })}
      />
    </div>
  );
}

/** Who gets it and when, as the law and the settings have it. */
function stepHint(step: number, { abandonedCartHours, cartSeries }: Site): string {
  if (step === 1)
    return say({
      it: `Ricorda il carrello e non richiede consensi. Parte dopo ${number(abandonedCartHours)} ore.`,
      en: `It reminds of the cart, and needs no consent. It goes out after ${number(abandonedCartHours)} hours.`,
    });
  const hours = cartSeries?.steps[step - 2]?.afterHours;
  const when =
    hours === undefined
      ? say({
          it: 'Adesso non parte: nelle impostazioni questo messaggio è spento.',
          en: 'It does not go out now: this message is switched off in the settings.',
        })
      : say({ it: `Parte dopo ${number(hours)} ore.`, en: `It goes out after ${number(hours)} hours.` });
  return `${say({
    it: 'È pubblicità: la riceve solo chi ha dato il consenso a riceverla.',
    en: 'It is advertising: only people get it who have consented to that.',
  })} ${when}`;
}

/** Each once, whatever its case. */
function known(...lists: (readonly string[])[]): string[] {
  const found = new Map<string, string>();
  for (const name of lists.flat()) {
    const key = name.trim().toLowerCase();
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}

type Who = Pick<Draft, 'event' | 'statuses' | 'groups' | 'audience' | 'digestMinutes' | 'step'>;

/** The same in a line, for where it is folded or listed. */
export function whoWords(message: Who): string[] {
  const { event, statuses, groups, audience, digestMinutes, step } = message;
  const words = STEPS[step - 1];
  return [
    ...(event === 'order-status'
      ? [statuses.length > 0 ? statuses.join(', ') : say({ it: 'nessuno stato', en: 'no status' })]
      : []),
    ...(event === 'activity-status' ? [audienceWords(audience)] : []),
    ...(event === 'abandoned-cart' && step > 1 && words ? [say(words)] : []),
    groups.length > 0
      ? say({ it: `solo ${groups.join(', ')}`, en: `only ${groups.join(', ')}` })
      : say({ it: 'tutti gli utenti', en: 'all users' }),
    ...(isOfFiles(event) && digestMinutes !== undefined
      ? [
          say({
            it: `raccolti per ${minuteWords(digestMinutes)}`,
            en: `collected for ${minuteWords(digestMinutes)}`,
          }),
        ]
      : []),
  ];
}
