/** A new bot with the phone: the merchant opens a link, confirms in Telegram, and the rest goes by itself. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { Icon } from '../shell/icon.tsx';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { OutLink } from '../ui/link.tsx';
import type { Loaded } from '../ui/load.ts';
import { usePolling } from '../ui/poll.ts';
import { QrCode } from '../ui/qr.tsx';
import { Waiting } from '../ui/waiting.tsx';
import {
  type BotSite,
  beginManagedBot,
  giveUpManagedBot,
  type ManagedBot,
  readManagedBot,
} from './bot-site.ts';
import { ReplaceBot } from './replace-bot.tsx';

interface ManagedProps {
  site: BotSite;
  siteId: string;
  /** Whoever comes back to this page goes on where they were. */
  progress: Loaded<ManagedBot | undefined>;
  /** The bot is there. */
  onDone: () => void;
}

/** The states in which something may change by itself. */
const GOES_ON: readonly ManagedBot['state'][] = ['waiting-for-person', 'waiting-for-bot', 'setting-up'];

export function Managed({ site, siteId, progress, onDone }: ManagedProps) {
  const { value: managed, error: notRead, reload, replace } = progress;
  const [isAsking, setIsAsking] = useState(false);
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const goesOn = managed !== undefined && GOES_ON.includes(managed.state);
  usePolling(async (signal) => {
    const now = await readManagedBot(siteId, signal);
    if (signal.aborted) return;
    if (now.state !== managed?.state) announce(announcementOf(now));
    replace(now);
    if (now.state === 'done') onDone();
  }, goesOn);

  const begin = (isReplacing: boolean) =>
    void run(async () => {
      setIsAsking(false);
      replace(await beginManagedBot(siteId, isReplacing));
    });
  const giveUp = () =>
    void run(async () => {
      await giveUpManagedBot(siteId);
      replace({ state: 'none' });
    });

  if (!managed) return notRead === undefined ? <Waiting /> : <Failure error={notRead} onRetry={reload} />;
  return (
    <div class="stack">
      {managed.state === 'failed' && managed.problem && (
        <Banner kind="bad" isAlert>
          <p>
            <strong>{managed.problem.title}</strong>
          </p>
          <p dir="auto">{managed.problem.detail}</p>
        </Banner>
      )}
      {goesOn ? (
        <Progress
          managed={managed}
          isBusy={isBusy}
          onRestart={() => begin(site.bot !== undefined)}
          onGiveUp={giveUp}
        />
      ) : (
        <>
          <p>
            {say({
              it: 'Serve un telefono con Telegram: si inquadra un codice e si conferma. Nome, comandi e collegamento si impostano da soli.',
              en: 'All it takes is a phone with Telegram: scan a code and confirm. Its name, its commands and its connection are set by themselves.',
            })}
          </p>
          <div>
            <Button
              kind={site.bot ? undefined : 'primary'}
              isBusy={isBusy}
              onClick={() => (site.bot ? setIsAsking(true) : begin(false))}
            >
              {site.bot
                ? say({ it: 'Crea un altro bot', en: 'Make another bot' })
                : say({ it: 'Crea il bot con il telefono', en: 'Make the bot with the phone' })}
            </Button>
          </div>
        </>
      )}
      {error !== undefined && <Failure error={error} />}
      {isAsking && site.bot && (
        <ReplaceBot
          former={site.bot.username}
          advice={say({
            it: 'Se serve solo un token nuovo, qui sotto c’è «Rinnova il token».',
            en: 'If all you need is a new token, there is “Renew the token” below.',
          })}
          action={say({ it: 'Crea un altro bot', en: 'Make another bot' })}
          onReplace={() => begin(true)}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  );
}

function announcementOf({ state, problem }: ManagedBot): string {
  if (state === 'waiting-for-bot')
    return say({
      it: 'Il telefono è arrivato: ora confermare il bot in Telegram.',
      en: 'The phone is there: now confirm the bot in Telegram.',
    });
  if (state === 'setting-up')
    return say({ it: 'Il bot è creato: si sta impostando.', en: 'The bot is made: it is being set up.' });
  if (state === 'done') return say({ it: 'Il bot è pronto.', en: 'The bot is ready.' });
  return problem?.title ?? '';
}

interface ProgressProps {
  managed: ManagedBot;
  isBusy: boolean;
  onRestart: () => void;
  onGiveUp: () => void;
}

function Progress({ managed, isBusy, onRestart, onGiveUp }: ProgressProps) {
  const { state, url, qr, newBotUrl, newBotQr, expiresAt, person, problem } = managed;
  const isOpened = state !== 'waiting-for-person';
  const isMade = state === 'setting-up';
  return (
    <>
      <ol class="stages">
        <Stage
          number={1}
          isDone={isOpened}
          title={say({ it: 'Aprire il link sul telefono', en: 'Open the link on the phone' })}
        >
          {isOpened ? (
            person && (
              <p>
                {say({ it: 'Aperto da ', en: 'Opened by ' })}
                <bdi>{person.name}</bdi>
              </p>
            )
          ) : (
            <Scan
              url={url}
              qr={qr}
              text={say({
                it: 'Inquadrare il codice con la fotocamera, aprire Telegram e premere «Avvia».',
                en: 'Scan the code with the camera, open Telegram and press “Start”.',
              })}
              button={say({ it: 'Apri Telegram qui', en: 'Open Telegram here' })}
            />
          )}
        </Stage>
        <Stage
          number={2}
          isDone={isMade}
          title={say({ it: 'Confermare il nuovo bot in Telegram', en: 'Confirm the new bot in Telegram' })}
        >
          {isOpened && !isMade && (
            <Scan
              url={newBotUrl}
              qr={newBotQr}
              text={say({
                it: 'Nella chat che si è aperta, premere il pulsante che crea il bot e confermare. Oppure inquadrare questo codice con lo stesso telefono.',
                en: 'In the chat that has opened, press the button that makes the bot, and confirm. Or scan this code with the same phone.',
              })}
              button={say({ it: 'Crea il bot in Telegram', en: 'Make the bot in Telegram' })}
            />
          )}
        </Stage>
        <Stage
          number={3}
          isDone={false}
          title={say({ it: 'Il resto va da solo', en: 'The rest goes by itself' })}
        >
          {isMade && (
            <Waiting words={say({ it: 'Il bot si sta impostando …', en: 'The bot is being set up …' })} />
          )}
        </Stage>
      </ol>
      {problem && (
        <Banner kind="warning" isAlert>
          <p>
            <strong>{problem.title}</strong> <span dir="auto">{problem.detail}</span>
          </p>
        </Banner>
      )}
      {!isMade && (
        <>
          <Waiting
            words={say({
              it: 'In attesa del telefono: la pagina va avanti da sola.',
              en: 'Waiting for the phone: the page goes on by itself.',
            })}
          />
          <Help />
        </>
      )}
      {expiresAt && (
        <p class="muted">
          {say({ it: 'Il link vale fino al ', en: 'The link is valid until ' })}
          {dateTime(expiresAt)}.
        </p>
      )}
      <div class="buttons">
        {!isMade && (
          <Button isBusy={isBusy} onClick={onRestart}>
            {say({ it: 'Ricomincia con un link nuovo', en: 'Begin again with a new link' })}
          </Button>
        )}
        <Button kind="plain" isBusy={isBusy} onClick={onGiveUp}>
          {say({ it: 'Annulla', en: 'Cancel' })}
        </Button>
      </div>
    </>
  );
}

function Stage({
  number,
  title,
  isDone,
  children,
}: {
  number: number;
  title: string;
  isDone: boolean;
  children: ComponentChildren;
}) {
  return (
    <li class={`stage ${isDone ? 'done' : ''}`}>
      <span class="step-mark" aria-hidden="true">
        {isDone ? <Icon name="good" /> : number}
      </span>
      <div class="stack">
        <h3>
          {isDone && <span class="visually-hidden">{say({ it: 'Fatto: ', en: 'Done: ' })}</span>}
          {title}
        </h3>
        {children}
      </div>
    </li>
  );
}

function Scan({
  url,
  qr,
  text,
  button,
}: {
  url: string | undefined;
  qr: string | undefined;
  text: string;
  button: string;
}) {
  return (
    <div class="scan">
      {qr && (
        <QrCode
          svg={qr}
          words={{ it: 'Codice QR da inquadrare con il telefono', en: 'QR code to scan with the phone' }}
        />
      )}
      <div class="stack">
        <p>{text}</p>
        {url && (
          <div>
            <OutLink href={url} isButton>
              {button}
            </OutLink>
          </div>
        )}
      </div>
    </div>
  );
}

/** What may go wrong on the phone, where nothing of it comes here. */
function Help() {
  return (
    <details class="help">
      <summary>
        {say({ it: 'Qualcosa non va sul telefono?', en: 'Does something not work on the phone?' })}
      </summary>
      <dl>
        <dt>{say({ it: '«Questo nome utente è già preso»', en: '“This username is already taken”' })}</dt>
        <dd>
          {say({
            it: 'Cambiarlo lì, in Telegram: va bene qualsiasi nome che finisce con «bot». Qui non serve fare altro.',
            en: 'Change it there, in Telegram: any name that ends with “bot” will do. Nothing else is to be done here.',
          })}
        </dd>
        <dt>{say({ it: '«Avete già troppi bot»', en: '“You have too many bots”' })}</dt>
        <dd>
          {say({
            it: 'Telegram permette 20 bot a persona. Eliminarne uno con @BotFather, oppure far inquadrare il codice a un collega: premere «Ricomincia con un link nuovo».',
            en: 'Telegram allows 20 bots a person. Delete one with @BotFather, or let a colleague scan the code: press “Begin again with a new link”.',
          })}
        </dd>
        <dt>
          {say({
            it: 'Il link è stato aperto dalla persona sbagliata',
            en: 'The wrong person has opened the link',
          })}
        </dt>
        <dd>
          {say({
            it: 'Conta solo il bot di chi ha aperto il link per primo. Premere «Ricomincia con un link nuovo»: quello vecchio non vale più.',
            en: 'Only the bot of whoever opened the link first counts. Press “Begin again with a new link”: the old one is good for nothing then.',
          })}
        </dd>
        <dt>{say({ it: 'Non volete usare il telefono', en: 'You would rather not use the phone' })}</dt>
        <dd>
          {say({
            it: 'Con Telegram su questo computer basta il pulsante «Apri Telegram qui». Altrimenti si può incollare il token di un bot fatto con @BotFather, più sotto.',
            en: 'With Telegram on this computer, the button “Open Telegram here” is enough. Or paste the token of a bot that was made with @BotFather, further down.',
          })}
        </dd>
      </dl>
    </details>
  );
}
