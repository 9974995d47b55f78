/** What is ready and what is missing, in the order in which a shop begins. */
import type { ComponentChildren } from 'preact';
import { findDrafts, readDraft } from '../drafts.ts';
import { Banners } from '../home/banners.tsx';
import { Events } from '../home/events.tsx';
import { FirstMessage } from '../home/first-message.tsx';
import { FirstPerson } from '../home/first-person.tsx';
import { draftName, SETTINGS, SettingForm } from '../home/setting-form.tsx';
import { readLog, readProgress } from '../home/state.ts';
import { Step } from '../home/step.tsx';
import { count, say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { linkTo } from '../router.ts';
import { Failure } from '../ui/failure.tsx';
import { useLoaded } from '../ui/load.ts';
import { usePolling } from '../ui/poll.ts';
import { Waiting } from '../ui/waiting.tsx';
import type { SiteScreenProps } from './props.ts';

interface StepDescription {
  name: string;
  title: string;
  isDone: boolean;
  hasDraft?: boolean;
  state: ComponentChildren;
  content: ComponentChildren;
}

export default function Home(props: SiteScreenProps) {
  const { site, siteId } = props;
  const {
    value: progress,
    error,
    reload,
    replace,
  } = useLoaded(
    async (signal) => {
      await findDrafts(siteId, ...SETTINGS.map(draftName));
      return readProgress(site, signal);
    },
    [siteId],
  );
  const waitsForEvent = progress !== undefined && progress.event === undefined;
  usePolling(async (signal) => {
    const log = await readLog(siteId, signal);
    if (progress && (log.event || log.sent)) replace({ ...progress, ...log });
  }, waitsForEvent);

  const steps: StepDescription[] = [
    botStep(props),
    {
      name: 'texts',
      title: say({ it: 'I testi dei messaggi', en: 'The texts of the messages' }),
      isDone: (progress?.enabled ?? 0) > 0,
      state: progress
        ? count(
            progress.enabled,
            { it: 'messaggio attivo', en: 'message is switched on' },
            { it: 'messaggi attivi', en: 'messages are switched on' },
          )
        : UNKNOWN,
      content: (
        <>
          <p>
            {say({
              it: 'Sono già pronti, in ogni lingua del negozio: si possono leggere, cambiare e spegnere uno per uno.',
              en: 'They are ready in every language of the shop: they can be read, changed and switched off one by one.',
            })}
          </p>
          <div>
            <a class="button" href={linkTo(siteId, ['messages'])}>
              {say({ it: 'Vedi i messaggi', en: 'See the messages' })}
            </a>
          </div>
        </>
      ),
    },
    {
      name: 'contact',
      title: say({ it: 'Chi risponde ai clienti', en: 'Who answers customers' }),
      isDone: site.merchantContact !== undefined,
      hasDraft: readDraft(siteId, draftName('merchantContact')) !== undefined,
      state: site.merchantContact ? (
        <span dir="auto">{site.merchantContact}</span>
      ) : (
        say({
          it: 'Il bot non sa a chi mandare chi gli scrive',
          en: 'The bot does not know to whom to send people',
        })
      ),
      content: (
        <>
          <p>
            {say({
              it: 'Il bot manda solo avvisi e non legge le risposte. A chi gli scrive, dice come trovarvi.',
              en: 'The bot only sends messages, and reads no answers. It tells whoever writes to it how to reach you.',
            })}
          </p>
          <SettingForm
            {...props}
            field="merchantContact"
            label={say({ it: 'Il vostro contatto', en: 'Your contact' })}
            hint={say({
              it: 'Il vostro nome su Telegram, un numero di telefono o un’e-mail.',
              en: 'Your name on Telegram, a phone number or an email address.',
            })}
            placeholder="@bottega_rossi"
          />
        </>
      ),
    },
    {
      name: 'privacy',
      title: say({ it: 'La pagina sulla privacy', en: 'The privacy page' }),
      isDone: site.privacyUrl !== undefined,
      hasDraft: readDraft(siteId, draftName('privacyUrl')) !== undefined,
      state: site.privacyUrl ? (
        <span dir="auto">{site.privacyUrl}</span>
      ) : (
        say({ it: 'Manca l’indirizzo', en: 'Its address is missing' })
      ),
      content: (
        <>
          <p>
            {say({
              it: 'Il bot la mostra a chi chiede come vengono trattati i suoi dati: di solito è quella del vostro sito.',
              en: 'The bot shows it to whoever asks how their data is treated: usually it is that of your site.',
            })}
          </p>
          <SettingForm
            {...props}
            field="privacyUrl"
            label={say({ it: 'Indirizzo della pagina', en: 'Address of the page' })}
            hint={say({
              it: 'Aprire la pagina nel browser e copiare qui il suo indirizzo: comincia con https://',
              en: 'Open the page in the browser and copy its address here: it begins with https://',
            })}
            placeholder="https://www.bottegarossi.it/privacy"
          />
        </>
      ),
    },
    {
      name: 'person',
      title: say({ it: 'Il primo telefono collegato', en: 'The first phone that is linked' }),
      isDone: (progress?.linked ?? 0) > 0,
      state: progress
        ? count(
            progress.linked,
            { it: 'persona collegata', en: 'person is linked' },
            { it: 'persone collegate', en: 'people are linked' },
          )
        : UNKNOWN,
      content: <FirstPerson {...props} onLinked={reload} />,
    },
    {
      name: 'message',
      title: say({ it: 'Il primo messaggio', en: 'The first message' }),
      // With another bot nobody is linked: the last message came from the former one.
      isDone: progress?.sent !== undefined && progress.linked > 0,
      state: progress?.sent
        ? say({
            it: `L’ultimo è arrivato il ${dateTime(progress.sent.recordedAt)}`,
            en: `The last one arrived on ${dateTime(progress.sent.recordedAt)}`,
          })
        : say({ it: 'Ancora nessuno', en: 'None yet' }),
      content: <FirstMessage {...props} linked={progress?.linked ?? 0} onSent={reload} />,
    },
    {
      name: 'events',
      title: say({ it: 'Gli eventi di Passweb', en: 'The events of Passweb' }),
      isDone: progress?.event !== undefined,
      state: progress?.event
        ? say({
            it: `L’ultimo è del ${dateTime(progress.event.recordedAt)}`,
            en: `The last one is of ${dateTime(progress.event.recordedAt)}`,
          })
        : say({ it: 'Ancora nessuno', en: 'None yet' }),
      content: <Events siteId={siteId} />,
    },
  ];
  const done = steps.filter(({ isDone }) => isDone).length;
  const next = progress && steps.find(({ isDone }) => !isDone);
  return (
    <>
      <h1>{say({ it: 'Per iniziare', en: 'Getting started' })}</h1>
      <Banners {...props} />
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {progress && <Overall done={done} all={steps.length} />}
      {/* Which step is open is known with the rest: nothing that is there already moves. */}
      {!progress && error === undefined ? (
        <Waiting />
      ) : (
        <ol class="checklist">
          {steps.map((step, index) => (
            <Step
              key={step.name}
              number={index + 1}
              title={step.title}
              isDone={step.isDone}
              isNext={step === next}
              hasDraft={step.hasDraft ?? false}
              state={step.state}
            >
              {step.content}
            </Step>
          ))}
        </ol>
      )}
    </>
  );
}

const UNKNOWN = '…';

function botStep({ site, siteId }: SiteScreenProps): StepDescription {
  const { bot } = site;
  return {
    name: 'bot',
    title: say({ it: 'Il bot del negozio', en: 'The bot of the shop' }),
    isDone: bot !== undefined && bot.problem === undefined,
    state: bot ? <bdi>@{bot.username}</bdi> : say({ it: 'Ancora nessuno', en: 'None yet' }),
    content: (
      <>
        <p>
          {say({
            it: 'È il mittente dei messaggi in Telegram: porta il nome del vostro negozio. Si crea una volta sola, in un minuto.',
            en: 'It is the sender of the messages in Telegram: it bears the name of your shop. It is made once, in a minute.',
          })}
        </p>
        <div>
          <a class={`button ${bot ? '' : 'primary'}`} href={linkTo(siteId, ['bot'])}>
            {bot
              ? say({ it: 'Vedi il bot', en: 'See the bot' })
              : say({ it: 'Crea il bot', en: 'Make the bot' })}
          </a>
        </div>
      </>
    ),
  };
}

function Overall({ done, all }: { done: number; all: number }) {
  const words =
    done === all
      ? say({
          it: 'Tutto pronto: il negozio invia i suoi avvisi.',
          en: 'All is ready: the shop sends its messages.',
        })
      : say({ it: `Passi fatti: ${done} su ${all}`, en: `Steps done: ${done} of ${all}` });
  return (
    <div class="overall">
      <label for="overall">{words}</label>
      <progress id="overall" max={all} value={done} />
    </div>
  );
}
