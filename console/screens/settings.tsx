/** The settings of the shop. What is typed stays until it is saved or given up, whatever happens in between. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SettingsPatch, Site } from '../../clients/typescript/client.ts';
import { type Answer, Problem } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Changed as ChangedFields, conflictsOf, withChange } from '../changed-fields.ts';
import { findDrafts, keepDraft, readDraft } from '../drafts.ts';
import { language, say } from '../i18n/language.ts';
import { settingWords, valueWords } from '../i18n/setting-words.ts';
import { timeZone } from '../i18n/time.ts';
import { languageWords } from '../i18n/words.ts';
import { linkTo, place } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Changes } from '../ui/changes.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Conflict } from '../ui/conflict.tsx';
import { Failure } from '../ui/failure.tsx';
import { Check, Choice, Field, TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import type { SiteScreenProps } from './props.ts';
import { Staff } from './staff.tsx';

export default function SettingsScreen({ siteId, reloadSite }: SiteScreenProps) {
  const [, part] = place.value.path;
  return part === 'changes' ? (
    <ChangesPage siteId={siteId} />
  ) : (
    <SettingsPage key={siteId} siteId={siteId} reloadSite={reloadSite} />
  );
}

function ChangesPage({ siteId }: { siteId: string }) {
  return (
    <div class="stack">
      <a class="back" href={linkTo(siteId, ['settings'])}>
        {say({ it: '← Impostazioni', en: '← Settings' })}
      </a>
      <h1>{say({ it: 'Chi ha cambiato che cosa', en: 'Who changed what' })}</h1>
      <p class="muted">
        {say({
          it: 'Ogni modifica delle impostazioni, dei messaggi e del bot, per un anno.',
          en: 'Each change of settings, messages and bot, for a year.',
        })}
      </p>
      <Changes siteId={siteId} />
    </div>
  );
}

/** The settings as they are typed. */
interface Fields {
  abandonedCartHours: string;
  /** As typed; an empty one is none. */
  cartSeries: { steps: { afterHours: string }[] };
  /** One in each line. */
  telegramGroups: string;
  timeZone: string;
  /** With hours also where there are none: they come back where they are switched on again. */
  quietHours: { from: string; to: string; mode: 'silent' | 'after' | 'off' };
  languages: string[];
  defaultLanguage: string;
  tone: Site['tone'];
  merchantContact: string;
  privacyUrl: string;
  docuvision: boolean;
  staff: NonNullable<Site['staff']>;
  countClicks: boolean;
  orderButton: Record<string, string>;
  cartButton: Record<string, string>;
}
type Name = keyof Fields;

function fieldsOf(site: Site): Fields {
  const { timeZone: zone, languages, defaultLanguage, tone, docuvision } = site;
  const later = site.cartSeries?.steps ?? [];
  return {
    abandonedCartHours: typedHours(site.abandonedCartHours),
    cartSeries: { steps: later.map(({ afterHours }) => ({ afterHours: typedHours(afterHours) })) },
    telegramGroups: site.telegramGroups.join('\n'),
    quietHours: site.quietHours ?? NO_QUIET_HOURS,
    ...{ timeZone: zone, languages, defaultLanguage, tone, docuvision },
    merchantContact: site.merchantContact ?? '',
    privacyUrl: site.privacyUrl ?? '',
    staff: site.staff ?? [],
    countClicks: site.countClicks ?? false,
    orderButton: site.orderButton ?? {},
    cartButton: site.cartButton ?? {},
  };
}

function typedHours(hours: number): string {
  const text = String(hours);
  return language.value === 'it' ? text.replace('.', ',') : text;
}

const NO_QUIET_HOURS: Fields['quietHours'] = { from: '22:00', to: '08:00', mode: 'off' };

type Changed = ChangedFields<Fields>;

