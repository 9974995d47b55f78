/** For those who program: where the shop's own system is told what happens. */
import { useEffect, useState } from 'preact/hooks';
import type { SavedWebhook, Webhook, WebhookTest, WebhookTry } from '../../clients/typescript/client.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../lib/domain/webhook-events.ts';
import { type Answer, Problem } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Changed, conflictsOf, withChange } from '../changed-fields.ts';
import { findDrafts, keepDraft, readDraft } from '../drafts.ts';
import { number, type Sentence, say } from '../i18n/language.ts';
import { valueWords } from '../i18n/setting-words.ts';
import { dateTime } from '../i18n/time.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Conflict } from '../ui/conflict.tsx';
import { Failure } from '../ui/failure.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Secret } from '../ui/secret.tsx';
import { Table } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { SiteScreenProps } from './props.ts';

const EVENT_WORDS: Record<WebhookEvent, Sentence> = {
  'user.linked': { it: 'una persona ha collegato Telegram', en: 'a person has linked Telegram' },
  'user.opted-out': { it: 'una persona non vuole più messaggi', en: 'a person wants no more messages' },
  'user.unreachable': { it: 'una persona non è più raggiungibile', en: 'a person is not reachable any more' },
  'user.returned': { it: 'una persona è di nuovo raggiungibile', en: 'a person is reachable again' },
  'delivery.sent': { it: 'un messaggio è stato inviato', en: 'a message was sent' },
  'delivery.failed': { it: 'un messaggio non è riuscito', en: 'a message has failed' },
  'delivery.skipped': { it: 'un messaggio non è stato inviato', en: 'a message was not sent' },
  'delivery.clicked': {
    it: 'qualcuno ha aperto un link di un messaggio',
    en: 'somebody has opened a link of a message',
  },
  'bot.problem': { it: 'il bot ha un problema', en: 'the bot has a problem' },
};

/** A webhook with its ETag. */
type Stored = Answer<Webhook> | 'none';

async function readWebhook(siteId: string, signal?: AbortSignal): Promise<Stored> {
  try {
    return await siteRequest<Webhook>(siteId, 'GET', '/webhook', { signal });
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'no-webhook') return 'none';
    throw failure;
  }
}

export default function WebhookScreen({ siteId }: SiteScreenProps) {
  const { value, error, isLoading, reload, replace } = useLoaded<Stored>(
    async (signal) => {
      await findDrafts(siteId, DRAFT);
      return readWebhook(siteId, signal);
    },
    [siteId],
  );
  const [secret, setSecret] = useState<string>();
  const webhook = value === 'none' ? undefined : value?.value;

  return (
    <div class="stack">
      <h1>Webhook</h1>
      <p class="muted">
        {say({
          it: 'Serve a chi programma: il vostro sistema viene avvisato di quello che succede, nel formato Standard Webhooks. Chi non ne ha bisogno può lasciare vuota questa pagina.',
          en: 'For those who program: your own system is told what happens, in the format of Standard Webhooks. Whoever does not need it leaves this page empty.',
        })}
      </p>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {isLoading && value === undefined && <Waiting />}
      {webhook?.problem && (
        <Banner kind="bad">
          <p>
            {say({
              it: `Spento dal ${dateTime(webhook.problem.since)}. Salvare di nuovo per riaccenderlo: quello che è in attesa parte allora.`,
              en: `Switched off since ${dateTime(webhook.problem.since)}. Save it again to switch it on: what waits goes out then.`,
            })}
          </p>
          <p dir="auto">{webhook.problem.description}</p>
        </Banner>
      )}
      {webhook?.pausedUntil && (
        <Banner kind="warning">
          <p>
            {say({
              it: `Il vostro sistema non risponde: si riprova il ${dateTime(webhook.pausedUntil)}.`,
              en: `Your system does not answer: it is tried again on ${dateTime(webhook.pausedUntil)}.`,
            })}
          </p>
        </Banner>
      )}
      {secret !== undefined && (
        <Secret
          title={say({
            it: 'Il segreto con cui si firmano le chiamate',
            en: 'The secret that calls are signed with',
          })}
          secret={secret}
          onDone={() => setSecret(undefined)}
        />
      )}
      {value !== undefined && (
        <Form
          key={siteId}
          siteId={siteId}
          stored={value}
          onRead={replace}
          onSaved={({ value: { secret: made, ...saved }, ...answer }) => {
            replace({ ...answer, value: saved });
            setSecret(made);
          }}
        />
      )}
      {webhook && (
        <>
          <Tries siteId={siteId} webhook={webhook} onTested={reload} />
          <Removal siteId={siteId} onRemoved={() => replace('none')} />
        </>
      )}
    </div>
  );
}

