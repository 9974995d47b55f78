/** One person: their chats, what they want to receive, and what is kept about them. */
import { useState } from 'preact/hooks';
import type {
  Chat,
  Erased,
  LinkToken,
  ListedPerson,
  People,
  Site,
  User,
  UserExport,
  UserPatch,
} from '../../clients/typescript/client.ts';
import { pathId } from '../../clients/typescript/connection.ts';
import { Problem } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { quietHoursWords } from '../i18n/setting-words.ts';
import { date, dateTime } from '../i18n/time.ts';
import { eventWords, languageWords, nameOf } from '../i18n/words.ts';
import { goTo, linkTo } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { announce, useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Download } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Choice, TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { PersonName } from '../ui/person-name.tsx';
import { QrCode } from '../ui/qr.tsx';
import { Table } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { BackToList } from '../ui/way-back.tsx';

interface PersonProps {
  site: Site;
  userId: string;
}

export function Person({ site, userId }: PersonProps) {
  const { siteId } = site;
  const path = `/users/${pathId(userId)}`;
  // Somebody whom nobody knows here can be given a link all the same.
  const { value, error, isLoading, reload, replace } = useLoaded<User | 'unknown'>(
    (signal) =>
      siteRequest<User>(siteId, 'GET', path, { signal }).then(
        (answer) => answer.value,
        (failure: unknown) => {
          if (failure instanceof Problem && failure.code === 'unknown-user') return 'unknown';
          throw failure;
        },
      ),
    [siteId, userId],
  );
  // What was said with a link that is still open stands in the list alone.
  const invited = useLoaded<ListedPerson | null>(
    async (signal) => {
      const search = `query=${encodeURIComponent(userId)}&state=pending&limit=1`;
      const { users } = (await siteRequest<People>(siteId, 'GET', `/users?${search}`, { signal })).value;
      return users.find((each) => each.userId === userId) ?? null;
    },
    [siteId, userId],
  );
  // Both are shown together: nothing moves when the second one comes.
  const isWaiting = invited.value === undefined && invited.error === undefined;
  const user = value === 'unknown' ? undefined : value;
  const known = user && nameOf(user) !== undefined ? user : (invited.value ?? user);
  const name = known && nameOf(known);

  return (
    <div class="stack">
      <BackToList
        href={linkTo(siteId, ['people'])}
        words={say({ it: '← Tutte le persone', en: '← All people' })}
      />
      <header>
        <h1 dir="auto">{name === undefined ? userId : <PersonName {...known} />}</h1>
        {name !== undefined && (
          <p class="muted">
            {say({ it: 'Codice:', en: 'Code:' })} <bdi>{userId}</bdi>
          </p>
        )}
      </header>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {(isWaiting || (isLoading && value === undefined)) && <Waiting />}
      {value !== undefined && !isWaiting && (
        <>
          {value === 'unknown' && (
            <Banner>
              <p>
                {say({
                  it: 'Questa persona non ha ancora collegato Telegram. Con un link, o con il suo codice QR, lo può fare adesso.',
                  en: 'This person has not linked Telegram yet. With a link, or its QR code, they can do it now.',
                })}
              </p>
            </Banner>
          )}
          {user && <Chats siteId={siteId} path={path} user={user} onChange={reload} />}
          <NewLink
            site={site}
            path={path}
            person={known}
            openUntil={invited.value?.expiresAt}
            onChange={invited.reload}
          />
          {user && <Names site={site} path={path} user={user} onChange={replace} />}
          <Wishes siteId={siteId} path={path} user={user} onChange={replace} />
          <section class="card">
            <h2>{say({ it: 'Messaggi', en: 'Messages' })}</h2>
            <ul class="links">
              <li>
                <a href={linkTo(siteId, ['log'], { userId })}>
                  {say({ it: 'Che cosa è stato inviato, o perché no', en: 'What was sent, or why not' })}
                </a>
              </li>
              <li>
                <a href={linkTo(siteId, ['waiting'], { userId })}>
                  {say({ it: 'Che cosa deve ancora partire', en: 'What is still to come' })}
                </a>
              </li>
            </ul>
          </section>
          <PersonalData siteId={siteId} path={path} userId={userId} isKnown={user !== undefined} />
        </>
      )}
    </div>
  );
}

