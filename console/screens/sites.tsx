/** The platform's sites: found, made, switched, opened, deleted. */
import { useEffect, useState } from 'preact/hooks';
import type { NewSite, Site, SiteList } from '../../clients/typescript/client.ts';
import { SITE_ID } from '../../lib/domain/site-id.ts';
import { Problem, request } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { goTo, linkTo, place } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { announce, useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Failure } from '../ui/failure.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Found, More, usePages } from '../ui/pages.tsx';
import { Secret } from '../ui/secret.tsx';
import { Table } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { BackToList } from '../ui/way-back.tsx';
import { NoSuchSite } from './no-such-site.tsx';

type Listed = SiteList['sites'][number];

/** No site has such an id: ids begin with a letter or a digit. */
const NEW = '~new';

export default function SitesScreen() {
  const [, part] = place.value.path;
  if (part === undefined) return <List />;
  if (part === NEW) return <Add />;
  return SITE_ID.test(part) ? <SitePage key={part} siteId={part} /> : <NoSuchSite siteId={part} />;
}

/** So long after the last key the search begins, in milliseconds. */
const TYPING = 250;

function List() {
  const query = place.value.query.get('query') ?? '';
  const [text, setText] = useState(query);
  useEffect(() => {
    if (text.trim() === query) return;
    const timer = setTimeout(
      () => goTo(linkTo(undefined, ['sites'], { query: text.trim() }), { replace: true }),
      TYPING,
    );
    return () => clearTimeout(timer);
  }, [text]);
  const pages = usePages(
    async (cursor, signal) => {
      const parameters = new URLSearchParams({ ...(query && { query }), ...(cursor && { cursor }) });
      const { value } = await request<SiteList>('GET', `/v1/sites?${parameters}`, { signal });
      return { ...value, rows: value.sites };
    },
    [query],
  );
  return (
    <div class="stack">
      <header class="screen-head">
        <h1>{say({ it: 'Siti', en: 'Sites' })}</h1>
        <a class="button primary" href={linkTo(undefined, ['sites', NEW])}>
          {say({ it: 'Aggiungi un sito', en: 'Add a site' })}
        </a>
      </header>
      <TextField
        label={say({
          it: 'Cercare per codice, nome, indirizzo o bot',
          en: 'Search by id, name, address or bot',
        })}
        type="search"
        value={text}
        onInput={setText}
      />
      {pages.first?.incomplete && (
        <Banner kind="warning">
          <p>
            {say({
              it: 'L’elenco si sta ancora preparando: per qualche minuto possono mancare dei siti.',
              en: 'The list is still being made: for some minutes sites may be missing.',
            })}
          </p>
        </Banner>
      )}
      {pages.rows.length > 0 && (
        <div class={pages.isOutdated ? 'outdated' : ''}>
          <Table
            caption={say({ it: 'Siti', en: 'Sites' })}
            rows={pages.rows}
            keyOf={({ siteId }) => siteId}
            columns={[
              {
                name: say({ it: 'Sito', en: 'Site' }),
                cell: ({ siteId, name }: Listed) => (
                  <>
                    <a href={linkTo(undefined, ['sites', siteId])} dir="auto">
                      {name}
                    </a>
                    <span class="muted small block">{siteId}</span>
                  </>
                ),
              },
              { name: say({ it: 'Indirizzo', en: 'Address' }), cell: ({ url }: Listed) => <bdi>{url}</bdi> },
              {
                name: say({ it: 'Modulo', en: 'Module' }),
                cell: ({ moduleActive, active }: Listed) => (
                  <ModuleTag moduleActive={moduleActive} active={active} />
                ),
              },
              { name: 'Bot', cell: ({ bot }: Listed) => (bot ? <bdi>@{bot.username}</bdi> : '–') },
            ]}
          />
        </div>
      )}
      {pages.first && pages.rows.length === 0 && !pages.isLoading && pages.error === undefined && (
        <div class="empty">
          <p>
            {query === ''
              ? say({ it: 'Non c’è ancora nessun sito.', en: 'There is no site yet.' })
              : say({ it: 'Nessun sito corrisponde a questa ricerca.', en: 'No site matches this search.' })}
          </p>
        </div>
      )}
      <Found
        pages={pages}
        words={say({ it: `Siti mostrati: ${pages.rows.length}`, en: `Sites shown: ${pages.rows.length}` })}
      />
      <More pages={pages} />
    </div>
  );
}

function ModuleTag({ moduleActive, active }: Pick<Listed, 'moduleActive' | 'active'>) {
  if (!moduleActive) return <span class="tag">{say({ it: 'Non attivo', en: 'Not active' })}</span>;
  return active ? (
    <span class="tag good">{say({ it: 'Attivo', en: 'Active' })}</span>
  ) : (
    <span class="tag warning">{say({ it: 'Spento dal negozio', en: 'Switched off by the shop' })}</span>
  );
}