interface FormProps {
  siteId: string;
  stored: Stored;
  onRead: (stored: Stored) => void;
  onSaved: (saved: Answer<SavedWebhook>) => void;
}

interface Fields {
  url: string;
  events: readonly WebhookEvent[];
}
type Name = keyof Fields;

/** Without a webhook: what the form begins with. */
const NONE: Fields = { url: '', events: WEBHOOK_EVENTS };

function fieldsOf(stored: Stored): Fields {
  if (stored === 'none') return NONE;
  const { url, events } = stored.value;
  return { url, events: WEBHOOK_EVENTS.filter((name) => events.includes(name)) };
}

const LABELS: Record<Name, Sentence> = {
  url: { it: 'Indirizzo del vostro sistema', en: 'Address of your system' },
  events: { it: 'Avvisare quando', en: 'Tell when' },
};

/** Under which name the draft is kept. */
const DRAFT = 'webhook-changes';

/** Some put a key into the address itself: such a one is kept nowhere. */
function mayHoldSecret(url: string): boolean {
  return /[?#@]/.test(url);
}

/** What is kept of the changes; `undefined`: nothing. */
function draftOf({ url, events }: Changed<Fields>): object | undefined {
  const kept = {
    ...(url && !mayHoldSecret(url.mine) && { url: mayHoldSecret(url.base) ? { mine: url.mine } : url }),
    ...(events && { events }),
  };
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function keptChanges(siteId: string, now: Fields): Changed<Fields> {
  // It is what this form has kept, or nothing: `readDraft` says so.
  const { url, ...others } = (readDraft(siteId, DRAFT) ?? {}) as Changed<Fields>;
  return { ...others, ...(url && { url: { ...url, base: url.base ?? now.url } }) };
}

/** Somebody else was quicker. */
const MEANWHILE = new Error('Somebody else has saved meanwhile.');

function Form({ siteId, stored, onRead, onSaved }: FormProps) {
  const now = fieldsOf(stored);
  const webhook = stored === 'none' ? undefined : stored.value;
  const [changed, setChanged] = useState(() => keptChanges(siteId, now));
  const { url, events }: Fields = {
    url: changed.url?.mine ?? now.url,
    events: changed.events?.mine ?? now.events,
  };
  const isChanged = Object.keys(changed).length > 0;
  const conflicts = conflictsOf(changed, now);
  useEffect(() => keepDraft(siteId, DRAFT, draftOf(changed)), [changed]);
  const { isBusy, error, run, fail } = useAction();
  const { announce } = useScreen();
  const errorOf = (field: string) =>
    error instanceof Problem
      ? error.errors.find(({ pointer }) => pointer.startsWith(`/${field}`))?.detail
      : undefined;

  const save = async (keepSecret: boolean) => {
    if (conflicts.length > 0) throw MEANWHILE;
    const body = { url: url.trim(), events, ...(keepSecret && { keepSecret }) };
    const condition = stored === 'none' ? { ifNoneMatch: '*' } : { ifMatch: stored.etag };
    try {
      const saved = await siteRequest<SavedWebhook>(siteId, 'PUT', '/webhook', { body, ...condition });
      setChanged({});
      onSaved(saved);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.status === 412)) throw failure;
      const meanwhile = await readWebhook(siteId);
      // One that was removed would take along what nobody has touched here.
      if (meanwhile === 'none')
        setChanged({ url: { base: NONE.url, mine: url }, events: { base: NONE.events, mine: events } });
      onRead(meanwhile);
      throw MEANWHILE;
    }
    announce(say({ it: 'Salvato.', en: 'Saved.' }));
  };
  const change = <Each extends Name>(name: Each, mine: Fields[Each]) =>
    setChanged((before) => withChange(before, now, { name, mine }));
  const conflictOf = (name: Name) =>
    conflicts.includes(name) && (
      <Conflict
        label={say(LABELS[name])}
        mine={valueWords(name, { url, events }[name])}
        theirs={valueWords(name, now[name])}
        onMine={() => setChanged({ ...changed, [name]: { base: now[name], mine: { url, events }[name] } })}
        onTheirs={() => setChanged(({ [name]: _, ...others }) => others as Changed<Fields>)}
      />
    );

  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => save(webhook !== undefined));
      }}
    >
      <TextField
        label={say(LABELS.url)}
        hint={say({ it: 'Comincia con https://', en: 'It begins with https://' })}
        value={url}
        onInput={(text) => change('url', text)}
        error={errorOf('url')}
      />
      {conflictOf('url')}
      <fieldset class="field-group">
        <legend>{say(LABELS.events)}</legend>
        {WEBHOOK_EVENTS.map((name) => (
          <Check
            key={name}
            label={
              <>
                {say(EVENT_WORDS[name])} <code class="muted">{name}</code>
              </>
            }
            checked={events.includes(name)}
            onChange={(isOn) =>
              change(
                'events',
                WEBHOOK_EVENTS.filter((each) => (each === name ? isOn : events.includes(each))),
              )
            }
          />
        ))}
        {errorOf('events') && <p class="error">{errorOf('events')}</p>}
        {conflictOf('events')}
      </fieldset>
      {error === MEANWHILE && (
        <Banner kind="warning" isAlert>
          <p>
            {say({
              it: 'Nel frattempo qualcun altro ha salvato o tolto il webhook. Guardare che cosa c’è ora, scegliere dove è segnato, poi salvare di nuovo.',
              en: 'Somebody else has saved or removed the webhook meanwhile. See what is there now, choose where it is marked, then save again.',
            })}
          </p>
        </Banner>
      )}
      {error !== undefined && error !== MEANWHILE && !errorOf('url') && !errorOf('events') && (
        <Failure error={error} />
      )}
      <div class="buttons">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {say({ it: 'Salva', en: 'Save' })}
        </Button>
        {webhook && (
          <Button isBusy={isBusy} onClick={() => void run(() => save(false))}>
            {say({ it: 'Salva con un segreto nuovo', en: 'Save with a new secret' })}
          </Button>
        )}
        {isChanged && (
          <Button
            kind="plain"
            onClick={() => {
              setChanged({});
              fail(undefined);
            }}
          >
            {say({ it: 'Annulla le modifiche', en: 'Give up the changes' })}
          </Button>
        )}
      </div>
      {webhook && (
        <p class="muted small">
          {say({
            it: 'Con un segreto nuovo, quello di prima vale ancora per un giorno.',
            en: 'With a new secret, the former one is valid for one day more.',
          })}{' '}
          {webhook.secrets.map(({ createdAt, validUntil }) =>
            validUntil
              ? say({
                  it: `Il segreto del ${dateTime(createdAt)} vale fino al ${dateTime(validUntil)}.`,
                  en: `The secret of ${dateTime(createdAt)} is valid until ${dateTime(validUntil)}.`,
                })
              : say({
                  it: `Il segreto in uso è del ${dateTime(createdAt)}. `,
                  en: `The secret in use is of ${dateTime(createdAt)}. `,
                }),
          )}
        </p>
      )}
    </form>
  );
}