const LINKED_BY: Record<NonNullable<Chat['linkedBy']>, Sentence> = {
  'deep-link': { it: 'con un link o un codice QR', en: 'with a link or a QR code' },
  'login-widget': { it: 'con il pulsante di Telegram sul sito', en: 'with Telegram’s button on the site' },
  oidc: { it: 'con l’accesso di Telegram', en: 'with Telegram’s sign-in' },
  import: { it: 'con l’importazione', en: 'by the import' },
};

interface ChatsProps {
  siteId: string;
  path: string;
  user: User;
  onChange: () => void;
}

function Chats({ siteId, path, user: { chats }, onChange }: ChatsProps) {
  const { announce } = useScreen();
  /** The chat that is to be unlinked. */
  const [leaving, setLeaving] = useState<Chat | 'all'>();
  const unlink = async () => {
    await siteRequest(
      siteId,
      'DELETE',
      `${path}/link${typeof leaving === 'object' ? `?chat=${leaving.chatId}` : ''}`,
    );
    announce(say({ it: 'Scollegato.', en: 'Unlinked.' }));
    onChange();
  };
  return (
    <section class="card">
      <h2>{say({ it: 'Chat di Telegram', en: 'Telegram chats' })}</h2>
      {chats.length === 0 ? (
        <p class="muted">{say({ it: 'Nessuna chat collegata.', en: 'No chat is linked.' })}</p>
      ) : (
        <>
          <Table
            caption={say({ it: 'Chat di Telegram', en: 'Telegram chats' })}
            rows={chats}
            keyOf={({ chatId }) => String(chatId)}
            columns={[
              { name: say({ it: 'Chat', en: 'Chat' }), cell: (chat) => <bdi>{chatName(chat)}</bdi> },
              { name: say({ it: 'Collegata', en: 'Linked' }), cell: linkedWords },
              { name: say({ it: 'Stato', en: 'State' }), cell: chatState },
              {
                name: say({ it: 'Azioni', en: 'Actions' }),
                cell: (chat) => (
                  <Button
                    kind="plain"
                    label={say({ it: `Scollega ${chatName(chat)}`, en: `Unlink ${chatName(chat)}` })}
                    onClick={() => setLeaving(chat)}
                  >
                    {say({ it: 'Scollega', en: 'Unlink' })}
                  </Button>
                ),
              },
            ]}
          />
          {chats.length > 1 && (
            <div class="buttons">
              <Button kind="danger" onClick={() => setLeaving('all')}>
                {say({ it: 'Scollega tutte', en: 'Unlink all' })}
              </Button>
            </div>
          )}
        </>
      )}
      {leaving !== undefined && (
        <Confirm
          title={
            leaving === 'all'
              ? say({ it: 'Scollegare tutte le chat?', en: 'Unlink all chats?' })
              : say({ it: `Scollegare ${chatName(leaving)}?`, en: `Unlink ${chatName(leaving)}?` })
          }
          action={say({ it: 'Scollega', en: 'Unlink' })}
          onConfirm={unlink}
          onClose={() => setLeaving(undefined)}
        >
          <p>
            {say({
              it: 'Lì non arriverà più nessun messaggio finché la persona non si collega di nuovo. Nome, preferenze e registro restano.',
              en: 'No message will arrive there until the person links it again. Name, preferences and log stay.',
            })}
          </p>
        </Confirm>
      )}
    </section>
  );
}

function chatName({ telegramUsername, chatId }: Chat): string {
  return telegramUsername ? `@${telegramUsername}` : say({ it: `n. ${chatId}`, en: `no. ${chatId}` });
}

function linkedWords({ linkedAt, linkedBy }: Chat) {
  const how = linkedBy ? say(LINKED_BY[linkedBy]) : '';
  return linkedAt ? `${date(linkedAt)} ${how}` : how || '–';
}

function chatState({ stopped, stoppedAt, needsNewStart, unreachable }: Chat) {
  if (needsNewStart)
    return (
      <Told kind="warning" tag={{ it: 'Da riaprire', en: 'To be opened again' }}>
        {say({
          it: 'Il sito ha un altro bot: la persona deve aprirlo e premere Avvia.',
          en: 'The site has another bot: the person has to open it and press Start.',
        })}
      </Told>
    );
  if (unreachable)
    return (
      <Told kind="bad" tag={{ it: 'Non raggiungibile', en: 'Not reachable' }}>
        {say({
          it: `Dal ${date(unreachable.since)}: ha bloccato il bot o chiuso Telegram. Deve aprire il bot e premere Avvia.`,
          en: `Since ${date(unreachable.since)}: the bot is blocked, or the account closed. They have to open the bot and press Start.`,
        })}
      </Told>
    );
  if (stopped)
    return (
      <Told kind="warning" tag={{ it: 'Messaggi fermati', en: 'Messages stopped' }}>
        {say({
          it: `La persona li ha fermati in questa chat${stoppedAt ? ` il ${date(stoppedAt)}` : ''}.`,
          en: `The person has stopped them in this chat${stoppedAt ? ` on ${date(stoppedAt)}` : ''}.`,
        })}
      </Told>
    );
  return <span class="tag good">{say({ it: 'Attiva', en: 'Active' })}</span>;
}