/** `null` takes a text away. */
function patchOf(changed: Changed): SettingsPatch {
  const mine = Object.fromEntries(
    Object.entries(changed).map(([name, { mine: value }]) => [name, value]),
  ) as Partial<Fields>;
  const {
    abandonedCartHours,
    cartSeries,
    telegramGroups,
    quietHours,
    staff,
    merchantContact,
    privacyUrl,
    orderButton,
    cartButton,
    ...others
  } = mine;
  return {
    ...others,
    ...(abandonedCartHours !== undefined && { abandonedCartHours: hoursOf(abandonedCartHours) }),
    ...(cartSeries !== undefined && { cartSeries: seriesOf(cartSeries) }),
    ...(telegramGroups !== undefined && { telegramGroups: linesOf(telegramGroups) }),
    ...(quietHours !== undefined && { quietHours: quietHoursOf(quietHours) }),
    // Who is told nothing is none of them.
    ...(staff !== undefined && { staff: staff.filter(({ notices }) => notices.length > 0) }),
    ...(merchantContact !== undefined && { merchantContact: merchantContact.trim() || null }),
    ...(privacyUrl !== undefined && { privacyUrl: privacyUrl.trim() || null }),
    ...(orderButton !== undefined && { orderButton: writtenTexts(orderButton) }),
    ...(cartButton !== undefined && { cartButton: writtenTexts(cartButton) }),
  };
}

function seriesOf({ steps }: Fields['cartSeries']): SettingsPatch['cartSeries'] {
  const hours = steps.map(({ afterHours }) => ({ afterHours: hoursOf(afterHours) }));
  return hours.length > 0 ? { steps: hours } : null;
}

function quietHoursOf({ from, to, mode }: Fields['quietHours']): SettingsPatch['quietHours'] {
  return mode === 'off' ? null : { from, to, mode };
}

function hoursOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function writtenTexts(texts: Record<string, string>): Record<string, string> | null {
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  return written.length > 0 ? Object.fromEntries(written) : null;
}

interface SettingsPageProps {
  siteId: string;
  reloadSite: () => void;
}

function SettingsPage({ siteId, reloadSite }: SettingsPageProps) {
  const loaded = useLoaded<Answer<Site>>(
    async (signal) => {
      await findDrafts(siteId, DRAFT);
      return siteRequest<Site>(siteId, 'GET', '', { signal });
    },
    [siteId],
  );
  const { value, error, reload, replace } = loaded;
  return (
    <div class="stack narrow">
      <header class="screen-head">
        <h1>{say({ it: 'Impostazioni', en: 'Settings' })}</h1>
        <a href={linkTo(siteId, ['settings', 'changes'])}>
          {say({ it: 'Chi ha cambiato che cosa', en: 'Who changed what' })}
        </a>
      </header>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!value && error === undefined && <Waiting />}
      {value && (
        <>
          <Shop
            site={value.value}
            onChange={(answer) => {
              replace(answer);
              reloadSite();
            }}
          />
          <SettingsForm
            siteId={siteId}
            answer={value}
            onRead={replace}
            onSaved={(answer) => {
              replace(answer);
              timeZone.value = answer.value.timeZone;
              reloadSite();
            }}
          />
        </>
      )}
    </div>
  );
}