interface TriesProps {
  siteId: string;
  webhook: Webhook;
  onTested: () => void;
}

function Tries({ siteId, webhook: { tries, dropped }, onTested }: TriesProps) {
  const [test, setTest] = useState<WebhookTest>();
  const { isBusy, error, run } = useAction();
  const call = async () => {
    setTest(undefined);
    setTest((await siteRequest<WebhookTest>(siteId, 'POST', '/webhook/test')).value);
    onTested();
  };
  return (
    <section class="card">
      <h2>{say({ it: 'Prove e ultime chiamate', en: 'Tests and last calls' })}</h2>
      <div class="buttons">
        <Button
          isBusy={isBusy}
          busyWords={say({ it: 'Si chiama…', en: 'Calling…' })}
          onClick={() => void run(call)}
        >
          {say({ it: 'Invia una prova', en: 'Send a test' })}
        </Button>
      </div>
      {error !== undefined && <Failure error={error} />}
      {test && (
        <Banner kind={test.taken ? 'good' : 'bad'} isAlert>
          <p>
            {test.taken
              ? say({
                  it: 'Funziona: il vostro sistema ha risposto',
                  en: 'It works: your system has answered',
                })
              : say({ it: 'Non funziona:', en: 'It does not work:' })}{' '}
            <bdi>{outcomeWords(test)}</bdi>
          </p>
        </Banner>
      )}
      {dropped > 0 && (
        <p>
          {say({
            it: `Avvisi abbandonati dopo un giorno di tentativi: ${number(dropped)}.`,
            en: `Given up after a day of tries: ${number(dropped)}.`,
          })}
        </p>
      )}
      {tries.length === 0 ? (
        <p class="muted">{say({ it: 'Ancora nessuna chiamata.', en: 'No call yet.' })}</p>
      ) : (
        <Table
          caption={say({ it: 'Ultime chiamate', en: 'Last calls' })}
          rows={tries}
          keyOf={({ id, attempt, at }) => `${id} ${attempt} ${at}`}
          columns={[
            {
              name: say({ it: 'Quando', en: 'When' }),
              cell: ({ at }) => <span class="nowrap">{dateTime(at)}</span>,
            },
            { name: say({ it: 'Che cosa', en: 'What' }), cell: ({ event }) => <code>{event}</code> },
            { name: say({ it: 'Tentativo', en: 'Try' }), cell: ({ attempt }) => number(attempt) },
            {
              name: say({ it: 'Risposta', en: 'Answer' }),
              cell: (made) => (
                <>
                  <span class={`tag ${isTaken(made) ? 'good' : 'bad'}`}>
                    {isTaken(made)
                      ? say({ it: 'Ricevuta', en: 'Taken' })
                      : say({ it: 'Non ricevuta', en: 'Not taken' })}
                  </span>{' '}
                  <bdi class="small">{outcomeWords(made)}</bdi>
                </>
              ),
            },
            {
              name: say({ it: 'Durata', en: 'Time' }),
              cell: ({ milliseconds }) => `${number(milliseconds)} ms`,
            },
          ]}
        />
      )}
    </section>
  );
}