function Told({ kind, tag, children }: { kind: string; tag: Sentence; children: string }) {
  return (
    <>
      <span class={`tag ${kind}`}>{say(tag)}</span>
      <span class="block small">{children}</span>
    </>
  );
}

const HOURS: { value: string; label: Sentence }[] = [
  { value: '24', label: { it: 'Un giorno', en: 'One day' } },
  { value: '168', label: { it: 'Una settimana', en: 'A week' } },
  { value: '720', label: { it: 'Un mese', en: 'A month' } },
];

interface NewLinkProps {
  site: Site;
  path: string;
  person: Invited | undefined;
  /** An earlier link is valid until then: ISO 8601. */
  openUntil: string | undefined;
  onChange: () => void;
}

/** What is known of whoever gets a link. */
type Invited = Pick<ListedPerson, 'firstName' | 'lastName' | 'companyName' | 'language'>;

function NewLink({ site, path, person, openUntil, onChange }: NewLinkProps) {
  const { siteId } = site;
  const [hours, setHours] = useState('168');
  const [link, setLink] = useState<LinkToken>();
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();

  const make = async () => {
    // They are said with each link: whoever follows this one is known by them.
    const { firstName, lastName, companyName, language } = person ?? {};
    const body = { expiresInHours: Number(hours), firstName, lastName, companyName, language };
    setLink((await siteRequest<LinkToken>(siteId, 'POST', `${path}/link`, { body })).value);
    announce(say({ it: 'Il link è pronto.', en: 'The link is ready.' }));
    onChange();
  };

  return (
    <section class="card">
      <h2>{say({ it: 'Collegare Telegram', en: 'Link Telegram' })}</h2>
      {whyNoLink(site) ?? (
        <>
          <p class="muted">
            {say({
              it: 'Il link vale per questa persona e una volta sola. Si può stampare con il suo codice QR, o copiare e inviare.',
              en: 'The link is for this person and works once. It can be printed with its QR code, or copied and sent.',
            })}
          </p>
          {openUntil !== undefined && !link && (
            <p>
              {say({
                it: `Un link è già stato preparato, e vale fino al ${dateTime(openUntil)}. Se ne può preparare un altro.`,
                en: `A link was made already, and is valid until ${dateTime(openUntil)}. Another one can be made.`,
              })}
            </p>
          )}
          <div class="form-row">
            <Choice
              label={say({ it: 'Per quanto vale', en: 'How long it is valid' })}
              value={hours}
              options={HOURS.map(({ value, label }) => ({ value, label: say(label) }))}
              onChange={setHours}
            />
            <Button kind={link ? undefined : 'primary'} isBusy={isBusy} onClick={() => void run(make)}>
              {link
                ? say({ it: 'Prepara un altro link', en: 'Make another link' })
                : say({ it: 'Prepara il link', en: 'Make the link' })}
            </Button>
          </div>
          {error !== undefined && <Failure error={error} />}
          {link && <LinkSheet site={site} person={person} link={link} />}
        </>
      )}
    </section>
  );
}

function whyNoLink({ siteId, bot, active, moduleActive }: Site) {
  if (!bot)
    return (
      <p>
        {say({ it: 'Prima serve il bot: ', en: 'The bot is needed first: ' })}
        <a href={linkTo(siteId, ['bot'])}>{say({ it: 'impostare il bot', en: 'set up the bot' })}</a>.
      </p>
    );
  if (!moduleActive)
    return (
      <p>
        {say({
          it: 'Il modulo Telegram di questo sito non è attivo.',
          en: 'The Telegram module of this site is not active.',
        })}
      </p>
    );
  if (!active)
    return (
      <p>
        {say({ it: 'Gli invii sono spenti: ', en: 'Sending is switched off: ' })}
        <a href={linkTo(siteId, ['settings'])}>
          {say({ it: 'accenderli nelle impostazioni', en: 'switch it on in the settings' })}
        </a>
        .
      </p>
    );
  return undefined;
}

