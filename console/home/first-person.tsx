/** The first person: the merchant's own phone. */
import { useState } from 'preact/hooks';
import type { LinkToken, User } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { linkTo } from '../router.ts';
import type { SiteScreenProps } from '../screens/props.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { OutLink } from '../ui/link.tsx';
import { usePolling } from '../ui/poll.ts';
import { QrCode } from '../ui/qr.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** The merchant as a person of their own shop, to try things out. */
export const TEST_PERSON = 'prova-console';

export function FirstPerson({ site, siteId, onLinked }: SiteScreenProps & { onLinked: () => void }) {
  const [name, setName] = useState('');
  const [link, setLink] = useState<LinkToken>();
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  usePolling(async (signal) => {
    const { value } = await siteRequest<User>(siteId, 'GET', `/users/${TEST_PERSON}`, { signal });
    if (!value.linked) return;
    setLink(undefined);
    announce(say({ it: 'Il telefono è collegato.', en: 'The phone is linked.' }));
    onLinked();
  }, link !== undefined);

  async function makeLink(): Promise<void> {
    const firstName = name.trim();
    const body = { language: site.defaultLanguage, ...(firstName && { firstName }) };
    const path = `/users/${TEST_PERSON}/link`;
    setLink((await siteRequest<LinkToken>(siteId, 'POST', path, { body })).value);
  }

  if (!site.bot)
    return (
      <p>
        {say({ it: 'Prima serve il bot: ', en: 'The bot comes first: ' })}
        <a href={linkTo(siteId, ['bot'])}>{say({ it: 'vai al bot', en: 'go to the bot' })}</a>.
      </p>
    );
  return (
    <div class="stack">
      <p>
        {say({
          it: 'Per provare, collegate il vostro telefono: viene aggiunta una persona di prova del negozio, che riceve solo quello che le mandate voi. I vostri clienti si collegano poi dal sito, dal loro profilo.',
          en: 'To try it out, link your own phone: a test person is added to the shop, who gets only what you send them. Your customers link later on the site, in their profile.',
        })}
      </p>
      {link ? (
        <div class="scan">
          <QrCode
            svg={link.qr}
            words={{
              it: 'Codice QR da inquadrare con il telefono: apre il bot del negozio',
              en: 'QR code to scan with the phone: it opens the bot of the shop',
            }}
          />
          <div class="stack">
            <ol class="steps">
              <li>
                {say({
                  it: 'Inquadrare il codice con la fotocamera del telefono.',
                  en: 'Scan the code with the camera of the phone.',
                })}
              </li>
              <li>
                {say({
                  it: 'In Telegram premere «Avvia».',
                  en: 'In Telegram, press “Start”.',
                })}
              </li>
            </ol>
            <div>
              <OutLink href={link.url} isButton>
                {say({ it: 'Apri Telegram qui', en: 'Open Telegram here' })}
              </OutLink>
            </div>
            <Waiting
              words={say({
                it: 'In attesa del telefono: la pagina va avanti da sola.',
                en: 'Waiting for the phone: the page goes on by itself.',
              })}
            />
            <p class="muted">
              {say({ it: 'Il codice vale fino al ', en: 'The code is valid until ' })}
              {dateTime(link.expiresAt)}.
            </p>
          </div>
        </div>
      ) : (
        <form
          class="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void run(makeLink);
          }}
        >
          <TextField
            label={say({ it: 'Il vostro nome (facoltativo)', en: 'Your first name (optional)' })}
            hint={say({
              it: 'Così nei messaggi di prova si legge come verrà ai clienti.',
              en: 'So that the test messages read as they will for customers.',
            })}
            value={name}
            onInput={setName}
          />
          <div>
            <Button type="submit" kind="primary" isBusy={isBusy}>
              {say({ it: 'Mostra il codice QR', en: 'Show the QR code' })}
            </Button>
          </div>
        </form>
      )}
      {error !== undefined && <Failure error={error} />}
    </div>
  );
}
