/** The first message: a test to somebody who is linked. */
import { useState } from 'preact/hooks';
import type { Delivery, ListedPerson, People, Templates, TestSent } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { linkTo } from '../router.ts';
import type { SiteScreenProps } from '../screens/props.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Choice } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { usePolling } from '../ui/poll.ts';
import { Waiting } from '../ui/waiting.tsx';
import { TEST_PERSON } from './first-person.tsx';

interface FirstMessageProps extends SiteScreenProps {
  /** How many people are linked. */
  linked: number;
  onSent: () => void;
}

export function FirstMessage({ siteId, linked, onSent }: FirstMessageProps) {
  const { value: people, error: notRead } = useLoaded(
    (signal) => readLinked(siteId, signal),
    [siteId, linked],
  );
  const [chosen, setChosen] = useState<string>();
  const [deliveryId, setDeliveryId] = useState<string>();
  const [outcome, setOutcome] = useState<Delivery>();
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  usePolling(async (signal) => {
    const path = `/deliveries/${deliveryId}`;
    const { value } = await siteRequest<Delivery>(siteId, 'GET', path, { signal });
    if (!['sent', 'failed', 'skipped'].includes(value.status)) return;
    setDeliveryId(undefined);
    setOutcome(value);
    announce(say(value.message));
    if (value.status === 'sent') onSent();
  }, deliveryId !== undefined);

  if (notRead !== undefined) return <Failure error={notRead} />;
  if (!people) return <Waiting />;
  const person = people.find(({ userId }) => userId === chosen) ?? people[0];
  if (!person)
    return (
      <p>
        {say({
          it: 'Prima serve qualcuno che lo riceva: fare il passo qui sopra.',
          en: 'Somebody has to get it first: take the step above.',
        })}
      </p>
    );

  async function send({ userId }: ListedPerson): Promise<void> {
    setOutcome(undefined);
    const templateId = await firstTemplate(siteId);
    const path = `/templates/${encodeURIComponent(templateId)}/test`;
    const { value } = await siteRequest<TestSent>(siteId, 'POST', path, { body: { userId } });
    setDeliveryId(value.deliveryId);
  }

  return (
    <div class="stack">
      <p>
        {say({
          it: 'Arriva un messaggio come quello di un ordine, con dati d’esempio.',
          en: 'A message comes like that of an order, with sample data.',
        })}{' '}
        <a href={linkTo(siteId, ['messages'])}>
          {say({ it: 'Provarne un altro dai messaggi', en: 'Try another one, from the messages' })}
        </a>
      </p>
      <Choice
        label={say({ it: 'A chi', en: 'To whom' })}
        value={person.userId}
        options={people.map((each) => ({ value: each.userId, label: labelOf(each) }))}
        onChange={setChosen}
      />
      <div>
        <Button
          kind="primary"
          isBusy={isBusy || deliveryId !== undefined}
          onClick={() => void run(() => send(person))}
        >
          {say({ it: 'Invia una prova', en: 'Send a test' })}
        </Button>
      </div>
      {deliveryId !== undefined && (
        <Waiting words={say({ it: 'Sta partendo …', en: 'It is on its way …' })} />
      )}
      {outcome && (
        <Banner kind={outcome.status === 'sent' ? 'good' : 'bad'}>
          <p>{say(outcome.message)}</p>
        </Banner>
      )}
      {error !== undefined && <Failure error={error} />}
    </div>
  );
}

/** Whoever was linked to try things out comes first. */
async function readLinked(siteId: string, signal: AbortSignal): Promise<ListedPerson[]> {
  const { value } = await siteRequest<People>(siteId, 'GET', '/users?state=linked&limit=50', { signal });
  return value.users.toSorted((a, b) => Number(b.userId === TEST_PERSON) - Number(a.userId === TEST_PERSON));
}

function labelOf({ userId, firstName, lastName, companyName }: ListedPerson): string {
  const name = [firstName, lastName].filter(Boolean).join(' ') || companyName;
  if (userId === TEST_PERSON)
    return `${name ? `${name} – ` : ''}${say({ it: 'il vostro telefono', en: 'your phone' })}`;
  return name ? `${name} (${userId})` : userId;
}

async function firstTemplate(siteId: string): Promise<string> {
  const { templates } = (await siteRequest<Templates>(siteId, 'GET', '/templates')).value;
  const isFit = templates.filter(({ event, enabled }) => enabled && event !== 'welcome');
  const [template] = [...isFit.filter(({ event }) => event === 'order-status'), ...isFit, ...templates];
  if (!template) throw new Error('There is no message to try.');
  return template.id;
}
