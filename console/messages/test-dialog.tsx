/** Sends the message as it is written now, saved or not, to one person who has linked Telegram. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ListedPerson, Site } from '../../clients/typescript/client.ts';
import { Problem } from '../api/request.ts';
import { language, say } from '../i18n/language.ts';
import { linkTo } from '../router.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { wordsOf } from '../ui/failure.tsx';
import { Choice, TextField } from '../ui/field.tsx';
import { findLinked, readDelivery, sendTest } from './api.ts';
import { bodyOf, type Draft } from './draft.ts';
import { SAMPLES, type SampleName } from './samples.ts';
import { languageName } from './words.ts';

interface TestDialogProps {
  site: Site;
  siteId: string;
  draft: Draft;
  tag: string;
  sample: SampleName;
  onClose: () => void;
}

type Outcome = { kind: 'good' | 'warning' | 'bad'; words: string };

/** After so many milliseconds without a key people are searched. */
const PAUSE_IN_TYPING = 250;
/** How often, and how many times, the log is asked what became of the test. */
const LOOK_EVERY = 700;
const LOOKS = 30;

export function TestDialog({ site, siteId, draft, tag, sample, onClose }: TestDialogProps) {
  const [query, setQuery] = useState('');
  const [people, setPeople] = useState<ListedPerson[]>();
  const [chosen, setChosen] = useState<ListedPerson>();
  const [wanted, setWanted] = useState(tag);
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const isOpen = useRef(true);
  const name = useId();

  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  useEffect(() => {
    const abort = new AbortController();
    const search = () =>
      findLinked(siteId, query.trim(), abort.signal).then(
        ({ users }) => {
          setPeople(users);
          setChosen((before) => users.find(({ userId }) => userId === before?.userId));
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setOutcome({ kind: 'bad', words: wordsOf(error) });
        },
      );
    const timer = setTimeout(search, people ? PAUSE_IN_TYPING : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [siteId, query]);

  const send = async () => {
    if (!chosen) {
      setOutcome({
        kind: 'bad',
        words: say({ it: 'Scegliere prima una persona.', en: 'Choose a person first.' }),
      });
      return;
    }
    setIsBusy(true);
    setOutcome(undefined);
    let found: Outcome;
    try {
      const values = SAMPLES.find((each) => each.name === sample)?.values(wanted) ?? {};
      // The names in a test are those of the person who gets it.
      const { nome: _, cognome: _last, nominativo: _both, ...others } = values;
      const { name: _name, ...body } = bodyOf(draft);
      const sent = await sendTest(siteId, {
        ...body,
        values: others,
        userId: chosen.userId,
        language: wanted,
      });
      found = await outcomeOf(siteId, sent.deliveryId, isOpen);
    } catch (error) {
      found = { kind: 'bad', words: refusal(error) };
    }
    if (!isOpen.current) return;
    setIsBusy(false);
    setOutcome(found);
  };

  const isEmpty = people?.length === 0;
  return (
    <Dialog title={say({ it: 'Invia una prova', en: 'Send a test' })} onClose={onClose}>
      <p>
        {say({
          it: 'Il messaggio arriva subito in Telegram, com’è scritto adesso e con dati di esempio. In cima c’è scritto che è una prova.',
          en: 'The message arrives in Telegram at once, as it is written now and with sample data. Its first line says that it is a test.',
        })}
      </p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void send();
        }}
      >
        <TextField
          label={say({ it: 'Cerca una persona collegata', en: 'Find a person who is linked' })}
          hint={say({ it: 'Nome, azienda o codice.', en: 'Name, company or code.' })}
          value={query}
          onInput={setQuery}
        />
        <fieldset class="people">
          <legend class="visually-hidden">{say({ it: 'A chi', en: 'To whom' })}</legend>
          {people?.map((person) => (
            <label key={person.userId} class="person">
              <input
                type="radio"
                name={name}
                checked={chosen?.userId === person.userId}
                onChange={() => {
                  setChosen(person);
                  const own = person.language?.split('-')[0];
                  if (own !== undefined && draft.text[own]) setWanted(own);
                }}
              />
              <span>
                <bdi>{nameOf(person)}</bdi> <bdi class="muted">{person.userId}</bdi>
              </span>
            </label>
          ))}
          {isEmpty && (
            <p class="muted">
              {query.trim() === '' ? (
                <>
                  {say({
                    it: 'Nessuno ha ancora collegato Telegram.',
                    en: 'Nobody has linked Telegram yet.',
                  })}{' '}
                  <a href={linkTo(siteId, ['people'])}>
                    {say({ it: 'Collegate la prima persona', en: 'Link the first person' })}
                  </a>
                </>
              ) : (
                say({
                  it: 'Nessuna persona collegata con questo nome.',
                  en: 'No linked person of this name.',
                })
              )}
            </p>
          )}
        </fieldset>
        <Choice
          label={say({ it: 'In quale lingua', en: 'In which language' })}
          value={wanted}
          options={languagesOf(draft, site).map((each) => ({ value: each, label: languageName(each) }))}
          onChange={setWanted}
        />
        <div role="status" class="test-outcome">
          {isBusy && <p class="waiting">{say({ it: 'Invio in corso …', en: 'It is being sent …' })}</p>}
          {outcome && (
            <Banner kind={outcome.kind}>
              <p dir="auto">{outcome.words}</p>
            </Banner>
          )}
        </div>
        <div class="buttons">
          <Button kind="primary" type="submit" isBusy={isBusy}>
            {say({ it: 'Invia la prova', en: 'Send the test' })}
          </Button>
          <Button onClick={onClose}>{say({ it: 'Chiudi', en: 'Close' })}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function languagesOf({ text }: Draft, { languages }: Site): string[] {
  return [...new Set([...languages, ...Object.keys(text)])];
}

function nameOf({ firstName, lastName, companyName, userId }: ListedPerson): string {
  return [firstName, lastName].filter(Boolean).join(' ') || companyName || userId;
}

/** What the API says is wrong: in the places, where it names some. */
function refusal(error: unknown): string {
  if (!(error instanceof Problem) || error.errors.length === 0) return wordsOf(error);
  return error.errors.map(({ detail }) => detail).join(' ');
}

async function outcomeOf(
  siteId: string,
  deliveryId: string,
  isOpen: { current: boolean | null },
): Promise<Outcome> {
  for (let look = 0; look < LOOKS && isOpen.current; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    const delivery = await readDelivery(siteId, deliveryId).catch((error: unknown) => {
      // Its line is written when it was tried.
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
    const words = delivery?.message[language.value] ?? '';
    if (delivery?.status === 'sent') return { kind: 'good', words };
    if (delivery?.status === 'failed' || delivery?.status === 'skipped') return { kind: 'bad', words };
    if (delivery && look === LOOKS - 1) return { kind: 'warning', words };
  }
  return {
    kind: 'warning',
    words: say({
      it: 'La prova è in viaggio, ma non è ancora arrivata. Il registro dirà che cosa ne è stato.',
      en: 'The test is on its way, but has not arrived yet. The log will say what became of it.',
    }),
  };
}
