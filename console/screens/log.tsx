/** The log: what became of each message, and why. What is looked for stands in the address. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Deliveries, Delivery, Resent } from '../../clients/typescript/client.ts';
import { pathId } from '../../clients/typescript/connection.ts';
import { noticeOf } from '../../lib/domain/staff.ts';
import { STATUS_WORDS, statusWords } from '../../lib/i18n/delivery-words.ts';
import { requestFile } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { endOf, isDay, startOf } from '../i18n/days.ts';
import { language, number, type Sentence, say } from '../i18n/language.ts';
import { laterStepWords } from '../i18n/later-steps.ts';
import { dateTime } from '../i18n/time.ts';
import { eventWords, LOGGED_EVENTS } from '../i18n/words.ts';
import { goTo, linkTo, place } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Download, type MadeFile } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Choice, TextField } from '../ui/field.tsx';
import { Found, More, usePages } from '../ui/pages.tsx';
import { Table } from '../ui/table.tsx';
import type { SiteScreenProps } from './props.ts';
import { WRONG_ORDER } from './wrong-order.ts';

type Status = Delivery['status'];

/** In the order in which merchants look for them. */
const STATUSES: readonly Status[] = ['sent', 'failed', 'skipped', 'retrying', 'waiting', 'scheduled'];

const KINDS: Record<Status, string> = {
  sent: 'good',
  failed: 'bad',
  skipped: 'warning',
  retrying: '',
  waiting: '',
  scheduled: '',
};

/** The filters, by their names in the address. */
const NAMES = ['userId', 'event', 'status', 'from', 'to', 'eventId'] as const;
type Filters = Record<(typeof NAMES)[number], string>;

export default function LogScreen({ siteId, site }: SiteScreenProps) {
  const asked = filtersOf(place.value.query);
  const zone = site.timeZone;
  const isFiltered = NAMES.some((name) => asked[name] !== '');
  const isWrong = isInverted(asked);
  return (
    <div class="stack">
      <header class="screen-head">
        <h1>{say({ it: 'Registro', en: 'Log' })}</h1>
        {!isWrong && (
          <Download
            label={say({ it: 'Scarica per Excel', en: 'Download for Excel' })}
            make={(tell, signal) => logFile(siteId, queryOf(asked, zone), tell, signal)}
          />
        )}
      </header>
      <FilterForm key={siteId} siteId={siteId} asked={asked} isFiltered={isFiltered} />
      {!isWrong && <Lines siteId={siteId} zone={zone} asked={asked} isFiltered={isFiltered} />}
    </div>
  );
}

interface LinesProps {
  siteId: string;
  zone: string;
  asked: Filters;
  isFiltered: boolean;
}

function Lines({ siteId, zone, asked, isFiltered }: LinesProps) {
  const [shown, setShown] = useState<Delivery>();
  const pages = usePages(
    async (cursor, signal) => {
      const query = queryOf(asked, zone);
      // Counted once: they are of all pages.
      if (cursor === undefined && asked.status !== 'scheduled') query.set('totals', 'true');
      if (cursor !== undefined) query.set('cursor', cursor);
      const { value } = await siteRequest<Deliveries>(siteId, 'GET', `/deliveries?${query}`, { signal });
      return { ...value, rows: value.deliveries };
    },
    [siteId, zone, ...NAMES.map((name) => asked[name])],
  );
  const { first, rows } = pages;

  return (
    <>
      {first?.totals && <Totals totals={first.totals} />}
      {rows.length > 0 && (
        <div class={pages.isOutdated ? 'outdated' : ''}>
          <Table
            caption={say({ it: 'Registro', en: 'Log' })}
            rows={rows}
            keyOf={({ deliveryId }) => deliveryId}
            columns={columnsOf(siteId, setShown)}
          />
        </div>
      )}
      {first && rows.length === 0 && !pages.isLoading && pages.error === undefined && (
        <div class="empty">
          <p>{isFiltered ? say(NOTHING_FOUND) : say(NOTHING_YET)}</p>
        </div>
      )}
      <Found
        pages={pages}
        words={say({ it: `Righe mostrate: ${rows.length}`, en: `Lines shown: ${rows.length}` })}
      />
      <More pages={pages} />
      {shown && (
        <Details
          siteId={siteId}
          delivery={shown}
          onClose={() => setShown(undefined)}
          onResent={pages.reload}
        />
      )}
    </>
  );
}

const NOTHING_FOUND: Sentence = {
  it: 'Nessuna riga corrisponde a questi filtri. Il registro si conserva per 90 giorni.',
  en: 'No line fits these filters. The log is kept for 90 days.',
};

const NOTHING_YET: Sentence = {
  it: 'Non è ancora partito nulla. Qui compare ogni messaggio, inviato o no, con il perché.',
  en: 'Nothing has gone out yet. Every message appears here, sent or not, with the reason why.',
};