interface LinkSheetProps {
  site: Site;
  person: Invited | undefined;
  link: LinkToken;
}

function LinkSheet({ site, person, link: { url, qr, expiresAt, startCommand } }: LinkSheetProps) {
  const name = person && nameOf(person);
  const message = invitation(site, person, url, expiresAt);
  return (
    <>
      <div class="link-sheet print-sheet">
        <QrCode svg={qr} words={{ it: 'Codice QR del link', en: 'QR code of the link' }} />
        <div class="stack">
          <h3 dir="auto">{site.name}</h3>
          {name !== undefined && (
            <p dir="auto">
              <PersonName {...person} />
            </p>
          )}
          <p>
            {say({
              it: 'Inquadrare il codice con il telefono, aprire Telegram e premere Avvia.',
              en: 'Point the phone’s camera at the code, open Telegram and press Start.',
            })}
          </p>
          <p class="address">{url}</p>
          <p class="muted">
            {say({
              it: `Vale una volta sola, fino al ${dateTime(expiresAt)}.`,
              en: `Works once, until ${dateTime(expiresAt)}.`,
            })}
          </p>
        </div>
      </div>
      <div class="buttons">
        <Button onClick={() => print()}>{say({ it: 'Stampa', en: 'Print' })}</Button>
        <CopyButton text={url} words={say({ it: 'Copia il link', en: 'Copy the link' })} />
        <CopyButton
          text={message}
          words={say({ it: 'Copia il testo da inviare', en: 'Copy the text to send' })}
        />
      </div>
      <figure class="sample">
        <figcaption class="muted small">
          {say({ it: 'Testo da inviare per e-mail o messaggio', en: 'Text to send by e-mail or message' })}
        </figcaption>
        <p dir="auto">{message}</p>
      </figure>
      <details>
        <summary>
          {say({
            it: 'Se Telegram si apre ma non succede nulla',
            en: 'If Telegram opens but nothing happens',
          })}
        </summary>
        <div class="stack details-body">
          <p>
            {say({
              it: 'Su alcuni computer il link apre il bot senza avviarlo. Allora la persona scrive questa riga al bot:',
              en: 'On some computers the link opens the bot without starting it. Then the person writes this line to the bot:',
            })}
          </p>
          <p class="address">{startCommand}</p>
          <div class="buttons">
            <CopyButton text={startCommand} words={say({ it: 'Copia la riga', en: 'Copy the line' })} />
          </div>
        </div>
      </details>
    </>
  );
}

/** In the person's language, as far as we write it, and in the shop's tone. */
function invitation(site: Site, person: Invited | undefined, url: string, expiresAt: string): string {
  const name = person && nameOf(person);
  const until = dateTime(expiresAt);
  if (!(person?.language ?? site.defaultLanguage).toLowerCase().startsWith('it'))
    return `Hello${name ? ` ${name}` : ''}! To get the news of ${site.name} on Telegram, open this link and press Start: ${url} (it works once, until ${until}).`;
  return site.tone === 'lei'
    ? `Buongiorno${name ? ` ${name}` : ''}, per ricevere gli avvisi di ${site.name} su Telegram apra questo link e prema Avvia: ${url} (vale una volta sola, fino al ${until}).`
    : `Ciao${name ? ` ${name}` : ''}! Per ricevere gli avvisi di ${site.name} su Telegram apri questo link e premi Avvia: ${url} (vale una volta sola, fino al ${until}).`;
}

const OPTED_OUT_IN: Record<NonNullable<User['optedOutIn']>, Sentence> = {
  bot: { it: 'nel bot', en: 'in the bot' },
  site: { it: 'sul sito', en: 'on the site' },
  import: { it: 'prima dell’importazione', en: 'before the import' },
};

type NameField = 'firstName' | 'lastName' | 'companyName';

const NAME_FIELDS: readonly { field: NameField; words: Sentence }[] = [
  { field: 'firstName', words: { it: 'Nome', en: 'First name' } },
  { field: 'lastName', words: { it: 'Cognome', en: 'Last name' } },
  { field: 'companyName', words: { it: 'Azienda', en: 'Company' } },
];

