/** The people of the shop: found while one types, by their state, a page at a time. */
import { useEffect, useState } from 'preact/hooks';
import type { ListedPerson, People, Site } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { number, type Sentence, say } from '../i18n/language.ts';
import { date } from '../i18n/time.ts';
import { languageWords, nameOf } from '../i18n/words.ts';
import { goTo, linkTo, place } from '../router.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Found, More, usePages } from '../ui/pages.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { type PersonState, STATE_NAMES, STATES, StateTag } from '../ui/person-state.tsx';
import { Table } from '../ui/table.tsx';
import { Person } from './person.tsx';

interface PeopleProps {
  site: Site;
  siteId: string;
}

export default function PeopleScreen({ site, siteId }: PeopleProps) {
  const [, userId] = place.value.path;
  return userId === undefined ? (
    <List siteId={siteId} />
  ) : (
    <Person key={userId} site={site} userId={userId} />
  );
}

/** So long after the last key the search begins, in milliseconds. */
const TYPING = 250;

function List({ siteId }: { siteId: string }) {
  const { query: asked } = place.value;
  const query = asked.get('query') ?? '';
  const state = STATE_NAMES.find((name) => name === asked.get('state'));
  const [text, setText] = useState(query);
  const [isInviting, setIsInviting] = useState(false);

  const show = (change: { query?: string; state?: string }) =>
    goTo(linkTo(siteId, ['people'], { query, state: state ?? '', ...change }), { replace: true });

  useEffect(() => {
    if (text.trim() === query) return;
    const timer = setTimeout(() => show({ query: text.trim() }), TYPING);
    return () => clearTimeout(timer);
  }, [text]);

  const pages = usePages(
    async (cursor, signal) => {
      const parameters = new URLSearchParams({
        ...(query && { query }),
        ...(state && { state }),
        ...(cursor && { cursor }),
        limit: '50',
      });
      const { value } = await siteRequest<People>(siteId, 'GET', `/users?${parameters}`, { signal });
      return { ...value, rows: value.users };
    },
    [siteId, query, state],
  );
  const { first, rows } = pages;

  return (
    <div class="stack">
      <header class="screen-head">
        <h1>{say({ it: 'Persone', en: 'People' })}</h1>
        <Button kind="primary" onClick={() => setIsInviting(true)}>
          {say({ it: 'Collega una persona', en: 'Link a person' })}
        </Button>
      </header>
      <TextField
        label={say({ it: 'Cercare per nome, azienda o codice', en: 'Search by name, company or code' })}
        type="search"
        value={text}
        onInput={setText}
      />
      {/* Together with its numbers, which make it wider. */}
      {(first || pages.error !== undefined) && (
        <StateFilter
          counts={first?.counts}
          state={state}
          linkOf={(name) => linkTo(siteId, ['people'], { query, state: name })}
        />
      )}
      {first?.updating && (
        <Banner kind="warning">
          <p>
            {say({
              it: 'L’elenco si sta aggiornando: per qualche minuto possono mancare persone, e i numeri non essere esatti.',
              en: 'The list is being updated: for some minutes people may be missing, and the numbers not be exact.',
            })}
          </p>
        </Banner>
      )}
      <Found pages={pages} words={foundWords(rows.length, pages.hasMore)} />
      {rows.length > 0 && (
        <div class={pages.isOutdated ? 'outdated' : ''}>
          <Table
            caption={say({ it: 'Persone', en: 'People' })}
            rows={rows}
            keyOf={({ userId }) => userId}
            columns={columnsOf(siteId)}
          />
        </div>
      )}
      {first && rows.length === 0 && !pages.isLoading && pages.error === undefined && (
        <Empty isSearch={query !== '' || state !== undefined} />
      )}
      <More pages={pages} />
      <p class="muted small">
        {say({
          it: 'Le persone compaiono qui da sole quando collegano Telegram dal vostro sito. Per portare qui in una volta sola chi lo usa già con lo stesso bot, chiedere a chi gestisce il sito: lo fa con l’importazione.',
          en: 'People appear here by themselves when they link Telegram from your site. To bring those who use the same bot already here all at once, ask whoever runs the site: the import does it.',
        })}
      </p>
      {isInviting && <Invite siteId={siteId} onClose={() => setIsInviting(false)} />}
    </div>
  );
}