function filtersOf(query: URLSearchParams): Filters {
  // Each of the names is there.
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as Filters;
}

/** The filters as the API takes them: days are those of the shop. */
function queryOf({ from, to, ...others }: Filters, zone: string): URLSearchParams {
  const query = new URLSearchParams(Object.entries(others).filter(([, value]) => value !== ''));
  if (isDay(from)) query.set('from', startOf(from, zone));
  if (isDay(to)) query.set('to', endOf(to, zone));
  return query;
}

function isInverted({ from, to }: Filters): boolean {
  return isDay(from) && isDay(to) && from > to;
}

interface FilterFormProps {
  siteId: string;
  asked: Filters;
  isFiltered: boolean;
}

/** So long after the last key the search begins, in milliseconds. */
const TYPING = 400;

function FilterForm({ siteId, asked, isFiltered }: FilterFormProps) {
  const show = (change: Partial<Filters>) =>
    goTo(linkTo(siteId, ['log'], { ...asked, ...change }), { replace: true });
  const [isMoreOpen, setIsMoreOpen] = useState(asked.eventId !== '');
  // A link may ask for an event too: no filter works unseen.
  useEffect(() => {
    if (asked.eventId !== '') setIsMoreOpen(true);
  }, [asked.eventId]);
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <TypedFilter
        label={say({ it: 'Codice della persona', en: 'Code of the person' })}
        hint={
          <>
            {say({ it: 'Non il nome: ', en: 'Not the name: ' })}
            <a href={linkTo(siteId, ['people'])}>
              {say({ it: 'cercare il nome tra le persone', en: 'search the name among the people' })}
            </a>
          </>
        }
        value={asked.userId}
        onChange={(userId) => show({ userId })}
      />
      <Choice
        label={say({ it: 'Avviso', en: 'Notice' })}
        value={asked.event}
        options={[
          { value: '', label: say({ it: 'Tutti', en: 'All' }) },
          ...LOGGED_EVENTS.map((event) => ({ value: event, label: eventWords(event) })),
        ]}
        onChange={(event) => show({ event })}
      />
      <Choice
        label={say({ it: 'Esito', en: 'Outcome' })}
        value={asked.status}
        options={[
          { value: '', label: say({ it: 'Tutti', en: 'All' }) },
          ...STATUSES.map((status) => ({ value: status, label: say(STATUS_WORDS[status]) })),
        ]}
        onChange={(status) => show({ status })}
      />
      <TextField
        label={say({ it: 'Dal giorno', en: 'From the day' })}
        type="date"
        value={asked.from}
        onInput={(from) => show({ from })}
      />
      <TextField
        label={say({ it: 'Al giorno', en: 'To the day' })}
        type="date"
        value={asked.to}
        onInput={(to) => show({ to })}
        error={isInverted(asked) ? say(WRONG_ORDER) : undefined}
      />
      <details
        class="filters-wide"
        open={isMoreOpen}
        onToggle={(event) => setIsMoreOpen(event.currentTarget.open)}
      >
        <summary>{say({ it: 'Altri filtri', en: 'More filters' })}</summary>
        <div class="details-body">
          <TypedFilter
            label={say({ it: 'Codice dell’evento', en: 'Id of the event' })}
            value={asked.eventId}
            onChange={(eventId) => show({ eventId })}
          />
        </div>
      </details>
      <div class={`filters-end ${isFiltered ? '' : 'kept-place'}`}>
        <Button kind="plain" onClick={() => goTo(linkTo(siteId, ['log']), { replace: true })}>
          {say({ it: 'Togli i filtri', en: 'Clear the filters' })}
        </Button>
      </div>
    </form>
  );
}

interface TypedFilterProps {
  label: string;
  hint?: ComponentChildren;
  value: string;
  onChange: (value: string) => void;
}

/** It asks when the person has stopped typing. */
function TypedFilter({ label, hint, value, onChange }: TypedFilterProps) {
  const [text, setText] = useState(value);
  // The address may change in another way: a link, or all filters taken away.
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), TYPING);
    return () => clearTimeout(timer);
  }, [text]);
  return <TextField label={label} hint={hint} value={text} onInput={setText} />;
}

