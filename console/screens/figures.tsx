/** How much was sent, day by day and by kind of notice. */
import { useEffect, useState } from 'preact/hooks';
import type { Statistics } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { dayAfter, dayWords, isDay, today } from '../i18n/days.ts';
import { number, type Sentence, say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { eventWords } from '../i18n/words.ts';
import { goTo, linkTo, place } from '../router.ts';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Bar, Plot, type PlotColumn } from '../ui/plot.tsx';
import { Table } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { SiteScreenProps } from './props.ts';
import { WRONG_ORDER } from './wrong-order.ts';

const PERIODS: { days: number; words: Sentence }[] = [
  { days: 7, words: { it: '7 giorni', en: '7 days' } },
  { days: 30, words: { it: '30 giorni', en: '30 days' } },
  { days: 90, words: { it: '90 giorni', en: '90 days' } },
  { days: 365, words: { it: 'Un anno', en: 'A year' } },
];

/** More days than this are shown by weeks. */
const MOST_COLUMNS = 92;

/** The API counts no longer period at once. */
const MOST_DAYS = 366;

const TOO_LONG: Sentence = {
  it: 'È più di un anno dopo l’altro giorno: scegliere un anno alla volta.',
  en: 'It is more than a year after the other day: choose one year at a time.',
};

const NO_DAY: Sentence = { it: 'Scegliere il giorno.', en: 'Choose the day.' };

function dayOf(text: string | null): string | undefined {
  return text !== null && isDay(text) ? text : undefined;
}

/** What is wrong with the second day. */
function whyNot(from: string, to: string): Sentence | undefined {
  if (from > to) return WRONG_ORDER;
  return dayAfter(from, MOST_DAYS - 1) < to ? TOO_LONG : undefined;
}

type Counts = Pick<Statistics['totals'], 'sent' | 'failed' | 'skipped' | 'clicked'>;

export default function FiguresScreen({ siteId, site }: SiteScreenProps) {
  const { query } = place.value;
  const to = dayOf(query.get('to')) ?? today(site.timeZone);
  const from = dayOf(query.get('from')) ?? dayAfter(to, -29);
  return (
    <div class="stack">
      <h1>{say({ it: 'Statistiche', en: 'Figures' })}</h1>
      <Period siteId={siteId} from={from} to={to} today={today(site.timeZone)} />
      {!whyNot(from, to) && <Figures siteId={siteId} from={from} to={to} />}
    </div>
  );
}

function Figures({ siteId, from, to }: { siteId: string; from: string; to: string }) {
  const { value, error, isLoading, reload } = useLoaded(
    async (signal) => {
      const path = `/statistics?${new URLSearchParams({ from, to })}`;
      return (await siteRequest<Statistics>(siteId, 'GET', path, { signal })).value;
    },
    [siteId, from, to],
  );
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {isLoading && !value && <Waiting />}
      {value && <Shown statistics={value} />}
    </>
  );
}

interface PeriodProps {
  siteId: string;
  from: string;
  to: string;
  today: string;
}

