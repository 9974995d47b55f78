/** A bot that exists: its token, or the whole message in which @BotFather gave it. */
import { useRef, useState } from 'preact/hooks';
import { Problem } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Field } from '../ui/field.tsx';
import { OutLink } from '../ui/link.tsx';
import type { BotSite } from './bot-site.ts';
import { findToken } from './found-token.ts';
import { ReplaceBot } from './replace-bot.tsx';

const NO_TOKEN: Sentence = {
  it: 'Qui non c’è il token di un bot, o ce n’è più di uno. Copiare il messaggio di @BotFather per intero: il token è fatto di numeri, due punti e lettere, come 123456:ABC-DEF…',
  en: 'There is no token of a bot here, or there is more than one. Copy the whole message of @BotFather: the token is made of digits, a colon and letters, such as 123456:ABC-DEF…',
};

/** Somebody else has the bot. */
const TAKEN: Record<string, { title: Sentence; consequence: Sentence }> = {
  'bot-of-another-site': {
    title: { it: 'Il bot è di un altro negozio', en: 'The bot belongs to another shop' },
    consequence: {
      it: 'Se lo prendete qui, quel negozio non invia più nulla con questo bot, e chi si era collegato là non riceve più i suoi avvisi. Se invece gli serve, salvare qui un altro bot.',
      en: 'If you take it over, that shop sends nothing more with this bot, and whoever was linked there gets no more of its messages. If it needs the bot, save another one here.',
    },
  },
  'webhook-of-another-program': {
    title: { it: 'Il bot è usato da un altro programma', en: 'Another program uses the bot' },
    consequence: {
      it: 'Se lo prendete qui, quel programma non riceve più quello che le persone scrivono al bot, e smette di funzionare. Se invece serve ancora, salvare qui un altro bot.',
      en: 'If you take it over, that program gets nothing more of what people write to the bot, and stops working. If it is still needed, save another bot here.',
    },
  },
};

interface PasteProps {
  site: BotSite;
  siteId: string;
  onSaved: () => void;
}

export function Paste({ site, siteId, onSaved }: PasteProps) {
  const [text, setText] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const [conflict, setConflict] = useState<Problem>();
  const [isReplacing, setIsReplacing] = useState(false);
  const { isBusy, error, run, fail } = useAction();
  const { announce } = useScreen();
  const area = useRef<HTMLTextAreaElement>(null);
  const found = findToken(text);
  // The digits before the colon are the id of the bot.
  const isOther = site.bot !== undefined && found !== undefined && !found.token.startsWith(`${site.bot.id}:`);

  const save = (takeOver: boolean) =>
    void run(async () => {
      setConflict(undefined);
      setIsReplacing(false);
      if (!found) {
        setIsMissing(true);
        area.current?.focus();
        return;
      }
      try {
        await siteRequest(siteId, 'PUT', '/bot', { body: { ...found, ...(takeOver && { takeOver }) } });
      } catch (cause) {
        if (!(cause instanceof Problem) || !TAKEN[cause.code]) throw cause;
        setConflict(cause);
        return;
      }
      // No secret stays on the screen.
      setText('');
      announce(say({ it: 'Il bot è salvato.', en: 'The bot is saved.' }));
      onSaved();
    });

  const [fieldError] = error instanceof Problem ? error.errors : [];
  const taken = conflict && TAKEN[conflict.code];
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isOther) setIsReplacing(true);
        else save(false);
      }}
    >
      <ol class="steps">
        <li>
          {say({ it: 'In Telegram aprire ', en: 'In Telegram, open ' })}
          <OutLink href="https://t.me/BotFather">@BotFather</OutLink>
          {say({
            it: ' e mandare /newbot per un bot nuovo, o /token per uno che c’è già.',
            en: ' and send /newbot for a new bot, or /token for one that you have.',
          })}
        </li>
        <li>
          {say({
            it: 'Copiare tutto il messaggio con cui risponde, e incollarlo qui.',
            en: 'Copy the whole message that it answers with, and paste it here.',
          })}
        </li>
      </ol>
      <Field
        label={say({
          it: 'Messaggio di @BotFather, o solo il token',
          en: 'Message of @BotFather, or the token alone',
        })}
        error={fieldError ? fieldError.detail : isMissing && !found ? say(NO_TOKEN) : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            ref={area}
            class="input"
            dir="auto"
            rows={4}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              // It was about what stood there before.
              if (fieldError) fail(undefined);
            }}
          />
        )}
      </Field>
      <p role="status" class="found">
        {found &&
          !fieldError &&
          (found.username
            ? say({
                it: `Trovato il token di @${found.username}.`,
                en: `The token of @${found.username} was found.`,
              })
            : say({ it: 'Trovato il token.', en: 'The token was found.' }))}
      </p>
      {error !== undefined && !fieldError && <Failure error={error} />}
      <div>
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {say({ it: 'Salva il bot', en: 'Save the bot' })}
        </Button>
      </div>
      {isReplacing && site.bot && (
        <ReplaceBot
          former={site.bot.username}
          advice={say({
            it: 'Se serve solo un token nuovo per lo stesso bot, chiederlo a @BotFather con /token.',
            en: 'If all you need is a new token for the same bot, ask @BotFather for it with /token.',
          })}
          action={say({ it: 'Usa l’altro bot', en: 'Use the other bot' })}
          isBusy={isBusy}
          onReplace={() => save(false)}
          onClose={() => setIsReplacing(false)}
        />
      )}
      {conflict && taken && (
        <Dialog title={say(taken.title)} onClose={() => setConflict(undefined)}>
          <p>{say(taken.consequence)}</p>
          <div class="buttons">
            <Button kind="danger" isBusy={isBusy} onClick={() => save(true)}>
              {say({ it: 'Prendi il bot qui', en: 'Take the bot over' })}
            </Button>
            <Button onClick={() => setConflict(undefined)}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
          </div>
        </Dialog>
      )}
    </form>
  );
}