function Totals({ totals: { complete, ...counts } }: { totals: NonNullable<Deliveries['totals']> }) {
  const shown = STATUSES.flatMap((status) => {
    const value = status === 'scheduled' ? 0 : counts[status];
    return value > 0 ? [{ status, value }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <div>
      <ul class="totals">
        {shown.map(({ status, value }) => (
          <li key={status}>
            <span class={`tag ${KINDS[status]}`}>
              {say(STATUS_WORDS[status])} {number(value)}
            </span>
          </li>
        ))}
      </ul>
      {!complete && (
        <p class="muted small">
          {say({
            it: 'Sono contati solo i più recenti: con un periodo più breve i numeri sono completi.',
            en: 'Only the newest ones are counted: with a shorter period the numbers are complete.',
          })}
        </p>
      )}
    </div>
  );
}

function columnsOf(siteId: string, onShow: (delivery: Delivery) => void) {
  return [
    {
      name: say({ it: 'Quando', en: 'When' }),
      cell: ({ recordedAt, dueAt, status }: Delivery) => (
        <span class="nowrap">{dateTime(status === 'scheduled' && dueAt ? dueAt : recordedAt)}</span>
      ),
    },
    {
      name: say({ it: 'Persona', en: 'Person' }),
      cell: ({ userId, userName }: Delivery) => (
        <a href={linkTo(siteId, ['people', userId])} dir="auto">
          {userName ?? userId}
        </a>
      ),
    },
    {
      name: say({ it: 'Avviso', en: 'Notice' }),
      cell: ({ event, templateName, test, step }: Delivery) => (
        <>
          {eventWords(event)}
          {laterStepWords(step) && <span class="muted small block">{laterStepWords(step)}</span>}
          {templateName && (
            <span class="muted small block">
              <bdi>{templateName}</bdi>
            </span>
          )}
          {test && <span class="tag">{say({ it: 'Prova', en: 'Test' })}</span>}
        </>
      ),
    },
    {
      name: say({ it: 'Esito', en: 'Outcome' }),
      cell: (delivery: Delivery) => (
        <>
          <StatusTag {...delivery} />
          {(delivery.status !== 'sent' || delivery.collected) && (
            <span class="block small">{reasonOf(delivery.message)}</span>
          )}
        </>
      ),
    },
    {
      name: say({ it: 'Azioni', en: 'Actions' }),
      cell: (delivery: Delivery) => (
        <Button
          kind="plain"
          label={say({
            it: `Dettagli: ${delivery.userName ?? delivery.userId}, ${eventWords(delivery.event)}`,
            en: `Details: ${delivery.userName ?? delivery.userId}, ${eventWords(delivery.event)}`,
          })}
          onClick={() => onShow(delivery)}
        >
          {say({ it: 'Dettagli', en: 'Details' })}
        </Button>
      ),
    },
  ];
}

/** The sentence without the state before it, which the tag says. */
function reasonOf(message: Delivery['message']): string {
  const text = message[language.value];
  const reason = text.replace(/^[^:.]{1,20}: /, '');
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** @returns `undefined` where it is not counted. */
function clicksWords({ clicks, clickedAt }: Delivery): string | undefined {
  if (clicks === undefined) return undefined;
  if (clicks === 0 || clickedAt === undefined) return say({ it: 'mai', en: 'never' });
  return say({
    it: `${number(clicks)} ${clicks === 1 ? 'volta' : 'volte'}, la prima ${dateTime(clickedAt)}`,
    en: `${number(clicks)} ${clicks === 1 ? 'time' : 'times'}, first ${dateTime(clickedAt)}`,
  });
}

interface DetailsProps {
  siteId: string;
  delivery: Delivery;
  onClose: () => void;
  onResent: () => void;
}

function Details({ siteId, delivery, onClose, onResent }: DetailsProps) {
  const { message, failure, dueAt, until, nextAttemptAt, userId, userName, eventId } = delivery;
  const later = dueAt ?? until ?? nextAttemptAt;
  const facts: [Sentence, string | undefined][] = [
    [{ it: 'Persona', en: 'Person' }, userName],
    [{ it: 'Codice della persona', en: 'Code of the person' }, userId],
    [{ it: 'Avviso', en: 'Notice' }, eventWords(delivery.event)],
    [{ it: 'Quale', en: 'Which one' }, laterStepWords(delivery.step)],
    // The notices to the staff have no template.
    [
      { it: 'Messaggio', en: 'Message' },
      delivery.templateName ?? (noticeOf(delivery.event) ? undefined : delivery.templateId),
    ],
    [{ it: 'Registrato', en: 'Recorded' }, dateTime(delivery.recordedAt)],
    [{ it: 'Previsto per', en: 'Due' }, later && dateTime(later)],
    [{ it: 'Che cosa dice Telegram', en: 'What Telegram says' }, failure?.description],
    [{ it: 'Link aperti', en: 'Links opened' }, clicksWords(delivery)],
    [{ it: 'Tentativi', en: 'Attempts' }, number(delivery.attempts)],
    [{ it: 'Codice dell’evento', en: 'Id of the event' }, eventId],
    [{ it: 'Codice della consegna', en: 'Id of the delivery' }, delivery.deliveryId],
  ];
  return (
    <Dialog title={say({ it: 'Dettagli del messaggio', en: 'Details of the message' })} onClose={onClose}>
      <p>
        <StatusTag {...delivery} /> {reasonOf(message)}
      </p>
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name.en}>
                <dt>{say(name)}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ),
        )}
      </dl>
      <p>
        <a
          href={linkTo(siteId, ['log'], { eventId })}
          onClick={(event) => {
            event.preventDefault();
            onClose();
            goTo(linkTo(siteId, ['log'], { eventId }));
          }}
        >
          {say({ it: 'Tutti i messaggi dello stesso evento', en: 'All messages of the same event' })}
        </a>
      </p>
      <Resend siteId={siteId} delivery={delivery} onResent={onResent} onClose={onClose} />
    </Dialog>
  );
}

