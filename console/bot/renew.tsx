/** Another token for a bot that was made here. */
import { useState } from 'preact/hooks';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';

export function Renew({ siteId, onRenewed }: { siteId: string; onRenewed: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const renew = () =>
    void run(async () => {
      setIsAsking(false);
      await siteRequest(siteId, 'POST', '/bot/renew', { body: {} });
      announce(say({ it: 'Il token è nuovo.', en: 'The token is new.' }));
      onRenewed();
    });
  return (
    <div class="stack">
      <h3>{say({ it: 'Il token del bot', en: 'The token of the bot' })}</h3>
      <p>
        {say({
          it: 'È la sua password. Se qualcuno potrebbe averlo visto, rinnovarlo: quello vecchio non vale più da subito. Persone e messaggi restano.',
          en: 'It is its password. If somebody may have seen it, renew it: the old one is good for nothing at once. People and messages stay.',
        })}
      </p>
      <div>
        <Button isBusy={isBusy} onClick={() => setIsAsking(true)}>
          {say({ it: 'Rinnova il token', en: 'Renew the token' })}
        </Button>
      </div>
      {error !== undefined && <Failure error={error} />}
      {isAsking && (
        <Dialog
          title={say({ it: 'Rinnovare il token del bot?', en: 'Renew the token of the bot?' })}
          onClose={() => setIsAsking(false)}
        >
          <p>
            {say({
              it: 'Se il token di adesso è usato anche da un altro programma, quello smette di funzionare. Qui tutto continua.',
              en: 'If another program uses the present token too, that one stops working. Here all goes on.',
            })}
          </p>
          <div class="buttons">
            <Button kind="danger" onClick={renew}>
              {say({ it: 'Rinnova', en: 'Renew' })}
            </Button>
            <Button onClick={() => setIsAsking(false)}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
