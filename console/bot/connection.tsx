/** Whether the bot works, in words. */
import { useEffect, useState } from 'preact/hooks';
import type { BotTest } from '../../clients/typescript/client.ts';
import { forPeople } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { Icon } from '../shell/icon.tsx';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

const CHECKS: Record<BotTest['checks'][number]['check'], Sentence> = {
  token: { it: 'Il token', en: 'The token' },
  username: { it: 'Il nome utente', en: 'The username' },
  webhook: { it: 'Quello che le persone scrivono al bot', en: 'What people write to the bot' },
  updates: { it: 'La consegna', en: 'The delivery' },
};

const STATES: Record<BotTest['checks'][number]['status'], Sentence> = {
  works: { it: 'Funziona', en: 'Works' },
  broken: { it: 'Non funziona', en: 'Does not work' },
  'not-checked': { it: 'Non verificato', en: 'Not checked' },
};

interface ConnectionProps {
  siteId: string;
  /** A new bot was saved: it is tested at once. */
  turn: number;
  /** What was at fault may be repaired now. */
  onTested: () => void;
}

export function Connection({ siteId, turn, onTested }: ConnectionProps) {
  const [test, setTest] = useState<BotTest>();
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const start = () =>
    void run(async () => {
      // What was found before holds no more, whatever comes of this.
      setTest(undefined);
      const { value } = await siteRequest<BotTest>(siteId, 'POST', '/bot/test');
      setTest(value);
      announce(say(value.works ? ALL_WORKS : NOT_ALL_WORKS));
      onTested();
    });
  useEffect(() => {
    if (turn > 0) start();
  }, [turn]);
  return (
    <section class="card">
      <h2>{say({ it: 'Prova del collegamento', en: 'Test of the connection' })}</h2>
      <p>
        {say({
          it: 'Controlla che Telegram accetti il bot e che quello che le persone gli scrivono arrivi. Quello che si può sistemare si sistema da solo.',
          en: 'Sees whether Telegram accepts the bot, and whether what people write to it arrives. What can be mended is mended by itself.',
        })}
      </p>
      {/* Above what it finds, which comes later. */}
      <div>
        <Button isBusy={isBusy} onClick={start}>
          {say({ it: 'Prova il collegamento', en: 'Test the connection' })}
        </Button>
      </div>
      {test && (
        <>
          <Banner kind={test.works ? 'good' : 'bad'}>
            <p>
              <strong>{say(test.works ? ALL_WORKS : NOT_ALL_WORKS)}</strong>
            </p>
          </Banner>
          <ul class="checks">
            {test.checks.map(({ check, status, detail, nextStep }) => (
              <li key={check} class={`check-line ${status}`}>
                <span class="check-mark">
                  <Icon name={status === 'works' ? 'good' : 'bad'} />
                </span>
                <div>
                  <h3>
                    {say(CHECKS[check])}
                    <span class="visually-hidden">: {say(STATES[status])}</span>
                  </h3>
                  <p dir="auto">{forPeople(detail)}</p>
                  {nextStep && (
                    <p dir="auto">
                      <strong>{say({ it: 'Che cosa fare: ', en: 'What to do: ' })}</strong>
                      {forPeople(nextStep)}
                    </p>
                  )}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {isBusy && <Waiting words={say({ it: 'Prova in corso …', en: 'Testing …' })} />}
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}

const ALL_WORKS: Sentence = { it: 'Tutto funziona.', en: 'All works.' };
const NOT_ALL_WORKS: Sentence = { it: 'Qualcosa non funziona.', en: 'Something does not work.' };
