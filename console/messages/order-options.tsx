/** How an order is shown: in one message that is updated, and for which statuses the phone rings; its articles as a table. */
import { say } from '../i18n/language.ts';
import { Check } from '../ui/field.tsx';
import { comparableStatus, type Draft } from './draft.ts';

interface OrderProps {
  draft: Draft;
  error: string | undefined;
  onChange: (change: Partial<Draft>) => void;
}

export function OneMessage({ draft, error, onChange }: OrderProps) {
  const { card, newMessageFor, statuses } = draft;
  const rings = (status: string) =>
    newMessageFor.some((each) => comparableStatus(each) === comparableStatus(status));
  const change = (status: string, isRinging: boolean) => {
    const others = newMessageFor.filter((each) => comparableStatus(each) !== comparableStatus(status));
    onChange({ newMessageFor: isRinging ? [...others, status] : others });
  };
  return (
    <div class="field" data-place="card">
      <Check
        label={say({
          it: 'Un solo messaggio per ordine, che si aggiorna',
          en: 'One message for an order, which is updated',
        })}
        checked={card}
        onChange={(isOne) => onChange({ card: isOne })}
      />
      <p class="hint">
        {say({
          it: 'Quando l’ordine cambia stato, cambia il testo del messaggio che è già nella chat, senza suono. Se è spento, ogni stato è un messaggio nuovo.',
          en: 'When the status of the order changes, the text of the message that is in the chat changes, without a sound. If this is off, each status is a new message.',
        })}
      </p>
      {card && (
        <fieldset class="field-group">
          <legend>{say({ it: 'Il telefono suona per', en: 'The phone rings for' })}</legend>
          <p class="hint">
            {say({
              it: 'Per gli stati scelti arriva un messaggio nuovo al posto di quello di prima. Il primo messaggio di un ordine suona sempre.',
              en: 'For the chosen statuses a new message comes in place of the former one. The first message of an order always rings.',
            })}
          </p>
          {statuses.map((status) => (
            <Check
              key={status}
              label={<span dir="auto">{status}</span>}
              checked={rings(status)}
              onChange={(isRinging) => change(status, isRinging)}
            />
          ))}
          {statuses.length === 0 && (
            <p class="muted">
              {say({ it: 'Scegliere prima gli stati dell’ordine.', en: 'Choose the order statuses first.' })}
            </p>
          )}
        </fieldset>
      )}
      {error && (
        <p class="error" dir="auto">
          {error}
        </p>
      )}
    </div>
  );
}

export function ArticleTable({ draft, error, onChange }: OrderProps) {
  return (
    <div class="field" data-place="rich">
      <Check
        label={say({
          it: 'Articoli in una tabella, con le foto e il totale',
          en: 'Articles in a table, with their pictures and the total',
        })}
        checked={draft.rich}
        onChange={(rich) => onChange({ rich })}
      />
      <p class="hint">
        {say({
          it: 'Solo se Passweb manda gli articoli con l’ordine. La tabella prende il posto dell’elenco nel testo. Le versioni più vecchie di Telegram mostrano solo un avviso: per questo è una scelta. L’anteprima mostra il messaggio senza tabella; “Invia una prova” la mostra, senza foto.',
          en: 'Only if Passweb sends the articles with the order. The table takes the place of the list in the text. Older versions of Telegram only show a notice, so this is your choice. The preview shows the message without the table; “Send a test” shows it, without pictures.',
        })}
      </p>
      {error && (
        <p class="error" dir="auto">
          {error}
        </p>
      )}
    </div>
  );
}