const UNKNOWN_LANGUAGE: Sentence = {
  it: 'non nota: si usa quella predefinita',
  en: 'not known: the default one is used',
};

interface NamesProps {
  site: Site;
  path: string;
  user: User;
  onChange: (user: User) => void;
}

/** What the person is called in messages, and in which language they get them. */
function Names({ site, path, user, onChange }: NamesProps) {
  const [isEditing, setIsEditing] = useState(false);
  return (
    <section class="card">
      <h2>{say({ it: 'Nome e lingua', en: 'Name and language' })}</h2>
      <dl class="facts">
        {NAME_FIELDS.map(({ field, words }) => (
          <div key={field}>
            <dt>{say(words)}</dt>
            <dd dir="auto">{user[field] ?? '–'}</dd>
          </div>
        ))}
        <div>
          <dt>{say({ it: 'Lingua', en: 'Language' })}</dt>
          <dd>{user.language ? languageWords(user.language) : say(UNKNOWN_LANGUAGE)}</dd>
        </div>
      </dl>
      <div class="buttons">
        <Button onClick={() => setIsEditing(true)}>
          {say({ it: 'Correggi nome e lingua', en: 'Correct name and language' })}
        </Button>
      </div>
      {isEditing && (
        <NamesDialog
          site={site}
          path={path}
          user={user}
          onChange={onChange}
          onClose={() => setIsEditing(false)}
        />
      )}
    </section>
  );
}

function NamesDialog({ site, path, user, onChange, onClose }: NamesProps & { onClose: () => void }) {
  const before = { firstName: '', lastName: '', companyName: '', language: '', ...user };
  const [typed, setTyped] = useState(before);
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const errorOf = (field: string) =>
    error instanceof Problem
      ? error.errors.find(({ pointer }) => pointer === `/${field}`)?.detail
      : undefined;
  const fields = [...NAME_FIELDS.map(({ field }) => field), 'language'] as const;

  const save = async () => {
    // What is not touched here may have changed elsewhere. An empty one is taken away.
    const body: UserPatch = Object.fromEntries(
      fields
        .filter((field) => typed[field] !== before[field])
        .map((field) => [field, typed[field].trim() || null]),
    );
    onChange((await siteRequest<User>(site.siteId, 'PATCH', path, { body })).value);
    announce(say({ it: 'Salvato.', en: 'Saved.' }));
    onClose();
  };

  const languages = [...new Set([...site.languages, ...(before.language ? [before.language] : [])])];
  return (
    <Dialog
      title={say({ it: 'Correggere nome e lingua', en: 'Correct name and language' })}
      onClose={onClose}
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run(save);
        }}
      >
        <p class="muted">
          {say({
            it: 'Così la persona è chiamata nei messaggi. I nomi arrivano da Passweb: se là restano diversi, al prossimo avviso tornano quelli.',
            en: 'This is what the person is called in messages. Names come from Passweb: if they stay different there, they are back with the next notice.',
          })}
        </p>
        {NAME_FIELDS.map(({ field, words }) => (
          <TextField
            key={field}
            label={say(words)}
            value={typed[field]}
            onInput={(text) => setTyped({ ...typed, [field]: text })}
            error={errorOf(field)}
          />
        ))}
        <Choice
          label={say({ it: 'Lingua dei messaggi', en: 'Language of the messages' })}
          value={typed.language}
          options={[
            { value: '', label: say(UNKNOWN_LANGUAGE) },
            ...languages.map((tag) => ({ value: tag, label: languageWords(tag) })),
          ]}
          onChange={(language) => setTyped({ ...typed, language })}
          error={errorOf('language')}
        />
        {error !== undefined && !fields.some(errorOf) && <Failure error={error} />}
        <div class="buttons">
          <Button type="submit" kind="primary" isBusy={isBusy}>
            {say({ it: 'Salva', en: 'Save' })}
          </Button>
          <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface WishesProps {
  siteId: string;
  path: string;
  user: User | undefined;
  onChange: (user: User) => void;
}

/** Without it the person gets only the first message about a cart. */
function consentWords({ given, at, source }: NonNullable<User['marketingConsent']>): string {
  const where =
    source === 'bot'
      ? say({ it: 'nel bot', en: 'in the bot' })
      : say({ it: `da: ${source}`, en: `by: ${source}` });
  return given
    ? say({ it: `dato il ${dateTime(at)}, ${where}`, en: `given on ${dateTime(at)}, ${where}` })
    : say({ it: `revocato il ${dateTime(at)}, ${where}`, en: `withdrawn on ${dateTime(at)}, ${where}` });
}

