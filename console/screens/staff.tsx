/** Who works in the shop: chosen among its people, with what each is told and how it stands with their link. */
import { useEffect, useState } from 'preact/hooks';
import type { ListedPerson, People, Site } from '../../clients/typescript/client.ts';
import { STAFF_NOTICES } from '../../lib/domain/staff.ts';
import { siteRequest } from '../api/site.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { settingWords } from '../i18n/setting-words.ts';
import { nameOf } from '../i18n/words.ts';
import { linkTo } from '../router.ts';
import { Button } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { PersonName } from '../ui/person-name.tsx';
import { StateTag } from '../ui/person-state.tsx';

type Member = NonNullable<Site['staff']>[number];
type Notice = Member['notices'][number];

const NOTICES: Record<Notice, Sentence> = {
  'new-order': { it: 'Nuovi ordini', en: 'New orders' },
  failures: {
    it: 'Messaggi non riusciti (al massimo un avviso ogni ora)',
    en: 'Messages that failed (one notice an hour at the most)',
  },
  'bot-refused': {
    it: 'Bot rifiutato da Telegram (avviso quando funziona di nuovo)',
    en: 'Bot refused by Telegram (told when it works again)',
  },
  'module-off': { it: 'Messaggi spenti', en: 'Messages switched off' },
};

/** So many people may be chosen. */
const MOST = 20;
/** How many are shown of those who are found. */
const MOST_FOUND = 5;
/** So long after the last key the search begins, in milliseconds. */
const TYPING = 250;

interface StaffProps {
  siteId: string;
  value: Member[];
  onChange: (value: Member[]) => void;
  error: string | undefined;
}

export function Staff({ siteId, value, onChange, error }: StaffProps) {
  const [added, setAdded] = useState<ListedPerson[]>([]);
  const ids = value.map(({ userId }) => userId);
  const { value: known } = useLoaded((signal) => findAll(siteId, ids, signal), [siteId, ids.join('\n')]);
  const personOf = (userId: string) =>
    [...(known ?? []), ...added].find((person) => person.userId === userId);
  const change = (member: Member) =>
    onChange(value.map((each) => (each.userId === member.userId ? member : each)));
  return (
    <section class="card">
      <h2>{settingWords('staff')}</h2>
      <p class="muted small">
        {say({
          it: 'Ricevono su Telegram gli avvisi scelti qui. Si collegano come tutte le altre persone, e possono fermare gli avvisi nel bot.',
          en: 'They get the notices that are chosen here, on Telegram. They link it as all other people do, and can stop the notices in the bot.',
        })}
      </p>
      {value.map((member) => (
        <MemberFields
          key={member.userId}
          siteId={siteId}
          member={member}
          person={personOf(member.userId)}
          isRead={known !== undefined}
          onChange={change}
          onRemove={() => onChange(value.filter(({ userId }) => userId !== member.userId))}
        />
      ))}
      {value.length < MOST && (
        <AddMember
          siteId={siteId}
          without={ids}
          onAdd={(person) => {
            setAdded([...added, person]);
            onChange([...value, { userId: person.userId, notices: ['new-order'] }]);
          }}
        />
      )}
      {error && (
        <p class="error" dir="auto">
          {error}
        </p>
      )}
    </section>
  );
}

interface MemberFieldsProps {
  siteId: string;
  member: Member;
  person: ListedPerson | undefined;
  isRead: boolean;
  onChange: (member: Member) => void;
  onRemove: () => void;
}

function MemberFields({ siteId, member, person, isRead, onChange, onRemove }: MemberFieldsProps) {
  const { userId, notices } = member;
  const name = (person && nameOf(person)) ?? userId;
  const choose = (notice: Notice, isOn: boolean) =>
    onChange({
      ...member,
      notices: STAFF_NOTICES.filter((each) => (each === notice ? isOn : notices.includes(each))),
    });
  return (
    <fieldset class="field-group">
      <legend>
        <a href={linkTo(siteId, ['people', userId])} dir="auto">
          {person && nameOf(person) !== undefined ? <PersonName {...person} /> : userId}
        </a>{' '}
        {person && <StateTag state={person.state} />}
        {!person && isRead && <span class="tag">{say({ it: 'Non ancora nota', en: 'Not known yet' })}</span>}
      </legend>
      {person && person.state !== 'linked' && (
        <p class="muted small">
          {say({
            it: 'Non riceve ancora nulla: il link e il codice QR per collegarsi sono nella sua pagina.',
            en: 'Gets nothing yet: the link and the QR code to link Telegram are on their page.',
          })}
        </p>
      )}
      {STAFF_NOTICES.map((notice) => (
        <Check
          key={notice}
          label={say(NOTICES[notice])}
          checked={notices.includes(notice)}
          onChange={(isOn) => choose(notice, isOn)}
        />
      ))}
      <Button onClick={onRemove}>{say({ it: `Togli ${name}`, en: `Remove ${name}` })}</Button>
    </fieldset>
  );
}

interface AddMemberProps {
  siteId: string;
  without: string[];
  onAdd: (person: ListedPerson) => void;
}

function AddMember({ siteId, without, onAdd }: AddMemberProps) {
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), TYPING);
    return () => clearTimeout(timer);
  }, [text]);
  const { value: found } = useLoaded(
    async (signal) => (query === '' ? [] : find(siteId, query, signal)),
    [siteId, query],
  );
  const shown = query === '' ? [] : (found ?? []).filter(({ userId }) => !without.includes(userId));
  return (
    <>
      <TextField
        type="search"
        label={say({ it: 'Aggiungi una persona', en: 'Add a person' })}
        hint={say({
          it: 'Cercarla per nome, azienda o codice. Chi manca nell’elenco si collega dalla pagina Persone.',
          en: 'Search by name, company or code. Who is not in the list links Telegram from the page of the people.',
        })}
        value={text}
        onInput={setText}
      />
      <div role="status">
        {query !== '' && found && shown.length === 0 && (
          <p class="muted small">{say({ it: 'Nessuna persona trovata.', en: 'Nobody was found.' })}</p>
        )}
      </div>
      {shown.length > 0 && (
        <ul class="plain-list stack">
          {shown.slice(0, MOST_FOUND).map((person) => (
            <li key={person.userId}>
              <Button
                onClick={() => {
                  setText('');
                  setQuery('');
                  onAdd(person);
                }}
              >
                {say({ it: 'Aggiungi', en: 'Add' })} {nameOf(person) ?? person.userId}
                {nameOf(person) !== undefined && ` (${person.userId})`}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

async function find(siteId: string, query: string, signal: AbortSignal): Promise<ListedPerson[]> {
  const search = new URLSearchParams({ query, limit: '20' });
  return (await siteRequest<People>(siteId, 'GET', `/users?${search}`, { signal })).value.users;
}

/** Those whom the list of people has, one by one: it finds them by their codes. */
async function findAll(siteId: string, ids: string[], signal: AbortSignal): Promise<ListedPerson[]> {
  const found = await Promise.all(ids.map((id) => find(siteId, id, signal)));
  return found.flat().filter(({ userId }) => ids.includes(userId));
}