/** What the platform has set, and the switch that takes effect at once. */
function Shop({ site, onChange }: { site: Site; onChange: (answer: Answer<Site>) => void }) {
  const { siteId, name, url, active, moduleActive } = site;
  const [isAsking, setIsAsking] = useState(false);
  const { error, run } = useAction();
  const { announce } = useScreen();
  const change = async (to: boolean) => {
    onChange(await siteRequest<Site>(siteId, 'PATCH', '', { body: { active: to } }));
    announce(
      to
        ? say({ it: 'I messaggi partono di nuovo.', en: 'Messages go out again.' })
        : say({ it: 'I messaggi sono spenti.', en: 'Messages are switched off.' }),
    );
  };
  return (
    <section class="card">
      <h2>{say({ it: 'Negozio', en: 'Shop' })}</h2>
      <dl class="facts">
        <div>
          <dt>{settingWords('name')}</dt>
          <dd dir="auto">{name}</dd>
        </div>
        <div>
          <dt>{settingWords('url')}</dt>
          <dd>{url}</dd>
        </div>
        <div>
          <dt>{settingWords('moduleActive')}</dt>
          <dd>
            {moduleActive ? say({ it: 'attivo', en: 'active' }) : say({ it: 'non attivo', en: 'not active' })}
          </dd>
        </div>
      </dl>
      <p class="muted small">
        {say({
          it: 'Nome, indirizzo e modulo si cambiano da Passweb.',
          en: 'Name, address and module are changed in Passweb.',
        })}
      </p>
      <Check
        isSwitch
        label={say({ it: 'Inviare i messaggi su Telegram', en: 'Send messages on Telegram' })}
        checked={active}
        onChange={(to) => {
          if (to) void run(() => change(true));
          else setIsAsking(true);
        }}
      />
      {!moduleActive && (
        <Banner kind="warning">
          <p>
            {say({
              it: 'Il modulo Telegram non è attivo: finché non lo è, non parte nulla.',
              en: 'The Telegram module is not active: until it is, nothing goes out.',
            })}
          </p>
        </Banner>
      )}
      {error !== undefined && <Failure error={error} />}
      {isAsking && (
        <Confirm
          title={say({ it: 'Spegnere i messaggi?', en: 'Switch messages off?' })}
          action={say({ it: 'Spegni', en: 'Switch off' })}
          onConfirm={() => change(false)}
          onClose={() => setIsAsking(false)}
        >
          <p>
            {say({
              it: 'Non parte più nulla, nemmeno ciò che è in attesa: quegli avvisi si perdono. Persone, messaggi e impostazioni restano.',
              en: 'Nothing goes out any more, not even what waits: those notices are lost. People, messages and settings stay.',
            })}
          </p>
        </Confirm>
      )}
    </section>
  );
}

interface SettingsFormProps {
  siteId: string;
  answer: Answer<Site>;
  onRead: (answer: Answer<Site>) => void;
  onSaved: (answer: Answer<Site>) => void;
}

/** Found here, and not by the API. */
const CONFLICT = new Error('Somebody else has changed the same.');
const NO_HOURS = new Error('The hours are no number.');

/** Where nothing is said beside a field. */
const UNSHOWN = [
  '',
  '/docuvision',
  '/countClicks',
  '/orderButton',
  '/cartButton',
  '/quietHours',
  '/cartSeries',
];

/** Under which name the draft is kept. */
const DRAFT = 'settings';