/** What the person wants, and what the shop has decided for them. */
function Wishes({ siteId, path, user, onChange }: WishesProps) {
  const [asking, setAsking] = useState<'out' | 'in'>();
  const [by, setBy] = useState<'shop' | 'person'>('person');
  const { announce } = useScreen();
  const change = async (body: { optedOut: boolean; by: 'shop' | 'person' }) => {
    onChange((await siteRequest<User>(siteId, 'PATCH', path, { body })).value);
    announce(
      body.optedOut
        ? say({ it: 'Non riceverà più messaggi.', en: 'They will get no more messages.' })
        : say({ it: 'Riceverà di nuovo i messaggi.', en: 'They will get messages again.' }),
    );
  };
  return (
    <section class="card">
      <h2>{say({ it: 'Preferenze', en: 'Preferences' })}</h2>
      <dl class="facts">
        <div>
          <dt>
            {say({ it: 'Avvisi spenti dalla persona', en: 'Notices that the person has switched off' })}
          </dt>
          <dd>
            {user && user.mutedEvents.length > 0
              ? user.mutedEvents.map(eventWords).join(', ')
              : say({ it: 'nessuno', en: 'none' })}
          </dd>
        </div>
        <div>
          <dt>{say({ it: 'Ore di silenzio', en: 'Quiet hours' })}</dt>
          <dd>
            {user?.quietHours
              ? quietHoursWords(user.quietHours)
              : say({ it: 'come il negozio', en: 'like the shop' })}
          </dd>
        </div>
        {user?.marketingConsent && (
          <div>
            <dt>{say({ it: 'Consenso alla pubblicità', en: 'Consent to advertising' })}</dt>
            <dd>{consentWords(user.marketingConsent)}</dd>
          </div>
        )}
        {user?.timeZone && (
          <div>
            <dt>{say({ it: 'Fuso orario', en: 'Time zone' })}</dt>
            <dd>{user.timeZone}</dd>
          </div>
        )}
        <div>
          <dt>{say({ it: 'Vuole messaggi', en: 'Wants messages' })}</dt>
          <dd>{user?.optedOut ? optOutWords(user) : say({ it: 'sì', en: 'yes' })}</dd>
        </div>
      </dl>
      <div class="buttons">
        {!user?.optedOut && (
          <Button onClick={() => setAsking('out')}>
            {say({ it: 'Non inviare più messaggi', en: 'Send no more messages' })}
          </Button>
        )}
        {user?.optedOut && user.optedOutBy === 'shop' && (
          <Button onClick={() => setAsking('in')}>
            {say({ it: 'Riprendi a inviare', en: 'Send again' })}
          </Button>
        )}
      </div>
      {asking === 'out' && (
        <Confirm
          title={say({ it: 'Non inviare più messaggi?', en: 'Send no more messages?' })}
          action={say({ it: 'Non inviare più', en: 'Send no more' })}
          onConfirm={() => change({ optedOut: true, by })}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {say({
              it: 'La persona non riceverà più nulla dal bot, nemmeno i messaggi già in attesa. Le chat restano collegate.',
              en: 'The person will get nothing more from the bot, not even messages that wait. The chats stay linked.',
            })}
          </p>
          <Choice
            label={say({ it: 'Chi lo ha deciso', en: 'Who has decided it' })}
            hint={say({
              it: 'Se lo ha chiesto la persona, soltanto lei potrà tornare a ricevere i messaggi.',
              en: 'If the person has asked for it, only they can have messages sent again.',
            })}
            value={by}
            options={[
              {
                value: 'person',
                label: say({ it: 'Lo ha chiesto la persona', en: 'The person has asked for it' }),
              },
              { value: 'shop', label: say({ it: 'Lo ha deciso il negozio', en: 'The shop has decided it' }) },
            ]}
            onChange={setBy}
          />
        </Confirm>
      )}
      {asking === 'in' && (
        <Confirm
          title={say({ it: 'Riprendere a inviare?', en: 'Send messages again?' })}
          action={say({ it: 'Riprendi a inviare', en: 'Send again' })}
          isDangerous={false}
          onConfirm={() => change({ optedOut: false, by: 'shop' })}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {say({
              it: 'La persona riceverà di nuovo i messaggi, tranne gli avvisi che ha spento lei.',
              en: 'The person will get messages again, but for the notices that they have switched off.',
            })}
          </p>
        </Confirm>
      )}
    </section>
  );
}