function Period({ siteId, from, to, today: last }: PeriodProps) {
  /** Cleared, or not wholly typed yet: it stays as it is typed, or the next key would go astray. */
  const [partial, setPartial] = useState<{ name: 'from' | 'to'; text: string }>();
  const wrong = partial ? undefined : whyNot(from, to);
  // A link may have led to another period.
  useEffect(() => setPartial(undefined), [from, to]);
  const show = (period: { from: string; to: string }) => {
    setPartial(undefined);
    goTo(linkTo(siteId, ['figures'], period), { replace: true });
  };
  const choose = (name: 'from' | 'to', text: string) => {
    if (isDay(text)) show({ from, to, [name]: text });
    else setPartial({ name, text });
  };
  return (
    <div class="filters">
      <nav class="filters-wide" aria-label={say({ it: 'Periodo', en: 'Period' })}>
        <ul class="chips">
          {PERIODS.map(({ days, words }) => {
            const period = { from: dayAfter(last, 1 - days), to: last };
            return (
              <li key={days}>
                <a
                  class="chip"
                  href={linkTo(siteId, ['figures'], period)}
                  aria-current={period.from === from && period.to === to ? 'true' : undefined}
                  onClick={(event) => {
                    event.preventDefault();
                    show(period);
                  }}
                >
                  {say(words)}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <TextField
        label={say({ it: 'Dal giorno', en: 'From the day' })}
        type="date"
        value={partial?.name === 'from' ? partial.text : from}
        onInput={(day) => choose('from', day)}
        error={partial?.name === 'from' ? say(NO_DAY) : undefined}
      />
      <TextField
        label={say({ it: 'Al giorno', en: 'To the day' })}
        type="date"
        value={partial?.name === 'to' ? partial.text : to}
        onInput={(day) => choose('to', day)}
        error={partial?.name === 'to' ? say(NO_DAY) : wrong && say(wrong)}
      />
    </div>
  );
}

function Shown({ statistics: { days, totals, countedUntil } }: { statistics: Statistics }) {
  const periods = days.length > MOST_COLUMNS ? weeksOf(days) : days.map((day) => [day]);
  const of =
    days.length > MOST_COLUMNS
      ? say({ it: 'Settimana dal', en: 'Week from' })
      : say({ it: 'Giorno', en: 'Day' });
  const column = (parts: Statistics['days'], values: number[]): PlotColumn => {
    const day = parts[0]?.day ?? '';
    return {
      label: dayWords(day, { dateStyle: 'medium' }),
      short: dayWords(day, { day: 'numeric', month: 'short' }),
      values,
    };
  };
  const messages = periods.map((parts) =>
    column(parts, [
      total(parts, 'sent'),
      total(parts, 'failed'),
      sum(parts.map(({ skipped }) => all(skipped))),
    ]),
  );
  const people = periods.map((parts) => column(parts, [total(parts, 'linked'), total(parts, 'optedOut')]));
  const skipped = all(totals.skipped);
  const isEmpty =
    totals.sent + totals.failed + skipped + totals.linked + totals.optedOut + (totals.clicked ?? 0) === 0 &&
    !totals.recovered;

  return (
    <>
      <dl class="tiles">
        <Tile name={{ it: 'Inviati', en: 'Sent' }} value={totals.sent} />
        <Tile name={{ it: 'Non riusciti', en: 'Failed' }} value={totals.failed} />
        <Tile name={{ it: 'Non inviati', en: 'Not sent' }} value={skipped} />
        {totals.clicked !== undefined && (
          <Tile name={{ it: 'Aperti', en: 'Opened' }} value={totals.clicked} />
        )}
        <Tile name={{ it: 'Nuove persone collegate', en: 'People newly linked' }} value={totals.linked} />
        <Tile
          name={{ it: 'Non vogliono più messaggi', en: 'Want no more messages' }}
          value={totals.optedOut}
        />
      </dl>
      {isEmpty ? (
        <div class="empty">
          <p>
            {say({
              it: 'In questo periodo non è successo nulla: provare con uno più lungo.',
              en: 'Nothing has happened in this period: try a longer one.',
            })}
          </p>
        </div>
      ) : (
        <>
          <Plot
            title={say({ it: 'Messaggi', en: 'Messages' })}
            of={of}
            summary={messagesWords(totals, skipped, messages)}
            series={[
              { name: say({ it: 'Inviati', en: 'Sent' }), fill: 'fill-sent' },
              { name: say({ it: 'Non riusciti', en: 'Failed' }), fill: 'fill-failed' },
              { name: say({ it: 'Non inviati', en: 'Not sent' }), fill: 'fill-skipped' },
            ]}
            columns={messages}
          />
          {totals.recovered && <Recovered recovered={totals.recovered} />}
          <ByEvent events={totals.events} />
          {skipped > 0 && <Reasons skipped={totals.skipped} />}
          <Plot
            title={say({ it: 'Persone', en: 'People' })}
            of={of}
            summary={say({
              it: `Nuove persone collegate: ${number(totals.linked)}. Non vogliono più messaggi: ${number(totals.optedOut)}.`,
              en: `People newly linked: ${number(totals.linked)}. Want no more messages: ${number(totals.optedOut)}.`,
            })}
            series={[
              { name: say({ it: 'Nuove persone collegate', en: 'People newly linked' }), fill: 'fill-sent' },
              {
                name: say({ it: 'Non vogliono più messaggi', en: 'Want no more messages' }),
                fill: 'fill-failed',
              },
            ]}
            columns={people}
            isStacked={false}
          />
        </>
      )}
      <p class="muted small">
        {say({
          it: `Contato fino al ${dateTime(countedUntil)}. Le prove non sono contate.`,
          en: `Counted until ${dateTime(countedUntil)}. Tests are not counted.`,
        })}
      </p>
    </>
  );
}

function Tile({ name, value }: { name: Sentence; value: number }) {
  return (
    <div class="tile">
      <dt>{say(name)}</dt>
      <dd>{number(value)}</dd>
    </div>
  );
}

function messagesWords(totals: Counts, skipped: number, columns: PlotColumn[]): string {
  const counts = say({
    it: `Inviati ${number(totals.sent)}, non riusciti ${number(totals.failed)}, non inviati ${number(skipped)}.`,
    en: `Sent ${number(totals.sent)}, failed ${number(totals.failed)}, not sent ${number(skipped)}.`,
  });
  const most = Math.max(...columns.map(({ values: [sent = 0] }) => sent));
  const best = columns.find(({ values }) => values[0] === most);
  if (!best || most === 0) return counts;
  return `${counts} ${say({
    it: `Il massimo: ${number(most)} inviati (${best.label}).`,
    en: `The most: ${number(most)} sent (${best.label}).`,
  })}`;
}

type Row = { event: string; skipped: number } & Required<Omit<Counts, 'skipped'>>;

function ByEvent({ events }: { events: Record<string, Counts> }) {
  const rows: Row[] = Object.entries(events)
    .map(([event, { skipped, clicked = 0, ...counts }]) => ({
      ...{ event, ...counts, clicked },
      skipped: all(skipped),
    }))
    .toSorted((one, other) => other.sent - one.sent);
  const most = Math.max(...rows.map(({ sent }) => sent), 1);
  if (rows.length === 0) return null;
  return (
    <section class="card">
      <h2>{say({ it: 'Per tipo di avviso', en: 'By kind of notice' })}</h2>
      <Table
        caption={say({ it: 'Per tipo di avviso', en: 'By kind of notice' })}
        rows={rows}
        keyOf={({ event }) => event}
        columns={[
          { name: say({ it: 'Avviso', en: 'Notice' }), cell: ({ event }) => eventWords(event) },
          {
            name: say({ it: 'Inviati', en: 'Sent' }),
            cell: ({ sent }) => (
              <span class="bar-frame">
                {number(sent)} <Bar share={sent / most} fill="fill-sent" />
              </span>
            ),
          },
          { name: say({ it: 'Non riusciti', en: 'Failed' }), cell: ({ failed }) => number(failed) },
          { name: say({ it: 'Non inviati', en: 'Not sent' }), cell: ({ skipped }) => number(skipped) },
          ...(rows.some(({ clicked }) => clicked > 0)
            ? [{ name: say({ it: 'Aperti', en: 'Opened' }), cell: ({ clicked }: Row) => number(clicked) }]
            : []),
        ]}
      />
    </section>
  );
}

/** Carts that became orders, by the last message about them that had come before. */
function Recovered({ recovered }: { recovered: Record<string, number> }) {
  const rows = Object.entries(recovered).toSorted(([one], [other]) => Number(one) - Number(other));
  const most = Math.max(...rows.map(([, value]) => value), 1);
  const caption = say({ it: 'Carrelli recuperati', en: 'Carts recovered' });
  return (
    <section class="card">
      <h2>{caption}</h2>
      <Table
        caption={caption}
        rows={rows}
        keyOf={([step]) => step}
        columns={[
          {
            name: say({ it: 'Dopo il messaggio', en: 'After the message' }),
            cell: ([step]) => say(STEP_NAMES[Number(step) - 1] ?? { it: step, en: step }),
          },
          {
            name: say({ it: 'Carrelli ordinati', en: 'Carts ordered' }),
            cell: ([, value]) => (
              <span class="bar-frame">
                {number(value)} <Bar share={value / most} fill="fill-sent" />
              </span>
            ),
          },
        ]}
      />
      <p class="muted small">
        {say({
          it: 'Sono dati del vostro negozio: gli ordini che indicano un carrello di cui era arrivato un messaggio. Non dicono se l’ordine è venuto per il messaggio.',
          en: 'These are your shop’s own figures: the orders that name a cart of which a message had come. They do not say whether the message was the reason.',
        })}
      </p>
    </section>
  );
}

const STEP_NAMES: Sentence[] = [
  { it: 'Il primo', en: 'The first' },
  { it: 'Il secondo', en: 'The second' },
  { it: 'Il terzo', en: 'The third' },
];

const REASONS: Record<string, Sentence> = {
  'not-linked': { it: 'La persona non ha collegato Telegram', en: 'The person has not linked Telegram' },
  'opted-out': { it: 'La persona non vuole messaggi', en: 'The person wants no messages' },
  muted: { it: 'La persona ha spento questo avviso', en: 'The person has switched this notice off' },
  unreachable: {
    it: 'La persona ha bloccato il bot o chiuso Telegram',
    en: 'The bot is blocked, or the account closed',
  },
  'no-template': {
    it: 'Nessun messaggio acceso per l’avviso',
    en: 'No message for the notice is switched on',
  },
  'status-not-managed': { it: 'Stato senza un messaggio', en: 'No message for the status' },
  'group-not-included': { it: 'Gruppo non scelto nel messaggio', en: 'Group not chosen in the message' },
  'sender-group-not-enabled': {
    it: 'Chi ha agito è in un gruppo senza Gestione Telegram',
    en: 'Who acted is in a group without “Gestione Telegram”',
  },
  'agent-cart': { it: 'Carrello di un agente', en: 'Cart of an agent' },
  'docuvision-disabled': { it: 'Avvisi di Docuvision spenti', en: 'Notices of Docuvision switched off' },
  superseded: { it: 'Superato da qualcosa di più recente', en: 'Something newer has happened' },
  past: { it: 'Ciò che annunciava era già passato', en: 'What it announced was over' },
  'no-marketing-consent': { it: 'Senza il consenso alla pubblicità', en: 'No consent to advertising' },
  'site-inactive': { it: 'Messaggi spenti nelle impostazioni', en: 'Messages switched off in the settings' },
  'not-staff': { it: 'Non lavora più nel negozio', en: 'No longer one of the staff' },
  'given-up': { it: 'Non si è potuto preparare', en: 'It could not be prepared' },
};

function Reasons({ skipped }: { skipped: Record<string, number> }) {
  const rows = Object.entries(skipped).toSorted(([, one], [, other]) => other - one);
  const most = Math.max(...rows.map(([, value]) => value), 1);
  return (
    <section class="card">
      <h2>{say({ it: 'Perché non inviati', en: 'Why not sent' })}</h2>
      <Table
        caption={say({ it: 'Perché non inviati', en: 'Why not sent' })}
        rows={rows}
        keyOf={([reason]) => reason}
        columns={[
          {
            name: say({ it: 'Motivo', en: 'Reason' }),
            cell: ([reason]) => {
              const words = REASONS[reason];
              return words ? say(words) : reason;
            },
          },
          {
            name: say({ it: 'Messaggi', en: 'Messages' }),
            cell: ([, value]) => (
              <span class="bar-frame">
                {number(value)} <Bar share={value / most} fill="fill-skipped" />
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

function weeksOf(days: Statistics['days']): Statistics['days'][] {
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

function total(days: Statistics['days'], name: 'sent' | 'failed' | 'linked' | 'optedOut'): number {
  return sum(days.map((day) => day[name]));
}

function all(skipped: Record<string, number>): number {
  return sum(Object.values(skipped));
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}