function isTaken({ status = 0 }: WebhookTry): boolean {
  return status >= 200 && status < 300;
}

function outcomeWords({ status, answer, error }: WebhookTry): string {
  return [status, answer ?? error].filter((part) => part !== undefined && part !== '').join(' · ');
}

function Removal({ siteId, onRemoved }: { siteId: string; onRemoved: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const { announce } = useScreen();
  return (
    <>
      <div class="buttons">
        <Button kind="danger" onClick={() => setIsAsking(true)}>
          {say({ it: 'Togli il webhook', en: 'Remove the webhook' })}
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={say({ it: 'Togliere il webhook?', en: 'Remove the webhook?' })}
          action={say({ it: 'Togli', en: 'Remove' })}
          onConfirm={async () => {
            await siteRequest(siteId, 'DELETE', '/webhook');
            announce(say({ it: 'Tolto.', en: 'Removed.' }));
            onRemoved();
          }}
          onClose={() => setIsAsking(false)}
        >
          <p>
            {say({
              it: 'Il vostro sistema non viene più avvisato di nulla, e gli avvisi in attesa si perdono. I messaggi di Telegram continuano a partire.',
              en: 'Your system is told nothing any more, and what waits for it is lost. Telegram messages go on.',
            })}
          </p>
        </Confirm>
      )}
    </>
  );
}