function optOutWords({ optedOutBy, optedOutAt, optedOutIn }: User): string {
  const when = optedOutAt ? say({ it: `, il ${date(optedOutAt)}`, en: `, on ${date(optedOutAt)}` }) : '';
  if (optedOutBy === 'shop')
    return say({ it: `no: lo ha deciso il negozio${when}.`, en: `no: the shop has decided it${when}.` });
  const where = optedOutIn ? `, ${say(OPTED_OUT_IN[optedOutIn])}` : '';
  return say({
    it: `no: lo ha chiesto la persona${where}${when}. Solo lei può tornare a riceverli: con /start nel bot, o dal sito.`,
    en: `no: the person has asked for it${where}${when}. Only they can take that back: with /start in the bot, or on the site.`,
  });
}

interface PersonalDataProps {
  siteId: string;
  path: string;
  userId: string;
  isKnown: boolean;
}

/** What the law asks for: a copy of all that is kept, and its end. */
function PersonalData({ siteId, path, userId, isKnown }: PersonalDataProps) {
  const [isErasing, setIsErasing] = useState(false);
  const screen = useScreen();
  const erase = async () => {
    await siteRequest<Erased>(siteId, 'DELETE', path);
    if (!screen.isLeft()) goTo(linkTo(siteId, ['people']), { replace: true });
    announce(say({ it: `${userId}: i dati sono stati cancellati.`, en: `${userId}: the data was erased.` }));
  };
  return (
    <section class="card">
      <h2>{say({ it: 'Dati personali', en: 'Personal data' })}</h2>
      <p class="muted">
        {say({
          it: 'Se la persona chiede una copia di ciò che conserviamo (GDPR, articoli 15 e 20), o la cancellazione (articolo 17).',
          en: 'Where the person asks for a copy of what is kept (GDPR, articles 15 and 20), or for its erasure (article 17).',
        })}
      </p>
      {!isKnown && (
        <p class="muted">
          {say({
            it: 'Anche di chi non ha collegato Telegram può esserci qualcosa: righe del registro, o un link.',
            en: 'Something may be kept of those too who have not linked Telegram: lines of the log, or a link.',
          })}
        </p>
      )}
      <div class="buttons">
        <Download
          label={say({ it: 'Scarica tutti i dati', en: 'Download all data' })}
          make={(tell, signal) => exported(siteId, path, userId, tell, signal)}
        />
        <Button kind="danger" onClick={() => setIsErasing(true)}>
          {say({ it: 'Cancella la persona', en: 'Erase the person' })}
        </Button>
      </div>
      {isErasing && (
        <Confirm
          title={say({ it: 'Cancellare la persona?', en: 'Erase the person?' })}
          action={say({ it: 'Cancella per sempre', en: 'Erase for ever' })}
          typed={userId}
          onConfirm={erase}
          onClose={() => setIsErasing(false)}
        >
          <p>
            {say({
              it: 'Si perdono per sempre: chat collegate, nome, preferenze, messaggi in attesa e in programma, e tutto il suo registro. Nemmeno l’assistenza può recuperarli.',
              en: 'Lost for ever: linked chats, name, preferences, messages that wait or are scheduled, and their whole log. Not even the support can bring them back.',
            })}
          </p>
        </Confirm>
      )}
    </section>
  );
}

async function exported(
  siteId: string,
  path: string,
  userId: string,
  tell: (progress: string) => void,
  signal: AbortSignal,
) {
  const read = async (cursor?: string) => {
    const query = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
    return (await siteRequest<UserExport>(siteId, 'GET', `${path}/export${query}`, { signal })).value;
  };
  const { cursor, ...all } = await read();
  for (let next = cursor; next !== undefined; ) {
    const lines = all.deliveries.length;
    tell(say({ it: `Righe del registro finora: ${lines}…`, en: `Lines of the log so far: ${lines}…` }));
    const part = await read(next);
    all.deliveries.push(...part.deliveries);
    next = part.cursor;
  }
  const content = new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' });
  // Ids may have characters that no name of a file has.
  const safe = userId.replaceAll(/[^\w-]+/g, '-');
  return { content, name: `${say({ it: 'dati', en: 'data' })}-${safe}-${all.exportedAt.slice(0, 10)}.json` };
}