function Resend({ siteId, delivery, onResent, onClose }: DetailsProps) {
  const { isBusy, error, run } = useAction();
  const reason = whyNotAgain(delivery);
  const { announce } = useScreen();

  const resend = async () => {
    const path = `/deliveries/${pathId(delivery.deliveryId)}/resend`;
    const { value } = await siteRequest<Resent>(siteId, 'POST', path);
    announce(
      value.repeated
        ? say({
            it: 'Era già stato reinviato: non parte due volte.',
            en: 'It was sent again already: it does not go out twice.',
          })
        : say({
            it: 'Reinviato: fra poco compare nel registro.',
            en: 'Sent again: it is in the log in a moment.',
          }),
    );
    onClose();
    onResent();
  };

  return (
    <>
      {reason !== undefined && (
        <Banner>
          <p>{say(reason)}</p>
        </Banner>
      )}
      {error !== undefined && <Failure error={error} />}
      <div class="buttons">
        {reason === undefined && (
          <Button kind="primary" isBusy={isBusy} onClick={() => void run(resend)}>
            {say({ it: 'Invia di nuovo', en: 'Send again' })}
          </Button>
        )}
        <Button onClick={onClose}>{say({ it: 'Chiudi', en: 'Close' })}</Button>
      </div>
    </>
  );
}

function StatusTag(delivery: Delivery) {
  const kind = delivery.reason === 'in-digest' ? '' : KINDS[delivery.status];
  return <span class={`tag ${kind}`}>{say(statusWords(delivery))}</span>;
}

/** Why a message can't be sent once more, as far as the line says it; the API knows the rest. */
function whyNotAgain({ status, test, templateId, reason, resendableUntil }: Delivery): Sentence | undefined {
  if (status === 'scheduled' || status === 'waiting' || status === 'retrying')
    return {
      it: 'Non serve reinviarlo: parte da solo.',
      en: 'No need to send it again: it goes out by itself.',
    };
  if (test)
    return {
      it: 'Era una prova: si ripete dalla pagina dei messaggi.',
      en: 'It was a test: repeat it on the page of the messages.',
    };
  if (reason === 'in-digest')
    return {
      it: 'Si può reinviare il messaggio che lo raccoglie: ha una riga propria.',
      en: 'The message that collects it can be sent again: it has a line of its own.',
    };
  if (reason === 'superseded' || reason === 'past')
    return {
      it: 'Non si può reinviare: quello che dice non vale più.',
      en: 'It can’t be sent again: what it says holds no more.',
    };
  if (status === 'skipped' && templateId === undefined)
    return {
      it: 'Non si può reinviare: per questa persona non è stato preparato alcun messaggio. Se il motivo è risolto, chi gestisce il sito può segnalare di nuovo lo stesso evento.',
      en: 'It can’t be sent again: no message was made for this person. Where the reason is solved, whoever runs the site can report the same event again.',
    };
  if (resendableUntil === undefined)
    return {
      it: 'Non si può più reinviare: il contenuto dei messaggi si conserva solo per pochi giorni.',
      en: 'It can’t be sent again any more: what messages say is kept for some days only.',
    };
  return undefined;
}

/** All pages of the log as one file for a spreadsheet. */
async function logFile(
  siteId: string,
  query: URLSearchParams,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<MadeFile> {
  const path = `/v1/sites/${encodeURIComponent(siteId)}/deliveries`;
  const parts: Blob[] = [];
  let name: string | undefined;
  for (let next: string | undefined = `?${query}`; next !== undefined; ) {
    const part = await requestFile(`${path}${next}`, { accept: 'text/csv', signal });
    parts.push(parts.length === 0 ? part.content : await withoutHeading(part.content));
    name ??= part.name;
    ({ next } = part);
    tell(say({ it: `Parti scaricate: ${parts.length}…`, en: `Parts downloaded: ${parts.length}…` }));
  }
  return { content: new Blob(parts, { type: 'text/csv' }), name: name ?? 'log.csv' };
}

/** Each part could be opened alone, and so has the names of the columns in its first line. */
async function withoutHeading(part: Blob): Promise<Blob> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  return part.slice(bytes.indexOf(LINE_FEED) + 1);
}

const LINE_FEED = 10;