function Back() {
  return (
    <BackToList
      href={linkTo(undefined, ['sites'])}
      words={say({ it: '← Tutti i siti', en: '← All sites' })}
    />
  );
}

const NO_ID: Sentence = { it: 'Scrivere il codice del sito.', en: 'Type the id of the site.' };
/** Said here: an address with such an id may lead nowhere, and the API could only say that. */
const WRONG_ID: Sentence = {
  it: 'Può avere solo lettere minuscole da a a z, cifre e trattini, al massimo 64, e comincia e finisce con una lettera o una cifra.',
  en: 'It may have only small letters from a to z, digits and hyphens, 64 at most, and begins and ends with a letter or digit.',
};

function Add() {
  const [siteId, setSiteId] = useState('');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('https://');
  const [moduleActive, setModuleActive] = useState(true);
  const { isBusy, error, run, fail } = useAction();
  const [made, setMade] = useState<NewSite>();
  const { announce } = useScreen();
  const isTaken = error instanceof Problem && error.status === 412;
  const errorOf = (pointer: string) =>
    error instanceof Problem ? error.errors.find((each) => each.pointer === pointer)?.detail : undefined;
  const ownError = error === NO_ID ? NO_ID : error === WRONG_ID ? WRONG_ID : undefined;
  const idError =
    ownError !== undefined
      ? say(ownError)
      : isTaken
        ? say({ it: 'C’è già un sito con questo codice.', en: 'There is a site with this id already.' })
        : error instanceof Problem && error.code === 'invalid-path-id'
          ? error.detail
          : undefined;

  const add = async () => {
    const body = { name, url, moduleActive };
    // Never over a site that is there.
    setMade((await siteRequest<NewSite>(siteId.trim(), 'PUT', '', { body, ifNoneMatch: '*' })).value);
    announce(say({ it: 'Sito aggiunto.', en: 'The site was added.' }));
  };

  return (
    <div class="stack narrow">
      <Back />
      <h1>{say({ it: 'Aggiungi un sito', en: 'Add a site' })}</h1>
      {made ? (
        <Secret
          title={say({ it: `La chiave di ${made.siteId}`, en: `The key of ${made.siteId}` })}
          secret={made.siteKey}
          onDone={() => goTo(linkTo(undefined, ['sites', made.siteId]), { replace: true })}
        />
      ) : (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            if (siteId.trim() === '') fail(NO_ID);
            else if (SITE_ID.test(siteId.trim())) void run(add);
            else fail(WRONG_ID);
          }}
        >
          <TextField
            label={say({ it: 'Codice del sito', en: 'Id of the site' })}
            hint={say({
              it: 'Lettere minuscole, cifre e trattini. Non si può più cambiare.',
              en: 'Small letters, digits and hyphens. It can’t be changed any more.',
            })}
            value={siteId}
            onInput={setSiteId}
            autocapitalize="none"
            error={idError}
          />
          <TextField
            label={say({ it: 'Nome del negozio', en: 'Name of the shop' })}
            value={name}
            onInput={setName}
            error={errorOf('/name')}
          />
          <TextField
            label={say({ it: 'Indirizzo del sito', en: 'Address of the site' })}
            value={url}
            onInput={setUrl}
            error={errorOf('/url')}
          />
          <Check
            label={say({ it: 'Modulo Telegram attivo', en: 'Telegram module active' })}
            checked={moduleActive}
            onChange={setModuleActive}
          />
          {error !== undefined && idError === undefined && (
            <Failure error={error} isSaidBeside={(pointer) => ['/name', '/url'].includes(pointer)} />
          )}
          <div class="buttons">
            <Button type="submit" kind="primary" isBusy={isBusy}>
              {say({ it: 'Aggiungi il sito', en: 'Add the site' })}
            </Button>
            <a class="button" href={linkTo(undefined, ['sites'])}>
              {say({ it: 'Annulla', en: 'Cancel' })}
            </a>
          </div>
        </form>
      )}
    </div>
  );
}

