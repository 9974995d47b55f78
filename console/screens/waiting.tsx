/** What is still to come: carts and reminders at their time, and messages that wait for their turn. */
import type { Scheduled, ScheduledPage } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { dayWords } from '../i18n/days.ts';
import { count, language, number, say } from '../i18n/language.ts';
import { laterStepWords } from '../i18n/later-steps.ts';
import { dateTime } from '../i18n/time.ts';
import { eventWords } from '../i18n/words.ts';
import { goTo, linkTo, place } from '../router.ts';
import { Choice } from '../ui/field.tsx';
import { Found, More, usePages } from '../ui/pages.tsx';
import { Table } from '../ui/table.tsx';
import type { SiteScreenProps } from './props.ts';

/** The events with a time of their own; any other one only waits for its turn. */
const EVENTS = ['abandoned-cart', 'activity-reminder'];

export default function WaitingScreen({ siteId }: SiteScreenProps) {
  const { query } = place.value;
  const event = query.get('event') ?? '';
  const userId = query.get('userId') ?? '';
  const pages = usePages(
    async (cursor, signal) => {
      const parameters = new URLSearchParams({
        ...(event && { event }),
        ...(userId && { userId }),
        ...(cursor && { cursor }),
      });
      const path = `/scheduled?${parameters}`;
      const { value } = await siteRequest<ScheduledPage>(siteId, 'GET', path, { signal });
      return { rows: value.scheduled, cursor: value.cursor };
    },
    [siteId, event, userId],
  );
  const rows = pages.rows.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));

  return (
    <div class="stack">
      <h1>{say({ it: 'In attesa', en: 'Waiting' })}</h1>
      <p class="muted">
        {say({
          it: 'Quello che deve ancora partire. Un carrello ordinato o un’attività annullata spariscono da qui da soli.',
          en: 'What is still to come. A cart that is ordered, or an activity that is cancelled, goes from here by itself.',
        })}
      </p>
      <div class="filters">
        <Choice
          label={say({ it: 'Avviso', en: 'Notice' })}
          value={event}
          options={[
            { value: '', label: say({ it: 'Tutti', en: 'All' }) },
            ...EVENTS.map((name) => ({ value: name, label: eventWords(name) })),
          ]}
          onChange={(chosen) =>
            goTo(linkTo(siteId, ['waiting'], { event: chosen, userId }), { replace: true })
          }
        />
        {userId !== '' && (
          <p class="filters-end">
            {say({ it: 'Solo per', en: 'Only for' })} <bdi>{userId}</bdi>
            {' · '}
            <a href={linkTo(siteId, ['waiting'], { event })}>
              {say({ it: 'mostra per tutti', en: 'show for everybody' })}
            </a>
          </p>
        )}
      </div>
      {rows.length > 0 && (
        <div class={pages.isOutdated ? 'outdated' : ''}>
          <Table
            caption={say({ it: 'In attesa', en: 'Waiting' })}
            rows={rows}
            keyOf={({ kind, id, userId: of, dueAt }) => `${kind} ${id} ${of} ${dueAt}`}
            columns={columnsOf(siteId)}
          />
        </div>
      )}
      {pages.first && rows.length === 0 && !pages.isLoading && pages.error === undefined && (
        <div class="empty">
          <p>
            {say({ it: 'Niente in attesa: è già partito tutto.', en: 'Nothing waits: all has gone out.' })}
          </p>
        </div>
      )}
      <Found
        pages={pages}
        words={say({ it: `Righe mostrate: ${rows.length}`, en: `Lines shown: ${rows.length}` })}
      />
      <More pages={pages} />
    </div>
  );
}

function columnsOf(siteId: string) {
  return [
    {
      name: say({ it: 'Quando', en: 'When' }),
      cell: ({ dueAt }: Scheduled) => <span class="nowrap">{dateTime(dueAt)}</span>,
    },
    {
      name: say({ it: 'Persona', en: 'Person' }),
      cell: ({ userId, userName }: Scheduled) => (
        <a href={linkTo(siteId, ['people', userId])} dir="auto">
          {userName ?? userId}
        </a>
      ),
    },
    {
      name: say({ it: 'Che cosa', en: 'What' }),
      cell: (entry: Scheduled) => (
        <>
          {eventWords(entry.event)}
          <span class="muted small block" dir="auto">
            {whatWords(entry)}
          </span>
        </>
      ),
    },
    {
      name: say({ it: 'Perché non è ancora partito', en: 'Why it has not gone out yet' }),
      cell: ({ message }: Scheduled) => message[language.value],
    },
  ];
}

function whatWords(entry: Scheduled): string {
  const { kind, itemCount, total, subject, date: day, templateName, folder, notices = 0, step } = entry;
  if (kind === 'cart') {
    const articles =
      itemCount === undefined
        ? undefined
        : count(itemCount, { it: 'articolo', en: 'article' }, { it: 'articoli', en: 'articles' });
    return [laterStepWords(step), articles, total && money(total)].filter(Boolean).join(', ');
  }
  if (kind === 'digest') {
    const collected = count(notices, { it: 'avviso', en: 'notice' }, { it: 'avvisi', en: 'notices' });
    return [folder, collected].filter(Boolean).join(', ');
  }
  if (kind === 'reminder') return [subject, day && whenWords(day)].filter(Boolean).join(', ');
  return templateName ?? '';
}

function money({ amount, currency }: NonNullable<Scheduled['total']>): string {
  try {
    return Number(amount).toLocaleString(language.value, { style: 'currency', currency });
  } catch {
    return `${number(Number(amount))} ${currency}`;
  }
}

/** A moment, or a whole day, which is the same everywhere. */
function whenWords(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? dayWords(text) : dateTime(text);
}