function SettingsForm({ siteId, answer, onRead, onSaved }: SettingsFormProps) {
  const now = fieldsOf(answer.value);
  // It is what this screen has kept, or nothing: `readDraft` says so.
  const [changed, setChanged] = useState(() => (readDraft(siteId, DRAFT) ?? {}) as Changed);
  const { isBusy, error, run, fail } = useAction();
  const { announce } = useScreen();
  const form = useRef<HTMLFormElement>(null);
  const isChanged = Object.keys(changed).length > 0;
  const conflicts = conflictsOf(changed, now);

  useEffect(() => keepDraft(siteId, DRAFT, isChanged ? changed : undefined), [changed]);
  useEffect(() => {
    if (error !== undefined)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true], .conflict')?.focus();
  }, [error]);

  const shown = <Each extends Name>(name: Each): Fields[Each] => {
    const change = changed[name];
    return change ? change.mine : now[name];
  };
  const set = <Each extends Name>(name: Each, mine: Fields[Each]) =>
    setChanged((before) => withChange(before, now, { name, mine }));
  const giveUp = (name: Name) => setChanged(({ [name]: _, ...others }) => others as Changed);

  const errorOf = (pointer: string) =>
    error instanceof Problem && error.status !== 412
      ? error.errors.find((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`))
          ?.detail
      : undefined;
  const hoursError =
    changed.abandonedCartHours && error === NO_HOURS
      ? say({ it: 'Scrivere un numero di ore, per esempio 1,5.', en: 'Type a number of hours, such as 1.5.' })
      : errorOf('/abandonedCartHours');
  const hoursErrorOf = (index: number) => {
    const typed = changed.cartSeries?.mine.steps[index]?.afterHours;
    return typed !== undefined && error === NO_HOURS && Number.isNaN(hoursOf(typed))
      ? say({ it: 'Scrivere un numero di ore, per esempio 24.', en: 'Type a number of hours, such as 24.' })
      : errorOf(`/cartSeries/steps/${index}/afterHours`);
  };

  const save = async () => {
    const saved = await saveOnTop(siteId, changed, answer.etag);
    if ('meanwhile' in saved) {
      onRead(saved.meanwhile);
      throw CONFLICT;
    }
    setChanged({});
    onSaved(saved);
    announce(say({ it: 'Impostazioni salvate.', en: 'Settings saved.' }));
  };
  const submit = () => {
    if (conflicts.length > 0) fail(CONFLICT);
    else if (changed.abandonedCartHours && Number.isNaN(hoursOf(changed.abandonedCartHours.mine)))
      fail(NO_HOURS);
    else if (changed.cartSeries?.mine.steps.some(({ afterHours }) => Number.isNaN(hoursOf(afterHours))))
      fail(NO_HOURS);
    else void run(save);
  };

  const conflictOf = (name: Name) =>
    conflicts.includes(name) && (
      <Conflict
        label={settingWords(name)}
        mine={valueWords(name, shown(name))}
        theirs={valueWords(name, now[name])}
        onMine={() => setChanged({ ...changed, [name]: { base: now[name], mine: shown(name) } })}
        onTheirs={() => giveUp(name)}
      />
    );
  const tags = shown('languages');

  return (
    <form
      ref={form}
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <section class="card">
        <h2>{say({ it: 'Chi siete', en: 'Who you are' })}</h2>
        <TextField
          label={settingWords('merchantContact')}
          hint={say({
            it: 'Il bot lo indica a chi gli scrive: un nome di Telegram come @negozio, un telefono o un’e-mail.',
            en: 'The bot gives it to those who write to it: a Telegram name such as @shop, a phone number or an e-mail address.',
          })}
          value={shown('merchantContact')}
          onInput={(value) => set('merchantContact', value)}
          error={errorOf('/merchantContact')}
        />
        {conflictOf('merchantContact')}
        <TextField
          label={settingWords('privacyUrl')}
          hint={say({
            it: 'L’indirizzo della vostra informativa, che comincia con https://. Il bot la mostra a chi si collega.',
            en: 'The address of your privacy notice, which begins with https://. The bot shows it to those who link.',
          })}
          value={shown('privacyUrl')}
          onInput={(value) => set('privacyUrl', value)}
          error={errorOf('/privacyUrl')}
        />
        {conflictOf('privacyUrl')}
        <Choice
          label={settingWords('tone')}
          hint={say({
            it: 'Vale per il bot e per i messaggi predefiniti in italiano che non avete modificato.',
            en: 'For the bot, and for the default messages in Italian that you have not changed.',
          })}
          value={shown('tone')}
          options={[
            {
              value: 'tu',
              label: say({ it: 'Dare del tu (“il tuo ordine”)', en: 'Informal: “tu”' }),
            },
            {
              value: 'lei',
              label: say({ it: 'Dare del lei (“il suo ordine”)', en: 'Formal: “lei”' }),
            },
          ]}
          onChange={(value) => set('tone', value)}
          error={errorOf('/tone')}
        />
        {conflictOf('tone')}
      </section>

      <section class="card">
        <h2>{say({ it: 'Lingue e orari', en: 'Languages and times' })}</h2>
        <Languages
          tags={tags}
          defaultTag={shown('defaultLanguage')}
          onChange={(value) => set('languages', value)}
          error={errorOf('/languages')}
        />
        {conflictOf('languages')}
        <Choice
          label={settingWords('defaultLanguage')}
          hint={say({
            it: 'Per le persone di cui non si conosce la lingua.',
            en: 'For people of whom no language is known.',
          })}
          value={shown('defaultLanguage')}
          options={[...new Set([...tags, shown('defaultLanguage')])].map((tag) => ({
            value: tag,
            label: languageWords(tag),
          }))}
          onChange={(value) => set('defaultLanguage', value)}
          error={errorOf('/defaultLanguage')}
        />
        {conflictOf('defaultLanguage')}
        <TimeZone
          value={shown('timeZone')}
          onInput={(value) => set('timeZone', value)}
          error={errorOf('/timeZone')}
        />
        {conflictOf('timeZone')}
        <QuietHours
          value={shown('quietHours')}
          onChange={(value) => set('quietHours', value)}
          errorOf={errorOf}
        />
        {conflictOf('quietHours')}
      </section>

      <section class="card">
        <h2>{say({ it: 'Che cosa si invia', en: 'What is sent' })}</h2>
        <TextField
          label={settingWords('abandonedCartHours')}
          hint={say({
            it: 'Dopo quante ore si avvisa chi ha lasciato un carrello: da 0 a 720, anche 1,5.',
            en: 'After how many hours the owner of a cart is told: 0 to 720, also 1.5.',
          })}
          value={shown('abandonedCartHours')}
          onInput={(value) => set('abandonedCartHours', value)}
          error={hoursError}
        />
        {conflictOf('abandonedCartHours')}
        <Series
          value={shown('cartSeries')}
          onChange={(value) => set('cartSeries', value)}
          errorOf={hoursErrorOf}
        />
        {conflictOf('cartSeries')}
        <Field
          label={settingWords('telegramGroups')}
          hint={say({
            it: 'Uno per riga, come in Passweb. Solo chi è in questi gruppi può far partire avvisi; nessun gruppo: tutti.',
            en: 'One in each line, as in Passweb. Only those in these groups can have notices sent; no group: everybody.',
          })}
          error={errorOf('/telegramGroups')}
        >
          {(control) => (
            <textarea
              {...control}
              class="input"
              dir="auto"
              rows={4}
              value={shown('telegramGroups')}
              onInput={(event) => set('telegramGroups', event.currentTarget.value)}
            />
          )}
        </Field>
        {conflictOf('telegramGroups')}
        <Check
          label={say({
            it: 'Avvisare anche per i documenti caricati da Docuvision',
            en: 'Also tell of documents that Docuvision uploads',
          })}
          checked={shown('docuvision')}
          onChange={(value) => set('docuvision', value)}
        />
        {conflictOf('docuvision')}
        <Check
          label={say({
            it: 'Contare chi apre i link al negozio nei messaggi',
            en: 'Count who opens the links to the shop in messages',
          })}
          checked={shown('countClicks')}
          onChange={(value) => set('countClicks', value)}
        />
        <p class="muted small">
          {say({
            it: 'I link passano da un indirizzo di questo servizio, che li conta e porta subito al negozio. Il registro mostra quante volte sono stati aperti e quando; le statistiche, quanti messaggi sono stati aperti. Scriverlo nella vostra informativa sulla privacy.',
            en: 'The links lead through an address of this service, which counts them and leads on to the shop at once. The log shows how often they were opened and when; the figures, how many messages were opened. Say so in your privacy notice.',
          })}
        </p>
        {conflictOf('countClicks')}
      </section>

      <Staff
        siteId={siteId}
        value={shown('staff')}
        onChange={(value) => set('staff', value)}
        error={errorOf('/staff')}
      />
      {conflictOf('staff')}

      <section class="card">
        <h2>{say({ it: 'Pulsanti comuni', en: 'Shared buttons' })}</h2>
        <p class="muted">
          {say({
            it: 'Il testo del pulsante sotto i messaggi, al massimo 64 caratteri. Un messaggio può averne uno suo. Vuoto: il testo predefinito.',
            en: 'The text of the button below messages, 64 characters at most. A message may have one of its own. Empty: the default text.',
          })}
        </p>
        {(['orderButton', 'cartButton'] as const).map((name) => (
          <fieldset key={name} class="field-group">
            <legend>{settingWords(name)}</legend>
            {tags.map((tag) => (
              <TextField
                key={tag}
                label={languageWords(tag)}
                value={shown(name)[tag] ?? ''}
                onInput={(text) => set(name, { ...shown(name), [tag]: text })}
                error={errorOf(`/${name}/${tag}`)}
              />
            ))}
            {conflictOf(name)}
          </fieldset>
        ))}
      </section>

      {error === CONFLICT && (
        <Banner kind="warning" isAlert>
          <p>
            {say({
              it: 'Nel frattempo qualcun altro ha salvato. Scegliere quale testo tenere dove è segnato, poi salvare di nuovo.',
              en: 'Somebody else has saved meanwhile. Choose which text to keep where it is marked, then save again.',
            })}
          </p>
        </Banner>
      )}
      {error !== undefined && error !== CONFLICT && error !== NO_HOURS && (
        <Failure error={error} isSaidBeside={(pointer) => !UNSHOWN.includes(pointer)} />
      )}
      <div class="save-bar">
        <Button
          type="submit"
          kind="primary"
          isBusy={isBusy}
          busyWords={say({ it: 'Si salva…', en: 'Saving…' })}
        >
          {say({ it: 'Salva', en: 'Save' })}
        </Button>
        {isChanged && (
          <>
            <Button
              onClick={() => {
                setChanged({});
                fail(undefined);
                announce(say({ it: 'Modifiche annullate.', en: 'Changes given up.' }));
              }}
            >
              {say({ it: 'Annulla le modifiche', en: 'Give up the changes' })}
            </Button>
            <span class="muted">
              {say({ it: 'Ci sono modifiche non salvate.', en: 'There are unsaved changes.' })}
            </span>
          </>
        )}
      </div>
    </form>
  );
}

/**
 * Saves the changes. Where somebody else has saved meanwhile, but other fields, both are right: it is saved on top of
 * theirs. Otherwise the site as it is now is the result, and the person chooses.
 */
async function saveOnTop(
  siteId: string,
  changed: Changed,
  ifMatch: string | undefined,
): Promise<Answer<Site> | { meanwhile: Answer<Site> }> {
  const body = patchOf(changed);
  try {
    return await siteRequest<Site>(siteId, 'PATCH', '', { body, ifMatch });
  } catch (failure) {
    if (!(failure instanceof Problem && failure.status === 412)) throw failure;
  }
  const meanwhile = await siteRequest<Site>(siteId, 'GET');
  if (conflictsOf(changed, fieldsOf(meanwhile.value)).length > 0) return { meanwhile };
  return await siteRequest<Site>(siteId, 'PATCH', '', { body, ifMatch: meanwhile.etag });
}

/** Those that shops have; others can be set by whoever runs the site. */
const USUAL_LANGUAGES = [
  ...[
    'it',
    'en',
    'de',
    'fr',
    'es',
    'pt',
    'nl',
    'pl',
    'ro',
    'hu',
    'cs',
    'sk',
    'sl',
    'hr',
    'sr',
    'bs',
    'sq',
    'el',
  ],
  ...[
    'bg',
    'ru',
    'uk',
    'tr',
    'ar',
    'he',
    'zh',
    'ja',
    'ko',
    'hi',
    'da',
    'sv',
    'nb',
    'fi',
    'et',
    'lv',
    'lt',
    'ca',
  ],
  ...['mt', 'mk', 'vi', 'th'],
];

interface LanguagesProps {
  tags: readonly string[];
  /** It stays as long as it is the default: another one has to be chosen first. */
  defaultTag: string;
  onChange: (tags: string[]) => void;
  error: string | undefined;
}

function Languages({ tags, defaultTag, onChange, error }: LanguagesProps) {
  const others = USUAL_LANGUAGES.filter((tag) => !tags.includes(tag))
    .map((tag) => ({ value: tag, label: languageWords(tag) }))
    .toSorted((one, other) => one.label.localeCompare(other.label, language.value));
  return (
    <div class="stack">
      <div class="field">
        <strong id="languages">{settingWords('languages')}</strong>
        <ul class="chips" aria-labelledby="languages">
          {tags.map((tag) => (
            <li key={tag} class="chip">
              {languageWords(tag)}
              {tag === defaultTag && ` (${say({ it: 'predefinita', en: 'default' })})`}
              {tag !== defaultTag && (
                <button
                  type="button"
                  class="chip-remove"
                  aria-label={say({ it: `Togli ${languageWords(tag)}`, en: `Remove ${languageWords(tag)}` })}
                  onClick={() => onChange(tags.filter((each) => each !== tag))}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
      <Choice
        label={say({ it: 'Aggiungi una lingua', en: 'Add a language' })}
        hint={say({
          it: 'Poi ogni messaggio attende il suo testo in quella lingua; finché manca, si usa la predefinita.',
          en: 'Each message then waits for its text in that language; until it is there, the default one is used.',
        })}
        value=""
        options={[{ value: '', label: say({ it: 'Scegliere…', en: 'Choose…' }) }, ...others]}
        onChange={(tag) => {
          if (tag !== '') onChange([...tags, tag]);
        }}
        error={error}
      />
    </div>
  );
}

interface SeriesProps {
  value: Fields['cartSeries'];
  onChange: (value: Fields['cartSeries']) => void;
  /** @param index of the message after the first one. */
  errorOf: (index: number) => string | undefined;
}

/** What is suggested where a message is switched on. */
const USUAL_HOURS = ['24', '72'];

/** The messages about a cart after the first one. */
function Series({ value: { steps }, onChange, errorOf }: SeriesProps) {
  const at = (index: number, afterHours: string) => onChange({ steps: steps.with(index, { afterHours }) });
  return (
    <>
      <Choice
        label={settingWords('cartSeries')}
        hint={say({
          it: 'Sono pubblicità: li riceve solo chi ha dato il consenso a riceverla; il primo messaggio invece non ne ha bisogno. Si fermano quando il carrello diventa un ordine, e quelli già arrivati si ritirano dalla chat. Serve un messaggio per ognuno, nella pagina dei messaggi.',
          en: 'They are advertising: only people get them who have consented to that; the first message needs no consent. They end when the cart becomes an order, and those that have come are taken back from the chat. Each needs a message of its own, on the page of the messages.',
        })}
        value={String(steps.length)}
        options={[
          { value: '0', label: say({ it: 'Nessuno', en: 'None' }) },
          { value: '1', label: say({ it: 'Un secondo messaggio', en: 'A second message' }) },
          { value: '2', label: say({ it: 'Un secondo e un terzo', en: 'A second and a third' }) },
        ]}
        onChange={(count) =>
          onChange({
            steps: USUAL_HOURS.slice(0, Number(count)).map(
              (usual, index) => steps[index] ?? { afterHours: usual },
            ),
          })
        }
        error={undefined}
      />
      {steps.map(({ afterHours }, index) => (
        <TextField
          key={index}
          label={
            index === 0
              ? say({ it: 'Ore prima del secondo messaggio', en: 'Hours before the second message' })
              : say({ it: 'Ore prima del terzo messaggio', en: 'Hours before the third message' })
          }
          hint={say({
            it: 'Da quando il carrello è stato lasciato: più del messaggio precedente.',
            en: 'Since the cart was left: more than for the message before.',
          })}
          value={afterHours}
          onInput={(typed) => at(index, typed)}
          error={errorOf(index)}
        />
      ))}
    </>
  );
}

interface QuietHoursProps {
  value: Fields['quietHours'];
  onChange: (value: Fields['quietHours']) => void;
  errorOf: (pointer: string) => string | undefined;
}

function QuietHours({ value, onChange, errorOf }: QuietHoursProps) {
  const { mode } = value;
  return (
    <>
      <Choice
        label={settingWords('quietHours')}
        hint={say({
          it: 'Le ore in cui i telefoni non suonano, per esempio di notte. Ogni persona può scegliere le sue nel bot.',
          en: 'The hours in which phones do not ring, such as at night. Each person can choose their own in the bot.',
        })}
        value={mode}
        options={[
          { value: 'off', label: say({ it: 'Nessuna', en: 'None' }) },
          {
            value: 'silent',
            label: say({ it: 'Inviare senza suono', en: 'Send without a sound' }),
          },
          {
            value: 'after',
            label: say({ it: 'Inviare quando sono finite', en: 'Send when they are over' }),
          },
        ]}
        onChange={(to) => onChange({ ...value, mode: to })}
        error={mode === 'off' ? errorOf('/quietHours') : errorOf('/quietHours/mode')}
      />
      {mode !== 'off' && (
        <>
          <TextField
            type="time"
            label={say({ it: 'Dalle ore', en: 'From' })}
            value={value.from}
            onInput={(from) => onChange({ ...value, from })}
            error={errorOf('/quietHours/from')}
          />
          <TextField
            type="time"
            label={say({ it: 'Alle ore', en: 'To' })}
            hint={say({
              it: 'Vale l’ora della persona, se si conosce il suo fuso orario; altrimenti quella del negozio. Se è prima dell’ora d’inizio, è il giorno dopo.',
              en: 'By the clock of the person, where their time zone is known; otherwise by that of the shop. If it is before the first one, it is the next day.',
            })}
            value={value.to}
            onInput={(to) => onChange({ ...value, to })}
            error={errorOf('/quietHours/to')}
          />
          {mode === 'after' && (
            <p class="muted small">
              {say({
                it: 'Ciò che dopo non servirebbe più, come il promemoria di un impegno delle 8, parte subito senza suono.',
                en: 'What would be of no use afterwards, such as the reminder of an appointment at 8, goes out at once without a sound.',
              })}
            </p>
          )}
        </>
      )}
    </>
  );
}

interface TimeZoneProps {
  value: string;
  onInput: (value: string) => void;
  error: string | undefined;
}

function TimeZone({ value, onInput, error }: TimeZoneProps) {
  return (
    <Field
      label={settingWords('timeZone')}
      hint={say({
        it: 'È l’ora dei messaggi e del registro. Per l’Italia è Europe/Rome; altrove scrivere in inglese il nome di una grande città con la stessa ora, e sceglierla dall’elenco.',
        en: 'The time of messages and of the log. For Italy it is Europe/Rome; elsewhere type the name of a large city with the same time, and choose it from the list.',
      })}
      error={error}
    >
      {(control) => (
        <>
          <input
            {...control}
            class="input"
            list={`${control.id}-zones`}
            autocomplete="off"
            value={value}
            onInput={(event) => onInput(event.currentTarget.value.trim())}
          />
          <datalist id={`${control.id}-zones`}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <p class="muted small">{clockWords(value)}</p>
        </>
      )}
    </Field>
  );
}

function clockWords(zone: string): string {
  try {
    const time = new Date().toLocaleTimeString(language.value, { timeZone: zone, timeStyle: 'short' });
    return say({ it: `Adesso lì sono le ${time}.`, en: `It is ${time} there now.` });
  } catch {
    // While a name is typed: the line stays, and what is below it does not move.
    return '\u00a0';
  }
}