function columnsOf(siteId: string) {
  return [
    {
      name: say({ it: 'Persona', en: 'Person' }),
      cell: ({ userId, ...names }: ListedPerson) => (
        <>
          <a href={linkTo(siteId, ['people', userId])} dir="auto">
            {nameOf(names) === undefined ? userId : <PersonName {...names} />}
          </a>
          {nameOf(names) !== undefined && (
            <span class="muted small block">
              <bdi>{userId}</bdi>
            </span>
          )}
        </>
      ),
    },
    {
      name: say({ it: 'Stato', en: 'State' }),
      cell: ({ state }: ListedPerson) => <StateTag state={state} />,
    },
    {
      name: say({ it: 'Dal', en: 'Since' }),
      cell: ({ since }: ListedPerson) => <span class="nowrap">{since ? date(since) : '–'}</span>,
    },
    {
      name: say({ it: 'Lingua', en: 'Language' }),
      cell: ({ language }: ListedPerson) => (language ? languageWords(language) : '–'),
    },
    {
      name: say({ it: 'Chat collegate', en: 'Linked chats' }),
      cell: ({ chats }: ListedPerson) => number(chats),
    },
  ];
}

interface StateFilterProps {
  counts: People['counts'] | undefined;
  state: PersonState | undefined;
  linkOf: (state: string) => string;
}

function StateFilter({ counts, state, linkOf }: StateFilterProps) {
  const all = counts && Object.values(counts).reduce((sum, value) => sum + value, 0);
  const choices = [
    { name: '', words: { it: 'Tutte', en: 'All' }, value: all },
    ...STATE_NAMES.map((name) => ({ name, words: STATES[name].many, value: counts?.[name] })),
  ];
  return (
    <nav aria-label={say({ it: 'Stato delle persone', en: 'State of the people' })}>
      <ul class="chips">
        {choices.map(({ name, words, value }) => (
          <li key={name}>
            <a
              class="chip"
              href={linkOf(name)}
              aria-current={name === (state ?? '') ? 'true' : undefined}
              onClick={(event) => {
                // The list stays in its place: no new entry in the history for every look at it.
                event.preventDefault();
                goTo(linkOf(name), { replace: true });
              }}
            >
              {say(words)} {value !== undefined && <strong>{number(value)}</strong>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function foundWords(found: number, hasMore: boolean): string {
  if (found === 0) return say({ it: 'Nessuna persona trovata.', en: 'Nobody was found.' });
  const shown = number(found);
  return hasMore
    ? say({
        it: `Mostrate ${shown} persone; ce ne sono altre.`,
        en: `${shown} people are shown; there are more.`,
      })
    : say({ it: `Persone mostrate: ${shown}.`, en: `People shown: ${shown}.` });
}

function Empty({ isSearch }: { isSearch: boolean }) {
  return (
    <div class="empty">
      <p>
        {isSearch
          ? say({
              it: 'Nessuno corrisponde a questa ricerca. Bastano le prime lettere di un nome, di un’azienda o di un codice.',
              en: 'Nobody matches this search. The first letters of a name, a company or a code are enough.',
            })
          : say({
              it: 'Qui non c’è ancora nessuno. Le persone si collegano dalla loro area riservata, oppure con un link che preparate voi: “Collega una persona”.',
              en: 'Nobody is here yet. People link Telegram in their reserved area, or with a link that you make: “Link a person”.',
            })}
      </p>
    </div>
  );
}

/** The API takes no longer one. */
const MAX_CODE_LENGTH = 128;

const NO_CODE: Sentence = { it: 'Scrivere il codice.', en: 'Type the code.' };
const LONG_CODE: Sentence = {
  it: `Nessun codice ha più di ${MAX_CODE_LENGTH} caratteri: copiarlo di nuovo.`,
  en: `No code has more than ${MAX_CODE_LENGTH} characters: copy it again.`,
};

/** For somebody who is not in the list yet. */
function Invite({ siteId, onClose }: { siteId: string; onClose: () => void }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<Sentence>();
  return (
    <Dialog title={say({ it: 'Collega una persona', en: 'Link a person' })} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() === '') return setWrong(NO_CODE);
          if (code.trim().length > MAX_CODE_LENGTH) return setWrong(LONG_CODE);
          onClose();
          goTo(linkTo(siteId, ['people', code.trim()]));
        }}
      >
        <TextField
          label={say({ it: 'Codice della persona in Passweb', en: 'The person’s code in Passweb' })}
          hint={say({
            it: 'Si trova nella scheda dell’utente del sito. Alla pagina seguente si prepara il link con il codice QR.',
            en: 'It stands in the record of the site’s user. On the next page the link with its QR code is made.',
          })}
          value={code}
          onInput={(value) => {
            setCode(value);
            setWrong(undefined);
          }}
          error={wrong && say(wrong)}
        />
        <div class="buttons">
          <Button type="submit" kind="primary">
            {say({ it: 'Continua', en: 'Continue' })}
          </Button>
          <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
        </div>
      </form>
    </Dialog>
  );
}