function SitePage({ siteId }: { siteId: string }) {
  const { value, error, isLoading, reload, replace } = useLoaded(
    (signal) => siteRequest<Site>(siteId, 'GET', '', { signal }),
    [siteId],
  );
  const site = value?.value;
  const [asking, setAsking] = useState<'module' | 'deletion'>();
  const switching = useAction();
  const screen = useScreen();

  const switchModule = async (moduleActive: boolean) => {
    if (!value) return;
    const { name, url } = value.value;
    const body = { name, url, moduleActive };
    replace(await siteRequest<Site>(siteId, 'PUT', '', { body, ifMatch: value.etag }));
    screen.announce(
      moduleActive
        ? say({ it: 'Modulo attivato.', en: 'The module is active.' })
        : say({ it: 'Modulo disattivato.', en: 'The module is not active.' }),
    );
  };

  return (
    <div class="stack narrow">
      <Back />
      <h1 dir="auto">{site?.name ?? siteId}</h1>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {isLoading && !site && <Waiting />}
      {site && (
        <>
          <section class="card">
            <dl class="facts">
              <div>
                <dt>{say({ it: 'Codice', en: 'Id' })}</dt>
                <dd>{siteId}</dd>
              </div>
              <div>
                <dt>{say({ it: 'Indirizzo', en: 'Address' })}</dt>
                <dd dir="auto">{site.url}</dd>
              </div>
              <div>
                <dt>Bot</dt>
                <dd>{site.bot ? `@${site.bot.username}` : say({ it: 'nessuno', en: 'none' })}</dd>
              </div>
              <div>
                <dt>{say({ it: 'Invii', en: 'Sending' })}</dt>
                <dd>
                  <ModuleTag {...site} />
                </dd>
              </div>
            </dl>
            {site.bot?.problem && (
              <Banner kind="bad">
                <p dir="auto">{site.bot.problem.description}</p>
              </Banner>
            )}
            <Check
              isSwitch
              label={say({ it: 'Modulo Telegram', en: 'Telegram module' })}
              checked={site.moduleActive}
              onChange={(to) => {
                if (to) void switching.run(() => switchModule(true));
                else setAsking('module');
              }}
            />
            {switching.error !== undefined && <Failure error={switching.error} onRetry={reload} />}
            <OpenConsole siteId={siteId} />
            <ul class="links">
              <li>
                <a href={linkTo(undefined, ['keys', siteId])}>{say({ it: 'Chiavi', en: 'Keys' })}</a>
              </li>
              <li>
                <a href={linkTo(undefined, ['audit', siteId])}>
                  {say({ it: 'Chi ha cambiato che cosa', en: 'Who changed what' })}
                </a>
              </li>
            </ul>
          </section>
          <section class="card">
            <h2>{say({ it: 'Cancellare il sito', en: 'Delete the site' })}</h2>
            <p class="muted">
              {say({
                it: 'Si chiude subito, e tutto ciò che gli appartiene viene cancellato entro un giorno.',
                en: 'It is shut at once, and all that belongs to it is erased within a day.',
              })}
            </p>
            <div class="buttons">
              <Button kind="danger" onClick={() => setAsking('deletion')}>
                {say({ it: 'Cancella il sito', en: 'Delete the site' })}
              </Button>
            </div>
          </section>
        </>
      )}
      {asking === 'module' && (
        <Confirm
          title={say({ it: 'Disattivare il modulo?', en: 'Switch the module off?' })}
          action={say({ it: 'Disattiva', en: 'Switch off' })}
          onConfirm={() => switchModule(false)}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {say({
              it: `Da ${siteId} non parte più nulla finché non si riattiva. Tutto il resto rimane.`,
              en: `Nothing goes out from ${siteId} until it is on again. All the rest stays.`,
            })}
          </p>
        </Confirm>
      )}
      {asking === 'deletion' && (
        <Confirm
          title={say({ it: `Cancellare ${siteId}?`, en: `Delete ${siteId}?` })}
          action={say({ it: 'Cancella per sempre', en: 'Delete for ever' })}
          typed={siteId}
          onConfirm={async () => {
            await siteRequest(siteId, 'DELETE');
            if (!screen.isLeft()) goTo(linkTo(undefined, ['sites']), { replace: true });
            announce(say({ it: `${siteId} è stato cancellato.`, en: `${siteId} was deleted.` }));
          }}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {say({
              it: 'Si perdono per sempre: persone e chat collegate, messaggi, impostazioni, bot, chiavi, registro e statistiche. Nessuno può recuperarli.',
              en: 'Lost for ever: people and linked chats, messages, settings, bot, keys, log and figures. Nobody can bring them back.',
            })}
          </p>
        </Confirm>
      )}
    </div>
  );
}

interface ConsoleLink {
  url: string;
  expiresAt: string;
}

/** With a link that signs in once. */
function OpenConsole({ siteId }: { siteId: string }) {
  const { isBusy, error, run } = useAction();
  const open = async () => {
    // Opened before the answer: later a browser takes it for a window that nobody asked for.
    const tab = window.open('about:blank', '_blank');
    try {
      const { url } = (await siteRequest<ConsoleLink>(siteId, 'POST', '/console-links')).value;
      if (tab) {
        tab.opener = null;
        tab.location.replace(new URL(url).href);
      } else location.assign(new URL(url).href);
    } catch (failure) {
      tab?.close();
      throw failure;
    }
  };
  return (
    <>
      <div class="buttons">
        <Button isBusy={isBusy} onClick={() => void run(open)}>
          {say({ it: 'Apri la sua console in un’altra scheda', en: 'Open its console in another tab' })}
        </Button>
      </div>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
