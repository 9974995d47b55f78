/** Asks before the shop gets another bot: nobody who is linked gets anything from that one before they open it. */
import { say } from '../i18n/language.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface ReplaceBotProps {
  /** The username of the bot that the shop has. */
  former: string;
  /** What to do where no other bot is meant. */
  advice: string;
  action: string;
  isBusy?: boolean;
  onReplace: () => void;
  onClose: () => void;
}

export function ReplaceBot({ former, advice, action, isBusy, onReplace, onClose }: ReplaceBotProps) {
  return (
    <Dialog
      title={say({ it: 'Sostituire il bot del negozio?', en: 'Replace the bot of the shop?' })}
      onClose={onClose}
    >
      <p>
        {say({
          it: `Con un altro bot, tutte le persone collegate a @${former} devono aprire quello nuovo e premere «Avvia» prima di ricevere ancora messaggi.`,
          en: `With another bot, everybody who is linked to @${former} has to open the new one and press “Start” before they get messages again.`,
        })}{' '}
        {advice}
      </p>
      <div class="buttons">
        <Button kind="danger" isBusy={isBusy} onClick={onReplace}>
          {action}
        </Button>
        <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
      </div>
    </Dialog>
  );
}
